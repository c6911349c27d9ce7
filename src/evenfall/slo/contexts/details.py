"""What the page of one objective says beside its charts."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.platform import journal
from evenfall.platform.errors import DomainError
from evenfall.slo import actions, queries
from evenfall.slo.logic.pictures import Segment, causes_bar
from evenfall.slo.queries import IndicatorView, ObjectiveView
from evenfall.telemetry import queries as telemetry_queries

_MOST_STATES = 30
_STATES = "slo.budget_state_changed"


class Measured(Struct, frozen=True, kw_only=True):
    """What an indicator asks: `queries` have their values filled in, `problem` says why not."""

    indicator: IndicatorView
    source: str
    queries: Sequence[str]
    problem: str


class StateChange(Struct, frozen=True, kw_only=True):
    """`rest` in percent, None is unknown."""

    at: datetime
    before: str
    after: str
    rest: float | None


class SpendingView(Struct, frozen=True, kw_only=True):
    """Who spent the budget: `spent` in percent of it, the segments of all that was bad."""

    spent: float
    segments: Sequence[Segment]


def measured(view: ObjectiveView) -> list[Measured]:
    """The indicators of an objective in their order."""
    spec = view.spec
    ids = [one.indicator_id for one in spec.members] or [spec.indicator_id or 0]
    found = queries.indicators(ids)
    names = {source.id: source.name for source in telemetry_queries.sources()}
    return [_measured(found[number], names) for number in ids if number in found]


def series_names(view: ObjectiveView) -> dict[int, str]:
    """The slugs of its indicators, by series; time slices are its own."""
    return {one.indicator.series_id: one.indicator.slug for one in measured(view)}


def states_of(objective_id: int) -> list[StateChange]:
    """How its state changed, the newest first."""
    entries = journal.recent(
        subject=f"objective:{objective_id}", kinds=[_STATES], limit=_MOST_STATES
    )
    return [
        StateChange(
            at=entry.at,
            before=entry.data["before"],
            after=entry.data["after"],
            rest=None if entry.data["rest"] is None else entry.data["rest"] * 100,
        )
        for entry in entries
    ]


def spending(objective_id: int, *, now: datetime) -> SpendingView:
    found = queries.spending(objective_id, now=now)
    return SpendingView(spent=found.spent * 100, segments=causes_bar(found.parts))


def _measured(view: IndicatorView, names: dict[int, str]) -> Measured:
    try:
        texts, problem = actions.filled(view.spec, view.values), view.problem
    except DomainError as error:
        texts, problem = (), error.message
    source = names.get(view.spec.source_id or 0, "")
    return Measured(indicator=view, source=source, queries=texts, problem=problem)
