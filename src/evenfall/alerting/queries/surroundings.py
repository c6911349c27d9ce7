"""What is around an alert: its service, what helps there, and what changed lately."""

from datetime import timedelta
from typing import Final

from msgspec import Struct

from evenfall.alerting.queries.alerts import AlertRow
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.changes import queries as changes_queries
from evenfall.changes.queries import ChangeView

BEFORE: Final = timedelta(hours=6)
AFTER: Final = timedelta(minutes=15)
"""Pipelines report a deploy when it ends; its harm may begin before that."""
_MOST: Final = 8


class NearChange(Struct, frozen=True, kw_only=True):
    """A change, and the name of the service it was made at where that is another one."""

    change: ChangeView
    service: str = ""


class Surroundings(Struct, frozen=True, kw_only=True):
    """`changes` are those of the service and of what it needs, newest first."""

    service: ServiceView
    changes: tuple[NearChange, ...]


def surroundings(row: AlertRow) -> Surroundings | None:
    """What is around an alert of a service; four queries. None for one without a service."""
    if row.service_id is None:
        return None
    service = catalog_queries.service(row.service_id)
    names = {link.service.id: link.service.name for link in catalog_queries.needs(service.id)}
    found = changes_queries.changes_between(
        {service.id, *names},
        since=row.opened_at - BEFORE,
        until=row.opened_at + AFTER,
        limit=_MOST,
    )
    changes = (NearChange(change=one, service=names.get(one.service_id or 0, "")) for one in found)
    return Surroundings(service=service, changes=tuple(changes))
