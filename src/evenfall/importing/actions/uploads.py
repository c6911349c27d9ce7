"""Taking a file in. Nothing of it is written anywhere else before somebody runs it."""

from datetime import datetime, timedelta

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.importing import errors
from evenfall.importing.logic.export import Unreadable, read, stored
from evenfall.importing.models import Upload
from evenfall.importing.queries.plans import known_translator, translated
from evenfall.importing.queries.uploads import KEPT_DAYS


@transaction.atomic
def receive(
    *, vendor: str, team_id: int, file_name: str, body: bytes, now: datetime, actor: str
) -> int:
    """Return the id of a new upload which can be read as an export of this tool.

    Older uploads lose their content, for it holds names and addresses. Raises `VendorUnknown`,
    `FileMissing`, `ExportUnreadable` with the path inside the file, `TeamNotFound`.
    """
    translator = known_translator(vendor)
    identity_queries.team(team_id)
    if not body.strip():
        raise errors.FileMissing(field="file")
    try:
        items = stored(read(body, translator.collections))
    except Unreadable as error:
        raise errors.ExportUnreadable(where=error.where, why=error.why, field="file") from error
    translated(vendor, items, now=now)
    old = Upload.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS))
    old.filter(items__isnull=False).update(items=None)
    row = Upload.objects.create(
        vendor=vendor,
        team_id=team_id,
        file_name=file_name.replace("\0", "")[:200],
        items=items,
        created_at=now,
        created_by=actor,
    )
    return row.id
