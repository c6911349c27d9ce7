"""Uptimes, from the sums of looks: two queries, however many monitors."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Sum as Added

from evenfall.monitors.logic.uptime import WINDOWS, Sum, Uptime, added, uptime
from evenfall.monitors.models import Monitor, Tally

_LONGEST = timedelta(days=max(WINDOWS) - 1)
_RESULTS = ("good", "bad", "unknown")


def uptimes(monitor_ids: Collection[int], *, now: datetime, bars: int = 30) -> dict[int, Uptime]:
    """The uptimes of these monitors, with a bar for each of the newest days of UTC."""
    hours, days = _hours(monitor_ids, now), _days(monitor_ids, now)
    return {
        number: uptime(hours.get(number, Sum()), days.get(number, {}), today=now.date(), bars=bars)
        for number in monitor_ids
    }


def service_uptime(service_id: int, *, now: datetime, bars: int = 90) -> Uptime:
    """All looks at a service together, those of monitors that were removed too."""
    ids = list(Monitor.objects.filter(service_id=service_id).values_list("id", flat=True))
    hours, found = _hours(ids, now), _days(ids, now)
    days: dict[date, Sum] = {}
    for of_monitor in found.values():
        for day, one in of_monitor.items():
            days[day] = added([days.get(day, Sum()), one])
    return uptime(added(hours.values()), days, today=now.date(), bars=bars)


def _hours(monitor_ids: Collection[int], now: datetime) -> dict[int, Sum]:
    """The last 24 hours, the one that goes on included."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    rows = Tally.objects.filter(monitor_id__in=monitor_ids, span="hour", starts_at__gte=first)
    sums = rows.values_list("monitor_id").annotate(*(Added(name) for name in _RESULTS))
    return {number: Sum(good, bad, unknown) for number, good, bad, unknown in sums}


def _days(monitor_ids: Collection[int], now: datetime) -> dict[int, dict[date, Sum]]:
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - _LONGEST
    rows = Tally.objects.filter(monitor_id__in=monitor_ids, span="day", starts_at__gte=first)
    found: dict[int, dict[date, Sum]] = {}
    for number, at, good, bad, unknown in rows.values_list("monitor_id", "starts_at", *_RESULTS):
        found.setdefault(number, {})[at.date()] = Sum(good, bad, unknown)
    return found
