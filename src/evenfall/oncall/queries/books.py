"""Who was on call at any moment of some days, for many questions: computed once, then looked up."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.oncall.logic import schedule
from evenfall.oncall.logic.proposals import as_if_earlier
from evenfall.oncall.logic.spec import PlanSpec, Role, Span
from evenfall.oncall.queries.specs import specs

LOOK_AHEAD: Final = timedelta(days=15)
"""How far the next primary is looked for; nearly always it begins at once."""


class DutiesAt(Struct, frozen=True, kw_only=True):
    """Who has a rota at a moment; None where nobody does."""

    primary: Span | None
    lieutenant: Span | None
    next_primary: Span | None
    shadow: Span | None


NOBODY: Final = DutiesAt(primary=None, lieutenant=None, next_primary=None, shadow=None)


class DutyBook:
    """The spans of some rotas, ready to be asked."""

    def __init__(self, spans: Mapping[int, Sequence[Span]]) -> None:
        self._spans = {
            rota_id: {role: [s for s in found if s.role is role] for role in Role}
            for rota_id, found in spans.items()
        }
        edges = {edge for found in spans.values() for s in found for edge in _edges(s)}
        self._edges = sorted(edges)

    @property
    def people(self) -> set[int]:
        """Everybody who has any duty."""
        of_role = (found for roles in self._spans.values() for found in roles.values())
        return {span.user_id for found in of_role for span in found}

    def stretch_of(self, at: datetime) -> int:
        """The number of the stretch of time around `at` within which no duty changes."""
        return bisect_right(self._edges, at)

    def at(self, rota_id: int, at: datetime) -> DutiesAt:
        found = self._spans.get(rota_id)
        if found is None:
            return NOBODY
        primary = _running(found[Role.PRIMARY], at)
        return DutiesAt(
            primary=primary,
            lieutenant=_running(found[Role.LIEUTENANT], at),
            next_primary=_following(found[Role.PRIMARY], primary, at),
            shadow=_running(found[Role.SHADOW], at),
        )


def duty_book(
    rota_ids: Collection[int],
    *,
    since: datetime,
    until: datetime,
    plans: Mapping[int, PlanSpec] | None = None,
) -> DutyBook:
    """Who was on call, as it was; with `plans`, as if these had held since `since`.

    Three queries for any number of rotas.
    """
    ends_at = until + LOOK_AHEAD
    found = specs(rota_ids, since=since, until=ends_at)
    for rota_id, plan in (plans or {}).items():
        if rota_id in found:
            found[rota_id] = as_if_earlier(found[rota_id], plan, since)
    return DutyBook(
        {rota_id: schedule.final_schedule(spec, since, ends_at) for rota_id, spec in found.items()}
    )


def _edges(span: Span) -> tuple[datetime, datetime]:
    return span.starts_at, span.ends_at


def _running(spans: Sequence[Span], at: datetime) -> Span | None:
    place = bisect_right(spans, at, key=lambda span: span.starts_at) - 1
    return spans[place] if place >= 0 and at < spans[place].ends_at else None


def _following(spans: Sequence[Span], primary: Span | None, at: datetime) -> Span | None:
    after = primary.ends_at if primary else at
    first = bisect_right(spans, at, key=lambda span: span.starts_at)
    holder = primary.user_id if primary else None
    return next((s for s in spans[first:] if s.user_id != holder and s.starts_at >= after), None)
