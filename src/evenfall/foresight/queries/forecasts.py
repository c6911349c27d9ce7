"""The whole of a what-if: alerts, incidents, pages, people, by two configurations at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports.proposals import Configuration, Turn
from evenfall.alerting.queries import Turns
from evenfall.foresight.logic.differences import Differences, Of
from evenfall.foresight.logic.reports import Called, Person, Report, Side, report
from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Answers, Foreseen, Incidents, Ring, usual
from evenfall.oncall.ports import PlanSpec, RotaChange
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import Answer, PolicyChange, Response, Urgency
from evenfall.paging.queries import PastPaging, Wanted

USUAL_ANSWER: Final = timedelta(minutes=5)
"""How soon somebody answers where no answer is known: the target of the product."""


class Standing(Struct, frozen=True, kw_only=True):
    """All that decides about the alerts of some days, as it was read at one moment."""

    alerting: Configuration
    paging: PastPaging


def standing(
    changes: Sequence[object] = (), *, since: datetime, until: datetime, now: datetime
) -> Standing:
    """As it stands, with changes that nobody saved. Some twenty queries. Raises ConditionNotValid.

    Two of them can be compared, so that something can be written and taken back in between.
    """
    known = alerting_queries.configuration(since=since, until=until)
    return Standing(
        alerting=alerting_queries.proposed(known, changes, since=since, until=until),
        paging=paging_queries.past_paging(
            _policies(changes), _plans(changes), since=since, until=until, now=now
        ),
    )


def forecast(
    changes: Sequence[object],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Report:
    """What the alerts from `since` to `until` lead to, as things are and with these changes.

    Nothing is written. Raises ConditionNotValid.
    """
    known = standing(since=since, until=until, now=now)
    policies, plans = _policies(changes), _plans(changes)
    span = {"since": since, "until": until, "now": now}
    proposed = Standing(
        alerting=alerting_queries.proposed(known.alerting, changes, since=since, until=until),
        paging=paging_queries.past_paging(policies, plans, **span)
        if policies or plans
        else known.paging,
    )
    return compared(known, proposed, since=since, until=until, progress=progress)


def compared(
    as_is: Standing,
    proposed: Standing,
    *,
    since: datetime,
    until: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Report:
    """What the alerts of some days lead to by either; a query more for each 2,000 alerts."""
    answers = incidents_queries.answers_given(from_alert_id=alerting_queries.first_id(since))
    turns = alerting_queries.replays(
        as_is.alerting, proposed.alerting, since=since, until=until, progress=progress
    )
    world = _World(answers, turns, until)
    sides = [_side(world.as_is, as_is.paging), _side(world.proposed, proposed.paging)]
    real = paging_queries.really_called(since=since, until=until)
    called = {one.user_id for side in sides for one in side.called} | {number for _, number in real}
    return report(
        since=since,
        until=until,
        zone=identity_queries.site().time_zone,
        as_is=sides[0],
        proposed=sides[1],
        really=real,
        differences=world.differences,
        people=_people(called),
    )


def _policies(changes: Iterable[object]) -> list[PolicyChange]:
    return [one for one in changes if isinstance(one, PolicyChange)]


def _plans(changes: Iterable[object]) -> dict[int, PlanSpec]:
    return {
        one.rota_id: one.plan
        for one in changes
        if isinstance(one, RotaChange) and one.rota_id is not None
    }


class _World:
    """The incidents of both configurations, after all alerts."""

    def __init__(
        self,
        answers: Mapping[int, Answers],
        replayed: Iterable[Turns],
        until: datetime,
    ) -> None:
        normal = usual(answers, otherwise=USUAL_ANSWER)
        self.differences = Differences()
        self.as_is = Incidents(answers, usual=normal)
        self.proposed = self.as_is
        for turns in replayed:
            if turns.proposed is not turns.as_is and self.proposed is self.as_is:
                self.proposed = Incidents(answers, usual=normal)
            self._take(turns.as_is, turns.proposed)
        self.differences.finish()
        for side in {id(one): one for one in (self.as_is, self.proposed)}.values():
            side.finish(until)

    def _take(self, before: Sequence[Turn], after: Sequence[Turn]) -> None:
        for turn in before:
            self.as_is.take(turn)
        if self.proposed is not self.as_is:
            for turn in after:
                self.proposed.take(turn)
        for one, other in zip(_firsts(before), _firsts(after), strict=True):
            self.differences.take(one, other)
        if self.differences.waiting:
            sides = [(Of.AS_IS, one) for one in before] + [(Of.PROPOSED, one) for one in after]
            for of, turn in sorted(sides, key=lambda side: (side[1].at, side[1].is_over)):
                if not turn.is_first:
                    self.differences.follow(turn, of)


def _firsts(turns: Iterable[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.is_first]


def _side(incidents: Incidents, paging: PastPaging) -> Side:
    called: list[Called] = []
    alerts: dict[int, str] = {}
    for incident in incidents.all:
        mine = [one for ring in incident.rings for one in _called(incident, ring, paging)]
        called.extend(mine)
        if any(one.is_reached for one in mine):
            alerts.update(incident.severities)
    called.sort(key=lambda one: (one.at, one.user_id))
    return Side(incidents=len(incidents.all), called=called, called_alerts=alerts)


def _called(incident: Foreseen, ring: Ring, paging: PastPaging) -> list[Called]:
    """Everybody called by a page, each once."""
    answered = ring.answered_at
    who = ring.answers.user_id
    answers = (
        [] if answered is None else [Answer(at=answered, response=Response.ON_IT, user_id=who)]
    )
    _, found = paging.calls(
        Wanted(
            starts_at=ring.at,
            stops_at=ring.stops_at,
            urgency=Urgency(ring.urgency),
            severity=ring.severity.value,
            service_id=incident.service_id,
            team_id=incident.team_id,
            policy_id=incident.policy_id,
            answers=answers,
        )
    )
    first: dict[int, Called] = {}
    for call in found:
        one = Called(
            at=call.at,
            user_id=call.user_id,
            urgency=ring.urgency.value,
            first_alert_id=incident.first.alert_id,
            title=incident.first.title,
            why=call.why,
            is_reached=call.is_reached,
        )
        first.setdefault(call.user_id, one)
    return list(first.values())


def _people(user_ids: Iterable[int]) -> dict[int, Person]:
    return {
        number: Person(name=one.name, zone=one.time_zone)
        for number, one in identity_queries.people(set(user_ids)).items()
    }
