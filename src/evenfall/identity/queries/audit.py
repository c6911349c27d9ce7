"""The audit: who changed what and when, read from the journal."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from evenfall.identity import ports
from evenfall.identity.queries.viewers import actor_names
from evenfall.platform import journal
from evenfall.platform.events import known_kinds

PAGE = 50
_EXPORT_STEP = 1000


class AuditFilter(Struct, frozen=True, kw_only=True):
    """What to look for; None or empty is everything. Times are UTC and half-open."""

    actor: str = ""
    domain: str = ""
    """The first part of an event's kind: "oncall" for "oncall.rota_changed"."""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditLine(Struct, frozen=True, kw_only=True):
    """One change; `fields` are (name, before, after)."""

    id: int
    at: datetime
    kind: str
    actor: str
    actor_name: str
    subjects: tuple[str, ...]
    fields: tuple[tuple[str, Any, Any], ...]
    data: dict[str, Any]

    @property
    def title(self) -> str:
        return self.kind.partition(".")[2].replace("_", " ").capitalize()


def audited_kinds(domain: str = "") -> list[str]:
    """The kinds of events that say what was before and after: changes made by somebody."""
    return sorted(
        kind
        for kind, event in known_kinds().items()
        if {"before", "after"} <= {*event.__struct_fields__}
        and (not domain or kind.partition(".")[0] == domain)
    )


def audited_domains() -> list[str]:
    return sorted({kind.partition(".")[0] for kind in audited_kinds()})


def audit(
    wanted: AuditFilter, *, before_id: int | None = None, limit: int = PAGE
) -> tuple[list[AuditLine], int | None]:
    """A page of changes, newest first, and the `before_id` of the next page or None."""
    entries = journal.recent(
        kinds=audited_kinds(wanted.domain),
        without=ports.hidden_subjects(),
        actor=wanted.actor or None,
        subject=wanted.subject or None,
        since=wanted.since,
        until=wanted.until,
        before_id=before_id,
        limit=limit + 1,
    )
    shown = entries[:limit]
    following = shown[-1].id if len(entries) > limit else None
    return _lines(shown), following


def whole_audit(wanted: AuditFilter) -> Iterator[AuditLine]:
    """All changes that match, newest first, read in steps: for exports of any size."""
    before_id: int | None = None
    while True:
        lines, before_id = audit(wanted, before_id=before_id, limit=_EXPORT_STEP)
        yield from lines
        if before_id is None:
            return


def audit_record(line: AuditLine) -> dict[str, Any]:
    """One line as it is exported: the whole event, not only what differs."""
    return {name: value for name, value in asdict(line).items() if name != "fields"}


def _lines(entries: Sequence[journal.Entry]) -> list[AuditLine]:
    names = actor_names({entry.actor for entry in entries})
    return [
        AuditLine(
            id=entry.id,
            at=entry.at,
            kind=entry.kind,
            actor=entry.actor,
            actor_name=names.get(entry.actor, entry.actor),
            subjects=entry.subjects,
            fields=_fields(entry.data),
            data=entry.data,
        )
        for entry in entries
    ]


def _fields(data: dict[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    changed = journal.changed_fields(_side(data.get("before")), _side(data.get("after")))
    return tuple((name, old, new) for name, (old, new) in changed.items())


def _side(said: object) -> dict[str, Any]:
    """What was before or after, by field; a fact about one field says only its value."""
    if isinstance(said, dict):
        return said
    return {} if said is None else {"value": said}
