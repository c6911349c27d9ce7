"""Promises as the incident goes: they begin, come sooner, wait for a last word, or end with it.

What an audience was told stands: neither a lower severity nor a pause moves it later. Those come
slower from the next update on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from django.db import transaction
from msgspec import Struct, field

from evenfall.incidents.actions import moving, promising, quieting
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.promises import Outcome
from evenfall.incidents.logic.states import LIVE, State
from evenfall.incidents.models import Incident, Promise
from evenfall.incidents.queries.pacing import Pacing, pacings
from evenfall.platform.events import Event, publish
from evenfall.platform.wakeups import wake


class Turn(StrEnum):
    """What happened to an incident, as far as promises care.

    `BEGUN`: somebody says that it is one. `WORSE`, `MILDER`: its severity, or it is worked on
    again. `BACK`: it was not over. `OVER`: resolved. `GONE`: declined, or merged. `HIDDEN`: it
    became private.
    """

    BEGUN = "begun"
    WORSE = "worse"
    MILDER = "milder"
    BACK = "back"
    OVER = "over"
    GONE = "gone"
    HIDDEN = "hidden"


class Turned(Struct, frozen=True, kw_only=True):
    """One turn of one incident; `into_id` is where a merged one went."""

    incident_id: int
    turn: Turn
    by: By
    into_id: int | None = None


class _Desk(Struct):
    """Everything about the incidents of a batch, read and locked once, and what becomes of it."""

    incidents: Mapping[int, Incident]
    pacings: Mapping[int, Pacing]
    open: dict[tuple[int, Audience], Promise]
    told: Collection[tuple[int, str]]
    new: list[Promise] = field(default_factory=list)
    facts: list[Event] = field(default_factory=list)
    ended: list[Promise] = field(default_factory=list)

    def rows(self, incident_id: int) -> list[Promise]:
        return [row for (number, _), row in self.open.items() if number == incident_id]

    def add(self, row: Promise) -> None:
        self.open[row.incident_id, Audience(row.audience)] = row
        self.new.append(row)


def follow_turns(*, turned: Sequence[Turned]) -> None:
    """Let the promises of incidents follow what happened to them, in the order given.

    Times count from when it happened, however late this comes. A fixed number of queries.
    """
    ids = {one.incident_id for one in turned} | {one.into_id for one in turned if one.into_id}
    with transaction.atomic():
        incidents = moving.lock_many(ids)
        desk = _Desk(
            incidents={row.pk: row for row in incidents},
            pacings=pacings(incidents),
            open=promising.open_promises(ids),
            told=_told(ids),
        )
        known = list(desk.open.values())
        for one in turned:
            if one.incident_id in desk.incidents:
                _TURNS[one.turn](desk, desk.incidents[one.incident_id], one)
        promising.save(known, desk.new)
        _calm(desk)
        if desk.facts:
            publish(*desk.facts)
            wake(promising.DRAIN)


def _calm(desk: _Desk) -> None:
    """Nobody is called any more for what nobody waits for."""
    for row in desk.ended:
        by = By(actor=row.settled_by, at=row.settled_at or row.due_at)
        quieting.calm(row.incident_id, [row], desk.rows(row.incident_id), by)


def _told(ids: Collection[int]) -> set[tuple[int, str]]:
    """Who heard of which incident already."""
    rows = Promise.objects.filter(incident_id__in=ids, outcome=Outcome.KEPT.value)
    return set(rows.values_list("incident_id", "audience").distinct())


def _is_confirmed(incident: Incident) -> bool:
    """Whether somebody says that it is one: alerts alone promise nothing to anybody."""
    state = State(incident.state)
    return state in LIVE and (incident.declared or state is not State.OPEN)


def _begin(desk: _Desk, incident: Incident, one: Turned) -> None:
    if _is_confirmed(incident):
        fresh = [who for who in _missing(desk, incident) if not _knows(desk, incident, who)]
        _promise(desk, incident, fresh, one.by)


def _worse(desk: _Desk, incident: Incident, one: Turned) -> None:
    if State(incident.state) not in LIVE:
        return
    _hasten(desk, incident, one.by, why="it became worse or is worked on again")
    if _is_confirmed(incident):
        _promise(desk, incident, _missing(desk, incident), one.by)


def _back(desk: _Desk, incident: Incident, one: Turned) -> None:
    if State(incident.state) in LIVE:
        _hasten(desk, incident, one.by, why="it was reopened")
        is_one = _is_confirmed(incident)
        again = [who for who in _missing(desk, incident) if is_one or _knows(desk, incident, who)]
        _promise(desk, incident, again, one.by)


def _milder(desk: _Desk, incident: Incident, one: Turned) -> None:
    """Whoever was told nothing yet may wait longer, or for nothing; what was told stands."""
    pacing = desk.pacings[incident.pk]
    for row in desk.rows(incident.pk):
        if not row.is_first or row.named_by or row.due_at <= one.by.at:
            continue
        due_at = pacing.due(Audience(row.audience), row.made_at, is_first=True)
        if due_at is None or not pacing.wants(Audience(row.audience)):
            _end(desk, row, one.by)
        elif due_at > row.due_at:
            before, row.due_at, row.interval = row.due_at, due_at, due_at - row.made_at
            promising.rearm(row)
            why = "it is less severe than it was"
            desk.facts.append(promising.moved(incident, row, before, one.by, why=why))


def _hidden(desk: _Desk, incident: Incident, one: Turned) -> None:
    """The public hears nothing more by itself, unless it knows already and waits for a word."""
    row = desk.open.get((incident.pk, Audience.PUBLIC))
    if row is not None and row.is_first and not row.named_by:
        _end(desk, row, one.by)


def _over(desk: _Desk, incident: Incident, one: Turned) -> None:
    """Who was told of it hears the end of it; who was told nothing needs to hear nothing."""
    if State(incident.state) in LIVE:
        return
    for row in desk.rows(incident.pk):
        if row.is_first:
            _end(desk, row, one.by)
    _hasten(desk, incident, one.by, why="it is over, and they should hear so")


def _gone(desk: _Desk, incident: Incident, one: Turned) -> None:
    rows = desk.rows(incident.pk)
    for row in rows:
        _end(desk, row, one.by)
    target = desk.incidents.get(one.into_id or 0)
    if target is not None:
        for row in rows:
            _carry(desk, row, target, one.by)


def _carry(desk: _Desk, row: Promise, target: Incident, by: By) -> None:
    """Whoever waits for a word about a merged incident gets it about the other one."""
    audience = Audience(row.audience)
    there = desk.open.get((target.pk, audience))
    if row.is_first:
        return
    if there is None:
        kept = promising.made(target, audience, made_at=row.made_at, due_at=row.due_at)
        kept.interval = row.interval
        promising.rearm(kept)
        desk.add(kept)
        desk.facts += promising.promised(target, [kept], by)
    elif row.due_at < there.due_at:
        before, there.due_at = there.due_at, max(row.due_at, there.made_at)
        there.interval = min(there.interval, row.interval)
        there.is_first = False
        promising.rearm(there)
        why = "it was promised for what was merged into this"
        desk.facts.append(promising.moved(target, there, before, by, why=why))


def _missing(desk: _Desk, incident: Incident) -> list[Audience]:
    pacing = desk.pacings[incident.pk]
    return [
        audience
        for audience in Audience
        if (incident.pk, audience) not in desk.open and pacing.wants(audience)
    ]


def _knows(desk: _Desk, incident: Incident, audience: Audience) -> bool:
    return (incident.pk, audience.value) in desk.told


def _promise(desk: _Desk, incident: Incident, audiences: Iterable[Audience], by: By) -> None:
    pacing, rows = desk.pacings[incident.pk], []
    for audience in audiences:
        is_first = not _knows(desk, incident, audience)
        due_at = pacing.due(audience, by.at, is_first=is_first)
        if due_at is not None:
            rows.append(
                promising.made(incident, audience, made_at=by.at, due_at=due_at, is_first=is_first)
            )
    for row in rows:
        desk.add(row)
    desk.facts += promising.promised(incident, rows, by)


def _hasten(desk: _Desk, incident: Incident, by: By, *, why: str) -> None:
    pacing = desk.pacings[incident.pk]
    for row in desk.rows(incident.pk):
        row.severity = min(row.severity, incident.severity)
        before = promising.hasten(row, pacing, at=by.at)
        if before is not None:
            desk.facts.append(promising.moved(incident, row, before, by, why=why))


def _end(desk: _Desk, row: Promise, by: By) -> None:
    promising.settle(row, Outcome.WITHDRAWN, by)
    desk.ended.append(row)
    del desk.open[row.incident_id, Audience(row.audience)]


_TURNS: Final = {
    Turn.BEGUN: _begin,
    Turn.WORSE: _worse,
    Turn.MILDER: _milder,
    Turn.BACK: _back,
    Turn.OVER: _over,
    Turn.GONE: _gone,
    Turn.HIDDEN: _hidden,
}
