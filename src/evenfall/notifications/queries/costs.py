"""What providers did and what it cost, from the record of every try."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, Sum
from msgspec import Struct

from evenfall.notifications.logic.costs import Budget, month_of, read_limit
from evenfall.notifications.models import Attempt
from evenfall.notifications.ports import MONTHLY_LIMIT

RATED: Final = timedelta(days=7)
ASKED_AFTER: Final = timedelta(minutes=2)
ASKED_FOR: Final = timedelta(hours=6)
AT_ONCE: Final = 200
NO_BUDGET: Final = Budget(limit=None, spent=Decimal(0))


class Sent(Struct, frozen=True, kw_only=True):
    """What an account took in some time: `costs` are (currency, amount)."""

    messages: int = 0
    costs: tuple[tuple[str, Decimal], ...] = ()


class Rate(Struct, frozen=True, kw_only=True):
    """The last seven days: of `asked` tries `taken` were taken; of `reported` `arrived` did."""

    asked: int = 0
    taken: int = 0
    reported: int = 0
    arrived: int = 0

    @property
    def taken_percent(self) -> int:
        return 100 * self.taken // self.asked if self.asked else 0

    @property
    def arrived_percent(self) -> int:
        return 100 * self.arrived // self.reported if self.reported else 0


class Record(Struct, frozen=True, kw_only=True):
    """One account in numbers. `last_error` is what it said when it last refused or lost one."""

    today: Sent = Sent()
    month: Sent = Sent()
    week: Rate = Rate()
    budget: Budget = NO_BUDGET
    last_error: str = ""
    last_error_at: datetime | None = None


def limit_of(values: Mapping[str, str]) -> Decimal | None:
    """The monthly limit of an account; None for none, and for one that cannot be read."""
    try:
        return read_limit(values.get(MONTHLY_LIMIT, ""))
    except ValueError:
        return None


def spent_this_month(names: Collection[str], *, now: datetime) -> dict[str, Decimal]:
    """What these accounts have cost since the month began, each in its own currency."""
    rows = Attempt.objects.filter(
        via__in=names, answered_at__gte=month_of(now), cost__isnull=False
    ).order_by()
    return dict(rows.values_list("via").annotate(spent=Sum("cost")))


def without_price(names: Collection[str], *, now: datetime) -> dict[int, tuple[str, str]]:
    """Tries of these accounts whose price may be known by now: id -> (account, provider's id)."""
    rows = Attempt.objects.filter(
        via__in=names,
        accepted=True,
        cost=None,
        answered_at__gt=now - ASKED_FOR,
        answered_at__lt=now - ASKED_AFTER,
    ).exclude(provider_id="")
    fields = rows.order_by("answered_at").values_list("id", "via", "provider_id")
    return {attempt_id: (via, provider_id) for attempt_id, via, provider_id in fields[:AT_ONCE]}


def records(limits: Mapping[str, Decimal | None], *, now: datetime) -> dict[str, Record]:
    """The numbers of the accounts with these names. A fixed number of queries."""
    names = list(limits)
    today = _sent(names, now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))
    month, week = _sent(names, month_of(now)), _rates(names, now - RATED)
    errors = _last_errors(names, now - RATED)
    return {
        name: Record(
            today=today.get(name, Sent()),
            month=month.get(name, Sent()),
            week=week.get(name, Rate()),
            budget=Budget(limit=limit, spent=_total(month.get(name))),
            last_error=errors.get(name, ("", None))[0],
            last_error_at=errors.get(name, ("", None))[1],
        )
        for name, limit in limits.items()
    }


def _sent(names: Collection[str], since: datetime) -> dict[str, Sent]:
    rows = Attempt.objects.filter(via__in=names, answered_at__gte=since, accepted=True).order_by()
    counts: dict[str, int] = defaultdict(int)
    costs: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    summed = rows.values_list("via", "currency").annotate(messages=Count("id"), cost=Sum("cost"))
    for name, currency, messages, cost in summed.order_by("currency"):
        counts[name] += messages
        if cost is not None:
            costs[name].append((currency, cost))
    return {name: Sent(messages=counts[name], costs=tuple(costs[name])) for name in counts}


def _total(sent: Sent | None) -> Decimal:
    return sum((cost for _, cost in sent.costs), Decimal(0)) if sent else Decimal(0)


def _rates(names: Collection[str], since: datetime) -> dict[str, Rate]:
    rows = Attempt.objects.filter(via__in=names, answered_at__gte=since).order_by()
    counted = rows.values("via").annotate(
        asked=Count("id"),
        taken=Count("id", filter=Q(accepted=True)),
        reported=Count("id", filter=Q(delivered__isnull=False)),
        arrived=Count("id", filter=Q(delivered=True)),
    )
    return {
        row["via"]: Rate(
            asked=row["asked"],
            taken=row["taken"],
            reported=row["reported"],
            arrived=row["arrived"],
        )
        for row in counted
    }


def _last_errors(names: Collection[str], since: datetime) -> dict[str, tuple[str, datetime]]:
    rows = (
        Attempt.objects.filter(via__in=names, answered_at__gte=since)
        .filter(Q(accepted=False) | Q(delivered=False))
        .order_by("via", "-answered_at")
        .distinct("via")
    )
    return {row.via: (row.detail, row.reported_at or row.answered_at) for row in rows}
