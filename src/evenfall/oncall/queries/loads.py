"""How much of being on call each person carried: what requests, cover and the planner go by."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from evenfall.oncall.logic import eligibility, loads, schedule
from evenfall.oncall.logic.spec import Role, RotaSpec, Span
from evenfall.oncall.models import Layer, Override, Plan
from evenfall.oncall.queries.specs import specs

RECENT_WEEKS = 4
HOUR = timedelta(hours=1)


def lowest_load_first(user_ids: Collection[int], *, at: datetime) -> list[int]:
    """The people by the hours they were primary in the four weeks before `at`, fewest first.

    All rotas count, also deleted ones: a person is not less tired because the rota is gone. For
    the time before joining somebody counts as the mean of the others, so that a newcomer is not
    asked for everything. Of two with the same hours the one with the lower id is first, so the
    same question has one answer.
    """
    wanted, starts_at = set(user_ids), at - timedelta(weeks=RECENT_WEEKS)
    found = rota_specs_of(wanted, starts_at=starts_at, ends_at=at)
    hours = dict.fromkeys(wanted, 0.0)
    for span in duties_in(found.values(), wanted, starts_at, at):
        if span.role is Role.PRIMARY:
            hours[span.user_id] += (span.ends_at - span.starts_at) / HOUR
    carried = loads.carried(hours, _shares(found.values(), wanted, starts_at, at))
    return sorted(wanted, key=lambda user_id: (carried[user_id], user_id))


def rota_specs_of(
    user_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> dict[int, RotaSpec]:
    """Every rota, also a deleted one, that may put one of these people on call in the window."""
    layers = Layer.objects.filter(members__user_id__in=user_ids)
    plans = Plan.objects.filter(lieutenant_user_id__in=user_ids)
    overrides = Override.objects.filter(user_id__in=user_ids, ends_at__gt=starts_at)
    rows = layers.values_list("plan__rota_id").union(
        plans.values_list("rota_id"), overrides.values_list("rota_id")
    )
    return specs({rota_id for (rota_id,) in rows}, since=starts_at, until=ends_at)


def duties_in(
    found: Collection[RotaSpec],
    user_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
) -> Iterator[Span]:
    """Every duty of these people by these rotas, cut at the two instants."""
    for spec in found:
        for span in schedule.final_schedule(spec, starts_at, ends_at):
            if span.user_id in user_ids:
                yield span


def _shares(
    found: Collection[RotaSpec],
    user_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
) -> dict[int, float]:
    """The part of the window since each person has a place; without any place, all of it."""
    members = eligibility.memberships(found, starts_at, ends_at)
    whole = [(starts_at, ends_at)]
    return {
        user_id: eligibility.length(members.get(user_id, whole)) / (ends_at - starts_at)
        for user_id in user_ids
    }
