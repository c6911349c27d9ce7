"""What runbooks are for, and which ones are for what happens now."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.runbooks.logic.matching import accepts_all, read
from evenfall.runbooks.models import AlertLink, Runbook, ServiceLink
from evenfall.runbooks.queries.reading import RunbookView, runbook_views

# by hand, since it is on the way of the page of an incident; those of alerts come first
_LINKS: Final = """
SELECT runbook_id, matchers FROM (
    SELECT 1 AS place, id, runbook_id, matchers FROM runbooks_alertlink WHERE %s
    UNION ALL
    SELECT 2, id, runbook_id, NULL FROM runbooks_servicelink WHERE service_id = ANY(%s)
) link
  JOIN runbooks_runbook runbook ON runbook.id = runbook_id
 WHERE runbook.archived_at IS NULL
 ORDER BY place, link.id
"""


class LinksView(Struct, frozen=True, kw_only=True):
    """What a runbook is for; `alerts` are conditions on labels, one text for each link."""

    services: Sequence[ServiceView]
    alerts: Sequence[str]


class RunbookInUse(Struct, frozen=True, kw_only=True):
    """A runbook that fits, and why: "its service" or the conditions that the alerts fit."""

    runbook: RunbookView
    why: str


def links(runbook_id: int) -> LinksView:
    service_ids = ServiceLink.objects.filter(runbook_id=runbook_id).values_list(
        "service_id", flat=True
    )
    matchers = AlertLink.objects.filter(runbook_id=runbook_id).order_by("id")
    ids = list(service_ids)
    return LinksView(
        services=list(catalog_queries.services(ids).values()) if ids else [],
        alerts=list(matchers.values_list("matchers", flat=True)),
    )


def for_alerts(
    *,
    service_ids: Collection[int],
    labels: Collection[Mapping[str, str]],
    now: datetime,
) -> list[RunbookInUse]:
    """The runbooks for these services and for alerts with these label sets; best first.

    Those for the very alert come before those for the whole service. Archived ones are left out.
    A fixed number of queries.
    """
    reasons: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [bool(labels), list(service_ids)])
        for runbook_id, matchers in cursor.fetchall():
            parts = None if matchers is None else read(matchers)
            if parts is None:
                reasons.setdefault(runbook_id, "its service")
            elif any(accepts_all(parts, one) for one in labels):
                reasons.setdefault(runbook_id, matchers)
    return _in_use(reasons, now=now)


def of_services(service_ids: Collection[int], *, now: datetime) -> list[RunbookInUse]:
    """The runbooks for these services."""
    return for_alerts(service_ids=service_ids, labels=(), now=now)


def _in_use(reasons: Mapping[int, str], *, now: datetime) -> list[RunbookInUse]:
    rows = Runbook.objects.filter(id__in=list(reasons)).defer("search") if reasons else ()
    views = {view.id: view for view in runbook_views(rows, now=now)}
    return [
        RunbookInUse(runbook=views[runbook_id], why=why)
        for runbook_id, why in reasons.items()
        if runbook_id in views
    ]
