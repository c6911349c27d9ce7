"""The parallel run of an upload: whom the other tool would page, and whom we would."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.importing.logic.comparison import Comparison, Difference, compare, stretch
from evenfall.importing.logic.drafts import Held, RotaDraft
from evenfall.importing.queries.plans import Plan
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import Role, RotaSpec, Span

NOBODY = "nobody"


class DifferenceView(Struct, frozen=True, kw_only=True):
    """From `starts_at` until `ends_at` (UTC) the old tool pages `theirs` and we `ours`."""

    starts_at: datetime
    ends_at: datetime
    theirs: str
    ours: str
    hours: float


class ComparedSchedule(Struct, frozen=True, kw_only=True):
    """One schedule of the other tool. `is_live` says whether our saved rotas were asked.

    Before they are saved, the draft is. Without hours there was nothing to compare.
    """

    name: str
    time_zone: str
    is_live: bool
    starts_at: datetime
    ends_at: datetime
    hours: float
    hours_of_difference: float
    differences: list[DifferenceView]


def comparisons(plan: Plan, *, now: datetime) -> list[ComparedSchedule]:
    """Every schedule of which the export says who is on call."""
    return _Comparing(plan, now).all()


class _Comparing:
    """One plan while its schedules are compared.

    A person is a user id where there is one, else the negative key.
    """

    def __init__(self, plan: Plan, now: datetime) -> None:
        self.plan, self.now = plan, now
        self.ids = {line.draft.key: -line.draft.key for line in plan.people} | plan.user_ids
        self.names = {-line.draft.key: line.draft.name for line in plan.people}
        self.own_ids = {planned.draft.key: planned.own_id for planned in plan.rotas}

    def all(self) -> list[ComparedSchedule]:
        by_schedule: dict[str, list[RotaDraft]] = {}
        for rota in self.plan.translated.rotas:
            by_schedule.setdefault(rota.schedule, []).append(rota)
        found = [
            (rotas, self._compared(rotas, self.plan.translated.rendered[origin]))
            for origin, rotas in by_schedule.items()
            if origin in self.plan.translated.rendered
        ]
        self._name_everybody(one for _, one in found)
        return [self._view(rotas, one) for rotas, one in found]

    def _compared(self, rotas: Sequence[RotaDraft], rendered: Sequence[Held]) -> Comparison:
        starts_at, ends_at = stretch(rendered, self.now)
        theirs = [Held(h.starts_at, h.ends_at, self.ids[h.person]) for h in rendered]
        ours: list[Held] = []
        if starts_at < ends_at:
            ours = [held for rota in rotas for held in self._ours(rota, starts_at, ends_at)]
        return compare(theirs, ours, starts_at, ends_at)

    def _ours(self, rota: RotaDraft, starts_at: datetime, ends_at: datetime) -> list[Held]:
        own_id = self.own_ids.get(rota.key)
        if own_id is not None:
            spans = oncall_queries.final_schedule(own_id, starts_at=starts_at, ends_at=ends_at)
            return _held(spans)
        spec = draft_spec(rota, since=starts_at - timedelta(days=1))
        drafted = oncall_queries.draft_schedule(spec, starts_at=starts_at, ends_at=ends_at)
        return [Held(h.starts_at, h.ends_at, self.ids[h.person]) for h in _held(drafted)]

    def _is_live(self, rotas: Sequence[RotaDraft]) -> bool:
        return all(self.own_ids.get(rota.key) is not None for rota in rotas)

    def _name_everybody(self, compared: Iterable[Comparison]) -> None:
        self.names |= identity_queries.names(_mentioned(compared))

    def _view(self, rotas: Sequence[RotaDraft], one: Comparison) -> ComparedSchedule:
        return ComparedSchedule(
            name=rotas[0].name,
            time_zone=rotas[0].zone.key,
            is_live=self._is_live(rotas),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            hours=round(one.hours, 2),
            hours_of_difference=round(one.hours_of_difference, 2),
            differences=[self._difference(found) for found in one.differences],
        )

    def _difference(self, found: Difference) -> DifferenceView:
        return DifferenceView(
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            theirs=_spoken(found.theirs, self.names),
            ours=_spoken(found.ours, self.names),
            hours=round(found.hours, 2),
        )


def draft_spec(rota: RotaDraft, *, since: datetime) -> RotaSpec:
    """The rota as one that on-call can compute, from the aware instant on."""
    overrides = [override.spec for override in rota.overrides]
    return oncall_queries.draft_rota(rota.layers, overrides, rota.coverage, since=since)


def _held(spans: Sequence[Span]) -> list[Held]:
    return [
        Held(span.starts_at, span.ends_at, span.user_id)
        for span in spans
        if span.role is Role.PRIMARY
    ]


def _mentioned(compared: Iterable[Comparison]) -> set[int]:
    found = (difference for one in compared for difference in one.differences)
    return {person for one in found for person in (*one.theirs, *one.ours) if person > 0}


def _spoken(people: Sequence[int], names: Mapping[int, str]) -> str:
    return " and ".join(names.get(person, "?") for person in people) or NOBODY
