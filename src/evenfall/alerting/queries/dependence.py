"""What waits for other services, and by which settings."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from evenfall.alerting.logic.causes import FIRST_TIER, MOST_STEPS, WINDOW, Holding
from evenfall.alerting.models import Alert, DependenceSettings, ServiceHolding
from evenfall.alerting.queries.alerts import IS_LIVE, AlertRow, alerts
from evenfall.catalog import queries as catalog_queries

_SHOWN = 50


class HoldingView(Struct, frozen=True, kw_only=True):
    """Whether alerts of a service may wait; `is_vital`: by *auto* critical ones do not."""

    service_id: int
    service: str
    slug: str
    team_id: int
    holding: Holding
    needs: tuple[str, ...]
    is_vital: bool


class DependenceView(Struct, frozen=True, kw_only=True):
    """`window` is how far apart cause and symptom may begin; `services` are those that need one."""

    is_on: bool
    most_steps: int
    window: timedelta
    services: tuple[HoldingView, ...]

    @property
    def window_minutes(self) -> int:
        return int(self.window.total_seconds() // 60)


class Waiting(Struct, frozen=True, kw_only=True):
    """An alert that waits, and the one it waits for."""

    alert: AlertRow
    cause: AlertRow


def dependence() -> DependenceView:
    """The settings, and every service that needs another one hard."""
    row = DependenceSettings.objects.first()
    return DependenceView(
        is_on=row.is_on if row else True,
        most_steps=row.most_steps if row else MOST_STEPS,
        window=timedelta(seconds=row.window_s) if row else WINDOW,
        services=tuple(_holdings()),
    )


def holding_of(service_id: int) -> Holding:
    found = ServiceHolding.objects.filter(service_id=service_id).values_list("holding", flat=True)
    return Holding(found.first() or Holding.AUTO)


def _holdings() -> Sequence[HoldingView]:
    services = catalog_queries.services()
    held = dict(ServiceHolding.objects.values_list("service_id", "holding"))
    needs: dict[int, list[str]] = {}
    for service_id, needed in catalog_queries.hard_edges():
        if service_id in services and needed in services:
            needs.setdefault(service_id, []).append(services[needed].name)
    return [
        HoldingView(
            service_id=one.id,
            service=one.name,
            slug=one.slug,
            team_id=one.team_id,
            holding=Holding(held.get(one.id, Holding.AUTO)),
            needs=tuple(sorted(needs[one.id])),
            is_vital=one.tier == FIRST_TIER,
        )
        for one in services.values()
        if one.id in needs
    ]


def awaited(row: AlertRow) -> AlertRow | None:
    """The alert that this one waits for; None for one that waits for no other service."""
    kind, _, number = row.held_by.partition(":")
    return alerts([int(number)]).get(int(number)) if kind == "cause" else None


def waiting() -> list[Waiting]:
    """The newest alerts that wait for the problem of another service."""
    rows = Alert.objects.filter(IS_LIVE, inhibitor_id__isnull=False, held_by__startswith="cause:")
    pairs = list(rows.order_by("-id").values_list("id", "inhibitor_id")[:_SHOWN])
    known = alerts({number for pair in pairs for number in pair if number is not None})
    return [
        Waiting(alert=known[number], cause=known[cause])
        for number, cause in pairs
        if number in known and cause in known
    ]
