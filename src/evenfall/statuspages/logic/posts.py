"""What the updates of a post make of the components they name."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct, field

from evenfall.statuspages.logic.words import Impact, PostState, Status, impact_of


class Step(Struct, frozen=True, kw_only=True):
    """An update: from `said_at` on, the named components are so. `id` settles equal times."""

    id: int
    said_at: datetime
    state: PostState
    statuses: Mapping[int, Status] = field(default_factory=dict)


class Span(Struct, frozen=True, kw_only=True):
    """A component is so because of the post; `ends_at` None: it still is."""

    component_id: int
    status: Status
    starts_at: datetime
    ends_at: datetime | None


def in_order(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (step.said_at, step.id))


def spans(steps: Iterable[Step]) -> list[Span]:
    """The times in which the post says something of a component, whatever order it was written in.

    A component keeps what was said of it last. "Operational" and "resolved" take the word back:
    then it is again what others say of it.
    """
    current: dict[int, tuple[Status, datetime]] = {}
    found: list[Span] = []
    for step in in_order(steps):
        for component_id, status in _said(step, current).items():
            before = current.get(component_id)
            if before is not None and before[0] is status:
                continue
            if before is not None:
                found.append(_span(component_id, before, step.said_at))
            current.pop(component_id, None)
            if status is not Status.OPERATIONAL:
                current[component_id] = (status, step.said_at)
    found += [_span(component_id, open_, None) for component_id, open_ in current.items()]
    return [span for span in found if span.ends_at is None or span.ends_at > span.starts_at]


def impact(steps: Iterable[Step]) -> Impact:
    """The worst that the post ever said of a component."""
    return impact_of([status for step in steps for status in step.statuses.values()])


def _said(step: Step, current: Mapping[int, object]) -> Mapping[int, Status]:
    if step.state is PostState.RESOLVED:
        return dict.fromkeys([*current, *step.statuses], Status.OPERATIONAL)
    return step.statuses


def _span(component_id: int, said: tuple[Status, datetime], ends_at: datetime | None) -> Span:
    return Span(component_id=component_id, status=said[0], starts_at=said[1], ends_at=ends_at)
