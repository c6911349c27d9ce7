"""Which times of an incident were said or corrected by people, and why."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import events
from evenfall.incidents.logic.stamps import WORDS, Stamp
from evenfall.platform import journal


class Correction(Struct, frozen=True, kw_only=True):
    """`before` and `after` are aware UTC, None where the time was, or is, not known."""

    at: datetime
    who: str
    stamp: Stamp
    label: str
    before: datetime | None
    after: datetime | None
    why: str


def corrections(incident_id: int) -> Sequence[Correction]:
    """Return them newest first, from the journal; two queries."""
    kinds = [events.StampCorrected.kind]
    entries = journal.recent(subject=f"incident:{incident_id}", kinds=kinds)
    names = identity_queries.actor_names({entry.actor for entry in entries})
    return [
        Correction(
            at=entry.at,
            who=names.get(entry.actor, entry.actor),
            stamp=Stamp(entry.data["stamp"]),
            label=WORDS[Stamp(entry.data["stamp"])],
            before=_moment(entry.data["before"]),
            after=_moment(entry.data["after"]),
            why=entry.data["why"],
        )
        for entry in entries
    ]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
