"""How much of being on call each person carried: what requests, cover and the planner go by."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from evenfall.oncall.logic.spec import Role, Span
from evenfall.oncall.models import Layer, Override, Plan
from evenfall.oncall.queries.duties import schedules

RECENT_WEEKS = 4
HOUR = timedelta(hours=1)


def lowest_load_first(user_ids: Collection[int], *, at: datetime) -> list[int]:
    """The people by the hours they were primary in the four weeks before `at`, fewest first.

    All rotas count, also deleted ones: a person is not less tired because the rota is gone. Of two
    with the same hours the one with the lower id is first, so the same question has one answer.
    """
    hours = standby_hours(user_ids, starts_at=at - timedelta(weeks=RECENT_WEEKS), ends_at=at)
    return sorted(set(user_ids), key=lambda user_id: (hours[user_id], user_id))


def standby_hours(
    user_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> dict[int, float]:
    """Hours as primary by the final schedules; two rotas at once count twice."""
    hours = dict.fromkeys(user_ids, 0.0)
    for span in duties_of(user_ids, starts_at=starts_at, ends_at=ends_at):
        if span.role is Role.PRIMARY:
            hours[span.user_id] += (span.ends_at - span.starts_at) / HOUR
    return hours


def duties_of(
    user_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> Iterator[Span]:
    """Every duty of these people by every rota, cut at the two instants."""
    found = schedules(_rotas_of(user_ids), starts_at=starts_at, ends_at=ends_at)
    return (span for spans in found.values() for span in spans if span.user_id in user_ids)


def _rotas_of(user_ids: Collection[int]) -> set[int]:
    """The rotas, also deleted ones, that may ever put one of these people on call."""
    layers = Layer.objects.filter(members__user_id__in=user_ids)
    plans = Plan.objects.filter(lieutenant_user_id__in=user_ids)
    overrides = Override.objects.filter(user_id__in=user_ids)
    rows = layers.values_list("plan__rota_id").union(
        plans.values_list("rota_id"), overrides.values_list("rota_id")
    )
    return {rota_id for (rota_id,) in rows}
