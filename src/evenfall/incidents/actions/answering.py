"""Incidents follow what people answered to their pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.incidents import events
from evenfall.incidents.actions import moving, sources
from evenfall.incidents.actions.moving import By
from evenfall.incidents.models import Incident
from evenfall.paging import events as paging_events
from evenfall.platform.events import Event


class PageWord(Struct, frozen=True, kw_only=True):
    """One answer, as far as the incident cares; `kind` is the kind of the fact."""

    incident_id: int
    kind: str
    by: By
    actionable: bool = True


def follow_answers(*, words: Sequence[PageWord], now: datetime) -> None:
    """Move each incident as its page moved; a batch in a fixed number of statements.

    An answer older than the state of the incident is late news and changes nothing: the person
    acted on the incident itself meanwhile. Locks the incidents.
    """
    if not words:
        return
    with transaction.atomic():
        incidents = {row.pk: row for row in moving.lock_many({word.incident_id for word in words})}
        facts = [fact for word in words for fact in _follow(incidents.get(word.incident_id), word)]
        moving.save(list(incidents.values()), facts, now=now)
        marked = [f.incident_id for f in facts if isinstance(f, events.MarkedNotActionable)]
        if marked:
            Incident.objects.filter(id__in=marked).update(not_actionable=True)
        for fact in facts:
            if isinstance(fact, events.IncidentResolved):
                sources.end_alerts([fact.incident_id], By(actor=fact.actor, at=fact.at))


def _follow(incident: Incident | None, word: PageWord) -> Sequence[Event]:
    if incident is None or word.by.at < incident.state_at:
        return []
    return _MOVES[word.kind](incident, word)


def _resolve(incident: Incident, word: PageWord) -> list[Event]:
    facts = moving.resolve(incident, word.by)
    if facts and not word.actionable and not incident.not_actionable:
        incident.not_actionable = True
        facts.append(events.MarkedNotActionable(**moving.about(incident, word.by)))
    return facts


def _alarm(why: str) -> Callable[[Incident, PageWord], list[Event]]:
    return lambda incident, word: moving.alarm(incident, word.by, why=why)


_MOVES: Final[Mapping[str, Callable[[Incident, PageWord], list[Event]]]] = {
    paging_events.PageAcknowledged.kind: lambda row, word: moving.acknowledge(row, word.by),
    paging_events.HelpRequested.kind: lambda row, word: moving.acknowledge(row, word.by),
    paging_events.PageMobilised.kind: lambda row, word: moving.mobilise(row, word.by),
    paging_events.PageEscalated.kind: _alarm("it was passed on"),
    paging_events.AckExpired.kind: _alarm("the acknowledgement ran out"),
    paging_events.PageHandedOn.kind: _alarm("the duty passed to somebody else"),
    paging_events.PageResolved.kind: _resolve,
}
