"""Uploads as pages and the API show them."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from evenfall.importing import errors, ports
from evenfall.importing.models import Upload

KEPT_DAYS = 90
SHOWN = 10


class UploadView(Struct, frozen=True, kw_only=True):
    """`label` is what people call the tool; `imported_at` is None until a run."""

    id: int
    vendor: str
    label: str
    team_id: int
    file_name: str
    created_at: datetime
    imported_at: datetime | None


def upload(upload_id: int) -> UploadView:
    """Raises `UploadNotFound`."""
    row = Upload.objects.filter(id=upload_id).defer("items").first()
    if row is None:
        raise errors.UploadNotFound(upload_id=upload_id)
    return view_of(row)


def recent_uploads(team_ids: Collection[int]) -> list[UploadView]:
    """The newest uploads for these teams whose content is still known."""
    rows = Upload.objects.filter(team_id__in=team_ids, items__isnull=False).defer("items")
    return [view_of(row) for row in rows.order_by("-id")[:SHOWN]]


def view_of(row: Upload) -> UploadView:
    vendor = ports.translator(row.vendor)
    return UploadView(
        id=row.id,
        vendor=row.vendor,
        label=vendor.label if vendor else row.vendor,
        team_id=row.team_id,
        file_name=row.file_name,
        created_at=row.created_at,
        imported_at=row.imported_at,
    )
