"""Carrying an import out: runbooks are made, changed, moved and archived as its plan says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.errors import Invalid
from evenfall.platform.events import publish
from evenfall.runbooks import errors, events
from evenfall.runbooks.actions import linking, writing
from evenfall.runbooks.actions.writing import RunbookWish
from evenfall.runbooks.logic.keeping import Planned, Step
from evenfall.runbooks.models import Runbook, Source
from evenfall.runbooks.ports import Owner
from evenfall.runbooks.queries.folders import step_counts, told

_NO_NEWS: Final = frozenset({Step.UNCHANGED, Step.CLASH})


class Course(Struct, frozen=True, kw_only=True):
    """How an import goes. `rights` are whose an owner in a file must be within; nobody's: none.

    With `archives` runbooks whose file is gone are archived. `commit` is that of a repository.
    """

    source: Source
    rights: Viewer | None
    actor: str
    archives: bool
    now: datetime
    commit: str = ""

    @property
    def origin(self) -> str:
        return f"{self.source.name}, commit {self.commit[:10]}" if self.commit else self.source.name


def carry_out(steps: Sequence[Planned], course: Course) -> list[dict[str, Any]]:
    """Do all of it and return the report; the caller holds the lock of the source.

    Raises `FolderUnreadable` with the path of a file that makes no runbook.
    """
    report = [_do(one, course) for one in steps]
    course.source.imported_at = course.now
    course.source.save(update_fields=["imported_at"])
    # a repository that waits for a decision is looked at every ten minutes: that is no news
    if not course.commit or any(one["step"] not in _NO_NEWS for one in report):
        publish(_imported(report, course))
    return report


def _do(one: Planned, course: Course) -> dict[str, Any]:
    try:
        return {**told(one), **_done(one, course)}
    except Invalid as error:
        raise errors.FolderUnreadable(where=one.path, why=error.message) from error


def _done(one: Planned, course: Course) -> dict[str, Any]:
    if one.step is Step.REMOVED and one.known:
        if course.archives:
            writing.archive_runbook(
                runbook_id=one.known.runbook_id, now=course.now, actor=course.actor
            )
        return {"why": "Archived." if course.archives else "Kept."}
    if one.step is Step.ADDED:
        return _add(one, course)
    if one.step is Step.CHANGED:
        _change(one, course)
    if one.known and one.known.path != one.path:
        Runbook.objects.filter(id=one.known.runbook_id).update(source_path=one.path)
    return {}


def _add(one: Planned, course: Course) -> dict[str, Any]:
    document = one.document
    assert document is not None  # noqa: S101 - what is added comes from a file
    wish = RunbookWish(
        title=one.title,
        text=one.text,
        tags=one.tags,
        owner=_owner(document.owner, course),
        summary=f"Imported from {course.origin}",
    )
    runbook_id = writing.create_runbook(wish=wish, now=course.now, actor=course.actor)
    rows = Runbook.objects.filter(id=runbook_id)
    rows.update(source=course.source, source_path=one.path, source_number=1, source_text=one.text)
    why = _link(runbook_id, document.services, course)
    return {"slug": rows.values_list("slug", flat=True).get(), "why": why}


def _change(one: Planned, course: Course) -> None:
    known, document = one.known, one.document
    assert known is not None and document is not None  # noqa: S101, PT018 - changed by a file
    row = writing.locked(known.runbook_id)
    if known.is_archived:
        writing.restore_runbook(runbook_id=row.pk, now=course.now, actor=course.actor)
    wish = RunbookWish(
        title=one.title,
        text=one.text,
        tags=one.tags,
        owner=Owner(team_id=row.owner_team_id, user_id=row.owner_user_id),
        summary=f"Changed in {course.origin}" if course.commit else "Changed in its folder",
    )
    number = writing.save_runbook(
        runbook_id=row.pk, base=row.number, wish=wish, now=course.now, actor=course.actor
    )
    rows = Runbook.objects.filter(id=row.pk)
    rows.update(source_number=number, source_text=document.text)


def _owner(said: str, course: Course) -> Owner:
    rights = course.rights
    if rights is None:
        return Owner(team_id=course.source.owner_team_id)
    team = next((one for one in identity_queries.teams() if one.slug == said.lower()), None)
    if team and rights.can(Permission.RESPOND, team_id=team.id):
        return Owner(team_id=team.id)
    person = identity_queries.person_by_email(said) if "@" in said else None
    if person and person.is_active and rights.can(Permission.RESPOND):
        return Owner(user_id=person.id)
    return Owner(team_id=course.source.owner_team_id)


def _link(runbook_id: int, slugs: Sequence[str], course: Course) -> str:
    """Tie to the services that are known; say which are not."""
    if not slugs:
        return ""
    found = catalog_queries.services_named(ids=(), slugs=slugs)
    linking.set_links(
        runbook_id=runbook_id,
        service_ids=list(found),
        alerts=(),
        now=course.now,
        actor=course.actor,
    )
    unknown = sorted(set(slugs) - {one.slug for one in found.values()})
    return f"Not known here: {', '.join(unknown)}." if unknown else ""


def _imported(report: Sequence[dict[str, Any]], course: Course) -> events.FolderImported:
    counts = step_counts(report)
    return events.FolderImported(
        source_id=course.source.pk,
        name=course.source.name,
        added=counts[Step.ADDED],
        changed=counts[Step.CHANGED],
        unchanged=counts[Step.UNCHANGED],
        archived=counts[Step.REMOVED] if course.archives else 0,
        clashes=counts[Step.CLASH],
        commit=course.commit,
        at=course.now,
        actor=course.actor,
    )
