"""Give messages the short numbers by which people answer them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from evenfall.notifications import ports
from evenfall.notifications.logic.reply_codes import FRESH_FOR, next_code
from evenfall.notifications.logic.responding import LIFETIME
from evenfall.notifications.models import Notice

_LOCK: Final = 0x5245_504C  # one sender at a time gives numbers


def give_codes(rows: Sequence[Notice], *, now: datetime) -> None:
    """Number the notices that can be answered by text, in the caller's transaction.

    Messages about the same subject to the same person have the same number; no two subjects that
    are fresh share one at the same address. Senders take turns.
    """
    wanting = [row for row in rows if _wants(row)]
    if not wanting:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    given = _Given(_numbered({row.address for row in wanting}, now), now)
    for row in sorted(wanting, key=lambda row: row.id):
        row.reply_code = given.to(row)
    Notice.objects.bulk_update(wanting, ["reply_code"])


def _wants(row: Notice) -> bool:
    return (
        row.reply_code is None
        and ports.takes_replies(row.kind)
        and bool(row.content.get("actions"))
    )


def _numbered(addresses: Collection[str], now: datetime) -> list[Notice]:
    rows = Notice.objects.filter(
        address__in=addresses, reply_code__isnull=False, planned_at__gt=now - LIFETIME
    )
    fields = ("address", "user_id", "subject", "reply_code", "planned_at")
    return list(rows.only(*fields).order_by("id"))


class _Given:
    """The numbers of each address, in the order given."""

    def __init__(self, numbered: Iterable[Notice], now: datetime) -> None:
        self._of_subject: dict[tuple[str, int, str], int] = {}
        self._fresh: dict[str, set[int]] = {}
        self._last: dict[str, int] = {}
        for row in numbered:
            if row.reply_code is not None:
                self._note(row, row.reply_code, is_fresh=now - row.planned_at < FRESH_FOR)

    def to(self, row: Notice) -> int:
        known = self._of_subject.get((row.address, row.user_id, row.subject))
        if known is not None:
            return known
        taken = self._fresh.get(row.address, set())
        code = next_code(self._last.get(row.address), taken=taken)
        self._note(row, code, is_fresh=True)
        return code

    def _note(self, row: Notice, code: int, *, is_fresh: bool) -> None:
        self._of_subject[row.address, row.user_id, row.subject] = code
        self._last[row.address] = code
        if is_fresh:
            self._fresh.setdefault(row.address, set()).add(code)
