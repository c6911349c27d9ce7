"""Planned downtime: maintenance windows as stretches of time."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from evenfall.alerting.models import MaintenanceWindow
from evenfall.catalog.ports import Environment


def maintenance_spans(
    services: Collection[int] | None, *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The windows of production that overlap with a stretch of time, whole, oldest first.

    One query; None is every service. A window without services is one of all. Windows that look at
    single labels only (matchers) hold some alerts back and are no downtime.
    """
    rows = MaintenanceWindow.objects.filter(
        Q(environments=[]) | Q(environments__contains=[Environment.PROD.value]),
        starts_at__lt=until,
        ends_at__gt=since,
        matchers=[],
    )
    if services is not None:
        rows = rows.filter(Q(service_ids=[]) | Q(service_ids__overlap=list(services)))
    return list(rows.order_by("starts_at", "id").values_list("starts_at", "ends_at"))
