"""Everything the planner must know of the people of a rota."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic import eligibility, loads
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.hours import Calendar, Class, divided
from evenfall.oncall.logic.loads import Tally, Weights
from evenfall.oncall.logic.spec import Role, RotaSpec, Span
from evenfall.oncall.logic.turns import Candidate, Shift
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.fairness import PersonLoad, loads_of
from evenfall.oncall.queries.loads import duties_in, rota_specs_of
from evenfall.oncall.queries.weights import calendar_of

LOOK_BACK = timedelta(weeks=12)
"""What people carried in this time decides who is next."""
LAST_DUTY = timedelta(days=1)
"""Duties that ended that lately may still ask for rest."""
HOUR = timedelta(hours=1)


class People:
    """Everything that is known of those with a place in the rota."""

    def __init__(
        self,
        rota_id: int,
        spec: RotaSpec,
        shifts: Sequence[Shift],
        stretch: Stretch,
        weights: Weights,
    ) -> None:
        self.shifts, self.stretch, self.weights = shifts, stretch, weights
        self.members = eligibility.memberships([spec], *stretch)
        self.found = {
            user_id: person
            for user_id, person in identity_queries.people(self.members).items()
            if person.is_active
        }
        today = stretch[0].replace(hour=0, minute=0, second=0, microsecond=0)
        self.loads = loads_of(
            self.found, starts_at=today - LOOK_BACK, ends_at=today, weights=weights
        )
        self.away = absent_at(self.found, starts_at=stretch[0], ends_at=stretch[1])
        self.elsewhere = self._elsewhere(rota_id)
        holders = {shift.user_id for shift in shifts if shift.user_id is not None}
        named = identity_queries.people(holders - set(self.found))
        self.names = {user_id: one.name for user_id, one in (named | self.found).items()}
        self.busy = settled_duties(spec, shifts, stretch)

    def candidates(self) -> list[Candidate]:
        return [self._candidate(one) for one in self.loads if one.profile.percent]

    def seconds(self, shifts: Sequence[Shift], after: RotaSpec) -> list[Candidate]:
        """The same people as lieutenants of these shifts, measured in hours as lieutenant.

        `after` is the rota with the primaries that are proposed.
        """
        low, high = self.stretch
        spans = list(duties_in([after], everybody(after), low - LAST_DUTY, high))
        hours = {one.user_id: one.tally.lieutenant_hours for one in self.loads}
        shares = {one.user_id: one.share for one in self.loads}
        levels = loads.carried(hours, shares)
        points = tuple(eligibility.length(shift.pieces) / HOUR for shift in shifts)
        return [
            Candidate(
                user_id=one.user_id,
                level=levels[one.user_id] / (one.profile.percent / 100),
                part=one.profile.percent / 100,
                points=points,
                member=tuple(self.members[one.user_id]),
                away=tuple((a.starts_at, a.ends_at) for a in self.away[one.user_id]),
                busy=self.elsewhere[one.user_id],
                primary=_of(spans, one.user_id),
            )
            for one in self.loads
            if one.profile.percent
        ]

    def _candidate(self, one: PersonLoad) -> Candidate:
        calendar = calendar_of(self.found[one.user_id], one.profile, self.weights)
        points = tuple(self._points(calendar, shift.pieces) for shift in self.shifts)
        away = [(absence.starts_at, absence.ends_at) for absence in self.away[one.user_id]]
        elsewhere = self.elsewhere[one.user_id]
        level = one.carried + self._points(calendar, elsewhere) + self._credit(points, away)
        return Candidate(
            user_id=one.user_id,
            level=level,
            part=one.profile.percent / 100,
            points=points,
            member=tuple(self.members[one.user_id]),
            away=tuple(away),
            busy=(*elsewhere, *self.busy.get(one.user_id, ())),
        )

    def _points(self, calendar: Calendar, pieces: Collection[Stretch]) -> float:
        hours = dict.fromkeys(Class, 0.0)
        for low, high in pieces:
            for one, length in divided(calendar, low, high).items():
                hours[one] += length
        tally = Tally(
            day_hours=hours[Class.DAY],
            night_hours=hours[Class.NIGHT],
            weekend_hours=hours[Class.WEEKEND],
            holiday_hours=hours[Class.HOLIDAY],
        )
        return loads.parts(tally, self.weights).total

    def _credit(self, points: Sequence[float], away: Sequence[Stretch]) -> float:
        """What somebody would carry while away: leave is no debt that must be worked off."""
        low, high = self.stretch
        inside = eligibility.without([self.stretch], eligibility.joined(away))
        absent = 1 - eligibility.length(inside) / (high - low)
        return absent * sum(points) / max(len(self.loads), 1)

    def _elsewhere(self, rota_id: int) -> dict[int, tuple[Stretch, ...]]:
        """When people are primary by other rotas."""
        low, high = self.stretch
        others = rota_specs_of(self.found, starts_at=low, ends_at=high)
        others.pop(rota_id, None)
        spans = list(duties_in(others.values(), self.found, low, high))
        return {user_id: _of(spans, user_id) for user_id in self.found}


def settled_duties(
    spec: RotaSpec, shifts: Sequence[Shift], stretch: Stretch
) -> dict[int, tuple[Stretch, ...]]:
    """Parts of settled shifts that others than their holders have."""
    spans = list(duties_in([spec], everybody(spec), *stretch))
    parts = [
        Span(span.user_id, span.role, max(span.starts_at, low), min(span.ends_at, high), span.why)
        for shift in shifts
        if shift.is_settled
        for span in spans
        if span.user_id != shift.user_id
        for low, high in shift.pieces
        if span.starts_at < high and low < span.ends_at
    ]
    return {user_id: _of(parts, user_id) for user_id in {part.user_id for part in parts}}


def everybody(spec: RotaSpec) -> set[int]:
    return {override.user_id for override in spec.overrides if override.user_id is not None} | {
        slot.user_id
        for plan in spec.plans
        for layer in plan.layers
        for slot in layer.members
        if slot.user_id is not None
    }


def _of(spans: Sequence[Span], user_id: int) -> tuple[Stretch, ...]:
    return tuple(
        (span.starts_at, span.ends_at)
        for span in spans
        if span.user_id == user_id and span.role is Role.PRIMARY
    )
