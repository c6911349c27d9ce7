"""Maintenance that comes back, with the times it will."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from evenfall.alerting.errors import MaintenanceNotFound
from evenfall.alerting.logic import recurring
from evenfall.alerting.logic.hours import zone_named
from evenfall.alerting.logic.matchers import Matcher, from_json
from evenfall.alerting.logic.recurring import Recurrence
from evenfall.alerting.models import MaintenanceWindow, RecurringMaintenance
from evenfall.catalog import queries as catalog_queries
from evenfall.platform import pages

_SHOWN = 5


class NextWindow(Struct, frozen=True, kw_only=True):
    """One time it comes, aware UTC; `is_off` when somebody called it off or ended it early."""

    starts_at: datetime
    ends_at: datetime
    is_off: bool = False


class RecurringView(Struct, frozen=True, kw_only=True):
    """`begins_on` and `begins_at` are on the wall of `zone`; `next` are the next five times."""

    id: int
    name: str
    rule: str
    begins_on: date
    begins_at: time
    length: timedelta
    zone: str
    exceptions: tuple[date, ...]
    last_on: date | None
    services: tuple[str, ...]
    service_ids: tuple[int, ...]
    environments: tuple[str, ...]
    matchers: tuple[Matcher, ...]
    created_at: datetime
    created_by_name: str
    ended_at: datetime | None
    next: tuple[NextWindow, ...]
    version: int = 1

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or not self.next

    @property
    def rule_words(self) -> str:
        return recurring.rule_words(self.rule)

    @property
    def length_minutes(self) -> int:
        return int(self.length.total_seconds() // 60)


def recurrence_of(row: RecurringMaintenance) -> Recurrence:
    return Recurrence(
        rule=row.rule,
        first=datetime.combine(row.begins_on, row.begins_at),
        length=timedelta(seconds=row.length_s),
        zone=zone_named(row.zone),
        exceptions=frozenset(row.exceptions),
        last=row.last_on,
    )


def recurring_page(*, now: datetime, cursor: str | None = None) -> pages.Page[RecurringView]:
    """Fifty of them by name: those that come back."""
    rows = RecurringMaintenance.objects.filter(ended_at=None)
    page = pages.keyset(rows, order=("name", "id"), cursor=cursor)
    return page.holding(_views(page.items, now))


def recurring_ahead(*, now: datetime) -> list[RecurringView]:
    """All that comes back from now on, by name."""
    rows = RecurringMaintenance.objects.filter(ended_at=None).order_by("name", "id")
    return [one for one in _views(list(rows), now) if not one.is_over]


def recurring_maintenance(recurring_id: int, *, now: datetime) -> RecurringView:
    """Raise MaintenanceNotFound when there is none."""
    row = RecurringMaintenance.objects.filter(id=recurring_id).first()
    if row is None:
        raise MaintenanceNotFound(maintenance_id=recurring_id)
    return _views([row], now)[0]


def _views(rows: Sequence[RecurringMaintenance], now: datetime) -> list[RecurringView]:
    services = catalog_queries.services({number for row in rows for number in row.service_ids})
    ended = MaintenanceWindow.objects.filter(series__in=rows).exclude(ended_by="")
    off = set(ended.values_list("series_id", "day"))
    return [
        RecurringView(
            id=row.pk,
            name=row.name,
            rule=row.rule,
            begins_on=row.begins_on,
            begins_at=row.begins_at,
            length=timedelta(seconds=row.length_s),
            zone=row.zone,
            exceptions=tuple(row.exceptions),
            last_on=row.last_on,
            services=tuple(services[n].name for n in row.service_ids if n in services),
            service_ids=tuple(row.service_ids),
            environments=tuple(row.environments),
            matchers=from_json(row.matchers),
            created_at=row.created_at,
            created_by_name=row.created_by_name,
            ended_at=row.ended_at,
            version=row.version,
            next=()
            if row.ended_at
            else tuple(
                NextWindow(
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    is_off=(row.pk, one.day) in off,
                )
                for one in recurring.following(recurrence_of(row), since=now, count=_SHOWN)
            ),
        )
        for row in rows
    ]
