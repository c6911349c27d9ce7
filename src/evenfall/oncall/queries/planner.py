"""What the planner proposes for a rota, with names, reasons and its effect on the loads."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.oncall import errors
from evenfall.oncall.logic import fairness, planner
from evenfall.oncall.logic.coming_turns import coming_turns, second_turns
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.fairness import Spread
from evenfall.oncall.logic.new_order import new_order, overrides_for
from evenfall.oncall.logic.planner import Assignment, Proposal
from evenfall.oncall.logic.spec import LieutenantKind, PlanSpec, Role, RotaSpec
from evenfall.oncall.models import AppliedProposal
from evenfall.oncall.queries.diffs import ScheduleDiff, diff_views
from evenfall.oncall.queries.planner_people import People
from evenfall.oncall.queries.rotas import rota
from evenfall.oncall.queries.specs import specs
from evenfall.oncall.queries.weights import load_weights

MOST_WEEKS = 12
LEAST_SECONDS = 3
"""With fewer people nobody can be lieutenant who neither is on call nor rests."""
NOT_PLANNED = (LieutenantKind.NOBODY, LieutenantKind.PERSON)
"""Rules by which there is nobody to choose."""


class ProposedShift(Struct, frozen=True, kw_only=True):
    """A turn, who has it and who should; an id is None and a name empty for nobody.

    `pieces` are the hours that are worked; `blocked` are names with what forbids them the shift.
    """

    role: Role

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


class LevelView(Struct, frozen=True, kw_only=True):
    """What somebody has carried now, and will have by the present plan and by the proposal."""

    user_id: int
    name: str
    now: float
    present: float
    proposed: float


class PlanProposal(Struct, frozen=True, kw_only=True):
    """A proposal of the planner; `fingerprint` names it when it is applied.

    `shifts` are those of the primary, `seconds` those of the lieutenant. Where another order of
    the members alone gives the primaries, `order` is the plan with it and `order_names` are those
    of its first layer that changes, in turn. `diff` is what everything together would change.
    """

    rota_id: int
    weeks: int
    starts_at: datetime
    ends_at: datetime
    fingerprint: str
    shifts: list[ProposedShift]
    levels: list[LevelView]
    present: Spread
    proposed: Spread
    seconds: list[ProposedShift] = field(default_factory=list)
    second_levels: list[LevelView] = field(default_factory=list)
    order: PlanSpec | None = None
    order_names: list[str] = field(default_factory=list)
    diff: ScheduleDiff | None = None

    @property
    def changes(self) -> list[ProposedShift]:
        """Of the primaries."""
        return [shift for shift in self.shifts if shift.is_change]

    @property
    def second_changes(self) -> list[ProposedShift]:
        return [shift for shift in self.seconds if shift.is_change]

    @property
    def to_override(self) -> list[ProposedShift]:
        """What is written as overrides: with a new order only the lieutenants."""
        return [*([] if self.order else self.changes), *self.second_changes]

    @property
    def order_starts_at(self) -> datetime | None:
        return self.order.starts_at if self.order else None

    @property
    def unfilled(self) -> list[ProposedShift]:
        """Those that nobody may take."""
        return [shift for shift in (*self.shifts, *self.seconds) if shift.blocked]


class AppliedView(Struct, frozen=True, kw_only=True):
    id: int
    rota_id: int
    override_ids: list[int]
    plan_starts_at: datetime | None
    applied_at: datetime
    applied_by: str
    undone_at: datetime | None


def plan_proposal(
    rota_id: int,
    *,
    weeks: int,
    with_order: bool = True,
    with_lieutenants: bool = True,
    now: datetime,
) -> PlanProposal:
    """Who should take the shifts that begin in the coming weeks. Nothing is saved.

    With `with_order` a new order of the members is proposed where that alone does it. The loads are
    those until midnight UTC, so that a proposal stays the same while it is looked at. Raises
    `RotaNotFound`, `ProposalWeeks`.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise errors.ProposalWeeks(most=MOST_WEEKS, field="weeks")
    weights = load_weights(rota(rota_id).team_id).weights
    until = now + timedelta(weeks=weeks)
    spec = specs([rota_id], since=now)[rota_id]
    shifts = coming_turns(spec, now, until)
    far = max([until, *(shift.ends_at for shift in shifts)])
    people = People(rota_id, spec, shifts, (now, far), weights)
    found = planner.propose(shifts, people.candidates())
    order = new_order(spec, found.assignments, now=now, until=far) if with_order else None
    after = _after(spec, found.changes, order)
    seconds = _seconds(after, found, people, now) if with_lieutenants else None
    made = _view(rota_id, weeks, (now, until), found, people.names)
    if seconds is not None:
        shown = _levels(seconds, people.names)
        lines = [_line(one, people.names, Role.LIEUTENANT) for one in seconds.assignments]
        made = replace(made, seconds=lines, second_levels=shown)
        overrides = overrides_for(seconds.changes, Role.LIEUTENANT)
        after = replace(after, overrides=(*after.overrides, *overrides))
    if order is not None:
        made = replace(made, order=order, order_names=_order_names(spec, order, people.names))
    if made.changes or made.second_changes:
        made = replace(made, diff=diff_views(spec, after, starts_at=now, ends_at=far))
    return replace(made, fingerprint=_fingerprint(made))


def _after(spec: RotaSpec, changes: Sequence[Assignment], order: PlanSpec | None) -> RotaSpec:
    """The rota with the proposed primaries."""
    if order is not None:
        return replace(spec, plans=(*spec.plans, order))
    return replace(spec, overrides=(*spec.overrides, *overrides_for(changes, Role.PRIMARY)))


def _seconds(after: RotaSpec, found: Proposal, people: People, now: datetime) -> Proposal | None:
    """Who should be lieutenant beside the primaries; None where the rule leaves no choice."""
    turns = [one.shift for one in found.assignments]
    is_planned = after.plans and after.plans[-1].lieutenant.kind not in NOT_PLANNED
    shifts = second_turns(after, turns, now) if is_planned else []
    candidates = people.seconds(shifts, after) if shifts else []
    if len(candidates) < LEAST_SECONDS:
        return None
    return planner.propose(shifts, candidates, evens=planner.SECONDS)


def _order_names(spec: RotaSpec, order: PlanSpec, names: Mapping[int, str]) -> list[str]:
    """The members of the first layer that changes, in turn."""
    pairs = zip(spec.plans[-1].layers, order.layers, strict=True)
    changed = next((new for old, new in pairs if old.members != new.members), order.layers[0])
    return [names.get(slot.user_id or 0, "?") for slot in changed.members]


def applied_proposals(rota_id: int, *, limit: int = 5) -> list[AppliedView]:
    """The newest proposals that were made real, the newest first."""
    rows = AppliedProposal.objects.filter(rota_id=rota_id).order_by("-id")[:limit]
    return [
        AppliedView(
            id=row.id,
            rota_id=row.rota_id,
            override_ids=row.override_ids,
            plan_starts_at=row.plan_starts_at,
            applied_at=row.applied_at,
            applied_by=row.applied_by,
            undone_at=row.undone_at,
        )
        for row in rows
    ]


def _view(
    rota_id: int, weeks: int, stretch: Stretch, found: Proposal, names: Mapping[int, str]
) -> PlanProposal:
    levels = _levels(found, names)
    return PlanProposal(
        rota_id=rota_id,
        weeks=weeks,
        starts_at=stretch[0],
        ends_at=stretch[1],
        fingerprint="",
        shifts=[_line(one, names, Role.PRIMARY) for one in found.assignments],
        levels=levels,
        present=fairness.spread([one.present for one in levels]),
        proposed=fairness.spread([one.proposed for one in levels]),
    )


def _levels(found: Proposal, names: Mapping[int, str]) -> list[LevelView]:
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
    return sorted(levels, key=lambda one: (-one.proposed, one.name))


def _line(one: Assignment, names: Mapping[int, str], role: Role) -> ProposedShift:
    return ProposedShift(
        role=role,
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


def _fingerprint(made: PlanProposal) -> str:
    """The same for the same changes: what the reader saw is what is applied."""
    told = [
        [one.role, one.present_id, one.proposed_id, [[low, high] for low, high in one.pieces]]
        for one in _changed(made)
    ]
    order = [made.order_starts_at, made.order_names]
    text = json.dumps([made.rota_id, told, order], default=datetime.isoformat)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _changed(made: PlanProposal) -> Collection[ProposedShift]:
    return [*made.changes, *made.second_changes]
