"""Copies of pages as those who look after them see them; secrets are not among it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.statuspages import errors, ports
from evenfall.statuspages.models import PageCopy


class CopyView(Struct, frozen=True, kw_only=True):
    """`place` says where in words; `stored_at` is when all of it was last stored.

    `is_behind`: the page says something newer. `error` is what went wrong the last time.
    """

    id: int
    kind: str
    label: str
    place: str
    values: Mapping[str, str]
    address: str
    stale_minutes: int
    is_on: bool
    is_behind: bool
    stored_at: datetime | None
    failures: int
    failed_at: datetime | None
    error: str
    due_at: datetime

    @property
    def state(self) -> str:
        """off, failed, waiting or stored."""
        if not self.is_on:
            return "off"
        if self.error:
            return "failed"
        return "waiting" if self.stored_at is None or self.is_behind else "stored"


def copies(status_page_id: int) -> list[CopyView]:
    """Every copy of a page, the oldest first; one query."""
    rows = PageCopy.objects.filter(page_id=status_page_id).select_related("page")
    return [_view(row) for row in rows.order_by("id")]


def copy(status_page_id: int, copy_id: int) -> CopyView:
    """Raises CopyNotFound."""
    rows = PageCopy.objects.filter(page_id=status_page_id, id=copy_id).select_related("page")
    row = rows.first()
    if row is None:
        raise errors.CopyNotFound
    return _view(row)


def _view(row: PageCopy) -> CopyView:
    return CopyView(
        id=row.pk,
        kind=row.kind,
        label=ports.place(row.kind).label,
        place=row.place,
        values=row.values,
        address=row.address,
        stale_minutes=row.stale_minutes,
        is_on=row.is_on,
        is_behind=row.page.version > row.stored_version,
        stored_at=row.stored_at,
        failures=row.failures,
        failed_at=row.failed_at,
        error=row.error,
        due_at=row.due_at,
    )
