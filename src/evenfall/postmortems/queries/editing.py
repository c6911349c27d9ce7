"""What somebody sees who edits: the section, its history, a clash, and private hints."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.postmortems import errors
from evenfall.postmortems.logic import merging, wording
from evenfall.postmortems.logic.merging import DiffLine
from evenfall.postmortems.logic.templates import Fill
from evenfall.postmortems.logic.wording import Hint
from evenfall.postmortems.models import MutedWord, Section, SectionVersion
from evenfall.postmortems.queries.facts import responder_ids
from evenfall.postmortems.queries.postmortems import SectionView, section_view


class VersionView(Struct, frozen=True, kw_only=True):
    """One saved text; `diff` is against the version before it."""

    number: int
    author: str
    saved_at: datetime
    diff: list[DiffLine]


class Clash(Struct, frozen=True, kw_only=True):
    """Two texts from one base: `proposal` holds both, `clashes` places need a choice."""

    section: SectionView
    mine: str
    theirs_by: str
    proposal: str
    clashes: int
    diff: list[DiffLine]


def section(postmortem_id: int, section_id: int) -> SectionView:
    """Raises SectionNotFound, also for a section of another post-mortem."""
    return section_view(_row(postmortem_id, section_id))


def versions(postmortem_id: int, section_id: int, *, limit: int = 50) -> list[VersionView]:
    """The newest 50, newest first."""
    row = _row(postmortem_id, section_id)
    rows = list(row.versions.order_by("-number")[: limit + 1])
    names = identity_queries.actor_names({one.actor for one in rows})
    texts = {one.number: one.text for one in rows}
    return [
        VersionView(
            number=one.number,
            author=names.get(one.actor, one.actor),
            saved_at=one.saved_at,
            diff=merging.diff(texts.get(one.number - 1, ""), one.text),
        )
        for one in rows[:limit]
    ]


def clash(postmortem_id: int, section_id: int, *, mine: str, version: int) -> Clash:
    """What to show somebody whose save came late; an unknown version counts as empty."""
    row = _row(postmortem_id, section_id)
    base = row.versions.filter(number=version).values_list("text", flat=True).first() or ""
    merged = merging.merge(base, mine, row.text)
    last = SectionVersion.objects.filter(section=row, number=row.version).first()
    actor = last.actor if last else ""
    return Clash(
        section=section_view(row),
        mine=mine,
        theirs_by=identity_queries.actor_names({actor}).get(actor, "somebody"),
        proposal=merged.text,
        clashes=merged.clashes,
        diff=merging.diff(row.text, mine),
    )


def muted_words(user_id: int) -> frozenset[str]:
    return frozenset(MutedWord.objects.filter(user_id=user_id).values_list("word", flat=True))


def section_hints(postmortem_id: int, section_id: int, text: str, *, user_id: int) -> list[Hint]:
    """Private help with this text for its writer. Nothing is stored.

    In the section of the timeline also its holes, as the journal of the incident has them.
    """
    row = _row(postmortem_id, section_id)
    incident_id = row.postmortem.incident_id
    people = identity_queries.names(responder_ids(incident_id)).values()
    muted = muted_words(user_id)
    found = wording.hints(
        text,
        names={part for name in people for part in (name, name.split()[0])},
        is_partial=row.postmortem.severity != Sev.SEV1.value,
        about_actions="action" in row.title.casefold(),
        muted=muted,
    )
    if row.fill == Fill.TIMELINE.value and "timeline gap" not in muted:
        moments = [entry.at for entry in incidents_queries.timeline(incident_id)]
        until = incidents_queries.incident(incident_id).resolved_at
        found += wording.gaps(moments, until=until)
    return found


def action_hints(title: str, *, user_id: int) -> list[Hint]:
    """Private help with the words of an action: can somebody tell when it is done?"""
    return wording.hints(title, about_actions=True, muted=muted_words(user_id))


def factor_hints(names: Sequence[str], *, user_id: int) -> list[Hint]:
    """The same about contributing factors: several, and none that is a person."""
    muted = muted_words(user_id)
    return [*wording.hints("\n".join(names), muted=muted), *wording.one_factor(names, muted=muted)]


def _row(postmortem_id: int, section_id: int) -> Section:
    rows = Section.objects.select_related("postmortem")
    row = rows.filter(id=section_id, postmortem_id=postmortem_id).first()
    if row is None:
        raise errors.SectionNotFound(section_id=section_id)
    return row
