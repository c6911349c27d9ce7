"""Folders that runbooks come from: what an import would do, and everything as a folder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.runbooks import errors
from evenfall.runbooks.logic import documents
from evenfall.runbooks.logic.documents import Document
from evenfall.runbooks.logic.keeping import Known, Planned, Step, plan
from evenfall.runbooks.models import Folder, Runbook, ServiceLink, Version


class FolderView(Struct, frozen=True, kw_only=True):
    """An upload. `steps` are {"step", "path", "title", "slug", "why"}: planned, or done."""

    id: int
    name: str
    team_id: int
    steps: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    uploaded_at: datetime
    imported_at: datetime | None


def folder(folder_id: int) -> FolderView:
    """Raise `FolderNotFound` when there is none."""
    row = Folder.objects.select_related("source").filter(id=folder_id).first()
    if row is None:
        raise errors.FolderNotFound(upload_id=folder_id)
    steps = row.report if row.imported_at else [told(one) for one in planned(row)]
    return FolderView(
        id=row.pk,
        name=row.source.name,
        team_id=row.source.owner_team_id,
        steps=steps,
        counts=step_counts(steps),
        uploaded_at=row.uploaded_at,
        imported_at=row.imported_at,
    )


def recent_folders(team_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The last ten uploads for these teams: id, name and times."""
    rows = Folder.objects.filter(source__owner_team_id__in=team_ids).order_by("-id")
    return [
        dict(row) for row in rows.values("id", "uploaded_at", "imported_at", "source__name")[:10]
    ]


def step_counts(steps: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many of each step; the words of all steps are there."""
    found = Counter(one["step"] for one in steps)
    return {step.value: found[step.value] for step in Step}


def planned(row: Folder) -> Sequence[Planned]:
    """What importing this upload would do now; for this domain."""
    return planned_for(row.source_id, documents.from_json(row.documents or []))


def planned_for(source_id: int, read: Sequence[Document]) -> Sequence[Planned]:
    """What importing these files into a source would do now; for this domain."""
    return plan(read, _known(source_id))


def told(one: Planned) -> dict[str, Any]:
    return {
        "step": one.step.value,
        "path": one.path,
        "title": one.title,
        "slug": one.known.slug if one.known else "",
        "why": one.why,
    }


def documents_of_all() -> list[Document]:
    """Every runbook that is not archived, as files of a folder."""
    rows = list(Runbook.objects.filter(archived_at=None).defer("search").order_by("slug"))
    teams = {team.id: team.slug for team in identity_queries.teams()}
    people = identity_queries.people({row.owner_user_id for row in rows if row.owner_user_id})
    addresses = {number: person.email for number, person in people.items()}
    slugs = _service_slugs()
    return [
        Document(
            path=f"{row.slug}.md",
            title=row.title,
            tags=tuple(row.tags),
            owner=teams.get(row.owner_team_id or 0) or addresses.get(row.owner_user_id or 0, ""),
            services=slugs.get(row.pk, ()),
            text=row.text,
        )
        for row in rows
    ]


def _service_slugs() -> dict[int, tuple[str, ...]]:
    pairs = list(ServiceLink.objects.order_by("id").values_list("runbook_id", "service_id"))
    services = catalog_queries.services({service_id for _, service_id in pairs})
    found: dict[int, tuple[str, ...]] = {}
    for runbook_id, service_id in pairs:
        found[runbook_id] = (*found.get(runbook_id, ()), services[service_id].slug)
    return found


def _known(source_id: int) -> list[Known]:
    rows = list(Runbook.objects.filter(source_id=source_id).defer("search"))
    numbers = {row.pk: row.source_number for row in rows}
    imported = {
        one.runbook_id: one
        for one in Version.objects.filter(runbook_id__in=list(numbers))
        if one.number == numbers[one.runbook_id]
    }
    return [_one(row, imported[row.pk]) for row in rows]


def _one(row: Runbook, imported: Version) -> Known:
    return Known(
        runbook_id=row.pk,
        slug=row.slug,
        path=row.source_path,
        imported_title=imported.title,
        imported_tags=tuple(imported.tags),
        imported_text=row.source_text,
        title=row.title,
        tags=tuple(row.tags),
        text=row.text,
        is_archived=row.archived_at is not None,
    )
