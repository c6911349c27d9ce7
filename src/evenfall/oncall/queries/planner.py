"""What the planner proposes for a rota, with names, reasons and its effect on the loads."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors
from evenfall.oncall.logic import eligibility, fairness, loads, planner
from evenfall.oncall.logic.coming_turns import coming_turns
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.fairness import Spread
from evenfall.oncall.logic.hours import Calendar, Class, divided
from evenfall.oncall.logic.loads import Tally, Weights
from evenfall.oncall.logic.planner import Assignment, Proposal
from evenfall.oncall.logic.spec import Role, RotaSpec, Span
from evenfall.oncall.logic.turns import Candidate, Shift
from evenfall.oncall.models import AppliedProposal
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.fairness import PersonLoad, loads_of
from evenfall.oncall.queries.loads import duties_in, rota_specs_of
from evenfall.oncall.queries.rotas import rota
from evenfall.oncall.queries.specs import specs
from evenfall.oncall.queries.weights import calendar_of, load_weights

MOST_WEEKS = 12
LOOK_BACK = timedelta(weeks=12)
"""What people carried in this time decides who is next."""


@dataclass(frozen=True, kw_only=True)
class ProposedShift:
    """A turn, who has it and who should; an id is None and a name empty for nobody.

    `pieces` are the hours that are worked; `blocked` are names with what forbids them the shift.
    """

    starts_at: datetime
    ends_at: datetime
    pieces: tuple[Stretch, ...]
    present_id: int | None
    present: str
    proposed_id: int | None
    proposed: str
    why: str
    is_change: bool
    is_settled: bool
    blocked: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class LevelView:
    """What somebody has carried now, and will have by the present plan and by the proposal."""

    user_id: int
    name: str
    now: float
    present: float
    proposed: float


@dataclass(frozen=True, kw_only=True)
class PlanProposal:
    """A proposal of the planner; `fingerprint` names it when it is applied."""

    rota_id: int
    weeks: int
    starts_at: datetime
    ends_at: datetime
    fingerprint: str
    shifts: list[ProposedShift]
    levels: list[LevelView]
    present: Spread
    proposed: Spread

    @property
    def changes(self) -> list[ProposedShift]:
        return [shift for shift in self.shifts if shift.is_change]

    @property
    def unfilled(self) -> list[ProposedShift]:
        """Those that nobody may take."""
        return [shift for shift in self.shifts if shift.blocked]


@dataclass(frozen=True, kw_only=True)
class AppliedView:
    id: int
    rota_id: int
    override_ids: list[int]
    applied_at: datetime
    applied_by: str
    undone_at: datetime | None


def plan_proposal(rota_id: int, *, weeks: int, now: datetime) -> PlanProposal:
    """Who should take the shifts that begin in the coming weeks. Nothing is saved.

    The loads are those until midnight UTC, so that a proposal stays the same while it is looked
    at. Raises `RotaNotFound`, `ProposalWeeks`.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise errors.ProposalWeeks(most=MOST_WEEKS, field="weeks")
    weights = load_weights(rota(rota_id).team_id).weights
    until = now + timedelta(weeks=weeks)
    spec = specs([rota_id], since=now)[rota_id]
    shifts = coming_turns(spec, now, until)
    far = max([until, *(shift.ends_at for shift in shifts)])
    people = _People(rota_id, spec, shifts, (now, far), weights)
    found = planner.propose(shifts, people.candidates())
    return _view(rota_id, weeks, (now, until), found, people.names)


def applied_proposals(rota_id: int, *, limit: int = 5) -> list[AppliedView]:
    """The newest proposals that were made real, the newest first."""
    rows = AppliedProposal.objects.filter(rota_id=rota_id).order_by("-id")[:limit]
    return [
        AppliedView(
            id=row.id,
            rota_id=row.rota_id,
            override_ids=row.override_ids,
            applied_at=row.applied_at,
            applied_by=row.applied_by,
            undone_at=row.undone_at,
        )
        for row in rows
    ]


class _People:
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
        self.busy = _settled_duties(spec, shifts, stretch)

    def candidates(self) -> list[Candidate]:
        return [self._candidate(one) for one in self.loads if one.profile.percent]

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


def _settled_duties(
    spec: RotaSpec, shifts: Sequence[Shift], stretch: Stretch
) -> dict[int, tuple[Stretch, ...]]:
    """Parts of settled shifts that others than their holders have."""
    spans = list(duties_in([spec], _everybody(spec), *stretch))
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


def _everybody(spec: RotaSpec) -> set[int]:
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


def _view(
    rota_id: int, weeks: int, stretch: Stretch, found: Proposal, names: dict[int, str]
) -> PlanProposal:
    levels = [
        LevelView(
            user_id=user_id,
            name=names[user_id],
            now=found.now[user_id],
            present=found.present[user_id],
            proposed=found.proposed[user_id],
        )
        for user_id in found.now
    ]
    return PlanProposal(
        rota_id=rota_id,
        weeks=weeks,
        starts_at=stretch[0],
        ends_at=stretch[1],
        fingerprint=_fingerprint(rota_id, found.changes),
        shifts=[_line(one, names) for one in found.assignments],
        levels=sorted(levels, key=lambda one: (-one.proposed, one.name)),
        present=fairness.spread([one.present for one in levels]),
        proposed=fairness.spread([one.proposed for one in levels]),
    )


def _line(one: Assignment, names: dict[int, str]) -> ProposedShift:
    return ProposedShift(
        starts_at=one.shift.starts_at,
        ends_at=one.shift.ends_at,
        pieces=one.shift.pieces,
        present_id=one.shift.user_id,
        present=names.get(one.shift.user_id or 0, ""),
        proposed_id=one.user_id,
        proposed=names.get(one.user_id or 0, ""),
        why=one.why,
        is_change=one.is_change,
        is_settled=one.shift.is_settled,
        blocked=[(names[user_id], rule.value) for user_id, rule in one.blocked],
    )


def _fingerprint(rota_id: int, changes: Collection[Assignment]) -> str:
    """The same for the same changes: what the reader saw is what is applied."""
    told = [
        [one.shift.user_id, one.user_id, [[low, high] for low, high in one.shift.pieces]]
        for one in changes
    ]
    text = json.dumps([rota_id, told], default=datetime.isoformat)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
