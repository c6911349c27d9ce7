"""The pages behind a figure, and what is said about one person's nights."""

from datetime import datetime

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.insights.models import PagedOnce
from evenfall.insights.queries.noise import Wanted, paged
from evenfall.platform import pages


class PagedLine(Struct, frozen=True, kw_only=True):
    """One page in a list. `alert_id` may be forgotten by now."""

    page_id: int
    incident_id: int | None
    alert_id: int | None
    name: str
    service: str
    severity: str
    environment: str
    started_at: datetime
    ack_s: int | None
    over_s: int | None
    after_s: int | None
    is_night: bool
    is_acted: bool
    is_flapping: bool
    is_not_actionable: bool


def paged_page(
    wanted: Wanted, figure: str, *, cursor: str | None = None, size: int = 50
) -> pages.Page[PagedLine]:
    """Return one page of the list, newest first, without what whoever asks may not see."""
    rows = paged(wanted, figure).exclude(incident_id__in=incidents_queries.hidden())
    page = pages.keyset(rows, order=("-started_at", "-page_id"), cursor=cursor, size=size)
    services = catalog_queries.services({row.service_id for row in page.items if row.service_id})
    names = {number: service.name for number, service in services.items()}
    return page.holding([_line(row, names.get(row.service_id or 0, "")) for row in page.items])


def _line(row: PagedOnce, service: str) -> PagedLine:
    return PagedLine(
        page_id=row.page_id,
        incident_id=row.incident_id,
        alert_id=row.alert_id,
        name=row.name,
        service=service,
        severity=row.severity,
        environment=row.environment,
        started_at=row.started_at,
        ack_s=row.ack_s,
        over_s=row.over_s,
        after_s=row.after_s,
        is_night=row.is_night,
        is_acted=row.is_acted,
        is_flapping=row.is_flapping,
        is_not_actionable=row.is_not_actionable,
    )
