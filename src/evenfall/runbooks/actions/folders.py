"""Importing a folder of Markdown files and keeping in step with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.events import publish
from evenfall.runbooks import errors, events
from evenfall.runbooks.actions import linking, writing
from evenfall.runbooks.actions.writing import RunbookWish
from evenfall.runbooks.logic import documents
from evenfall.runbooks.logic.keeping import Planned, Step
from evenfall.runbooks.models import Folder, Runbook, Source
from evenfall.runbooks.ports import Owner
from evenfall.runbooks.queries.folders import planned, step_counts, told


@transaction.atomic
def receive_folder(*, name: str, team_id: int, body: bytes, now: datetime, actor: str) -> int:
    """Read a zip of Markdown files; return the id of the upload. No runbook changes yet.

    The same name again is the same folder, seen later. Raises `FolderUnreadable` with the path,
    `RunbookUnclear` where another team has a folder of this name, `TeamNotFound`.
    """
    name = " ".join(name.replace("\0", "").split())[:120]
    if not name:
        raise errors.RunbookUnclear(field="name", reason="Give the folder a name.")
    identity_queries.team(team_id)
    try:
        read = documents.unpack(body)
    except documents.UnreadableFolder as error:
        raise errors.FolderUnreadable(where=error.where, why=error.why, field="file") from error
    source, _ = Source.objects.get_or_create(
        name=name, defaults={"owner_team_id": team_id, "created_at": now}
    )
    if source.owner_team_id != team_id:
        reason = "Another team has a folder of this name. Choose that team or another name."
        raise errors.RunbookUnclear(field="name", reason=reason)
    # an upload that nobody imported is forgotten with the next one
    Folder.objects.filter(source=source, imported_at=None).delete()
    row = Folder.objects.create(
        source=source, documents=documents.to_json(read), uploaded_by=actor, uploaded_at=now
    )
    return row.pk


@transaction.atomic
def import_folder(*, folder_id: int, viewer: Viewer, archives: bool, now: datetime) -> None:
    """Do what the report of this upload says; it is worked out anew, for things may have changed.

    With `archives` runbooks that are not in the folder any more are archived. An owner that a
    file names is taken where the viewer may write for that owner. Raises `FolderNotFound`,
    `FolderDone`.
    """
    row = Folder.objects.select_for_update().filter(id=folder_id).first()
    if row is None:
        raise errors.FolderNotFound(upload_id=folder_id)
    if row.imported_at is not None:
        raise errors.FolderDone
    # two imports of one folder go one after the other
    source = Source.objects.select_for_update().get(id=row.source_id)
    steps = planned(row)
    report = [_do(one, source, viewer, archives=archives, now=now) for one in steps]
    row.report, row.documents, row.imported_at = report, None, now
    row.save(update_fields=["report", "documents", "imported_at"])
    source.imported_at = now
    source.save(update_fields=["imported_at"])
    publish(_imported(source, report, archives=archives, now=now, actor=viewer.actor))


def _do(
    one: Planned, source: Source, viewer: Viewer, *, archives: bool, now: datetime
) -> dict[str, Any]:
    line = told(one)
    if one.step is Step.REMOVED and one.known:
        if archives:
            writing.archive_runbook(runbook_id=one.known.runbook_id, now=now, actor=viewer.actor)
        return {**line, "why": "Archived." if archives else "Kept."}
    if one.step is Step.ADDED:
        return {**line, **_add(one, source, viewer, now=now)}
    if one.step is Step.CHANGED:
        _change(one, viewer, now=now)
    return line


def _add(one: Planned, source: Source, viewer: Viewer, *, now: datetime) -> dict[str, Any]:
    document = one.document
    assert document is not None  # noqa: S101 - what is added comes from a file
    owner = _owner(document.owner, source, viewer)
    wish = RunbookWish(
        title=one.title,
        text=one.text,
        tags=one.tags,
        owner=owner,
        summary=f"Imported from {source.name}",
    )
    runbook_id = writing.create_runbook(wish=wish, now=now, actor=viewer.actor)
    rows = Runbook.objects.filter(id=runbook_id)
    rows.update(source=source, source_path=one.path, source_number=1, source_text=one.text)
    why = _link(runbook_id, document.services, now=now, actor=viewer.actor)
    return {"slug": rows.values_list("slug", flat=True).get(), "why": why}


def _change(one: Planned, viewer: Viewer, *, now: datetime) -> None:
    known, document = one.known, one.document
    assert known is not None and document is not None  # noqa: S101, PT018 - changed by a file
    row = writing.locked(known.runbook_id)
    if known.is_archived:
        writing.restore_runbook(runbook_id=row.pk, now=now, actor=viewer.actor)
    wish = RunbookWish(
        title=one.title,
        text=one.text,
        tags=one.tags,
        owner=Owner(team_id=row.owner_team_id, user_id=row.owner_user_id),
        summary="Changed in its folder",
    )
    number = writing.save_runbook(
        runbook_id=row.pk, base=row.number, wish=wish, now=now, actor=viewer.actor
    )
    rows = Runbook.objects.filter(id=row.pk)
    rows.update(source_number=number, source_text=document.text)


def _owner(said: str, source: Source, viewer: Viewer) -> Owner:
    team = next((one for one in identity_queries.teams() if one.slug == said.lower()), None)
    if team and viewer.can(Permission.RESPOND, team_id=team.id):
        return Owner(team_id=team.id)
    person = identity_queries.person_by_email(said) if "@" in said else None
    if person and person.is_active and viewer.can(Permission.RESPOND):
        return Owner(user_id=person.id)
    return Owner(team_id=source.owner_team_id)


def _link(runbook_id: int, slugs: Sequence[str], *, now: datetime, actor: str) -> str:
    """Tie to the services that are known; say which are not."""
    if not slugs:
        return ""
    found = catalog_queries.services_named(ids=(), slugs=slugs)
    linking.set_links(
        runbook_id=runbook_id, service_ids=list(found), alerts=(), now=now, actor=actor
    )
    unknown = sorted(set(slugs) - {one.slug for one in found.values()})
    return f"Not known here: {', '.join(unknown)}." if unknown else ""


def _imported(
    source: Source,
    report: Sequence[dict[str, Any]],
    *,
    archives: bool,
    now: datetime,
    actor: str,
) -> events.FolderImported:
    counts = step_counts(report)
    return events.FolderImported(
        source_id=source.pk,
        name=source.name,
        added=counts[Step.ADDED],
        changed=counts[Step.CHANGED],
        unchanged=counts[Step.UNCHANGED],
        archived=counts[Step.REMOVED] if archives else 0,
        clashes=counts[Step.CLASH],
        at=now,
        actor=actor,
    )
