"""Outages as stretches of time: what downtime is measured by."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q

from evenfall.catalog.ports import Environment
from evenfall.monitors.models import Outage

REACHING: Final = ("dns", "http", "icmp", "tcp")
"""The kinds that find out whether people reach a service; a backup that is old is no downtime."""

type DownSpan = tuple[int, datetime, datetime | None]


def production_downs(
    services: Collection[int] | None, *, since: datetime, until: datetime
) -> list[DownSpan]:
    """When probes did not reach services in production: service, from, until (None: still).

    One query; None is every service. Oldest first.
    """
    rows = Outage.objects.filter(
        Q(until_at=None) | Q(until_at__gt=since),
        from_at__lt=until,
        monitor__kind__in=REACHING,
        monitor__environment=Environment.PROD.value,
    )
    if services is not None:
        rows = rows.filter(monitor__service_id__in=services)
    found = rows.order_by("from_at", "id")
    return list(found.values_list("monitor__service_id", "from_at", "until_at"))
