"""Take due notices and hand them over.

Two steps, each one commit: `claim_due` reserves rows for this process and reads them, then
`hand_over` writes, right before the providers are called, that they have left. Between the two a
notice can still be cancelled; after the second it cannot, and a crash leaves a visible trace.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import connection, transaction
from msgspec.structs import replace

from evenfall.notifications.actions import checking, responding, verifying
from evenfall.notifications.actions.attempts import tried_before
from evenfall.notifications.actions.claiming import Due, Rooms, Row, claim, load, read
from evenfall.notifications.actions.essential import essential_ids
from evenfall.notifications.actions.planning import VERIFY, settle_failures
from evenfall.notifications.actions.reply_codes import give_codes
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import Happening, NoticeState, sources
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Content, Message, badges, checked_kinds
from evenfall.notifications.queries import CHECK, absolute
from evenfall.platform.errors import DomainError

SEND_TIMEOUT: Final = timedelta(seconds=10)  # the longest that a provider may take
SEND_LEASE: Final = SEND_TIMEOUT + timedelta(seconds=2)  # lost sends are found within 15 s

_UNREADABLE: Final = (DomainError, msgspec.ValidationError)  # a lost key, an old content

_HAND_OVER: Final = """
WITH mine AS (
    SELECT id FROM notifications_notice
     WHERE id = ANY(%(ids)s) AND state = ANY(%(states)s)
     ORDER BY id
       FOR UPDATE
)
UPDATE notifications_notice AS notice
   SET state = %(sent)s, attempts = attempts + 1, handed_over_at = %(now)s,
       lease_until = %(lease_until)s
  FROM mine
 WHERE notice.id = mine.id
RETURNING notice.id, notice.attempts
"""


def claim_due(*, rooms: Rooms, now: datetime) -> list[Message]:
    """Reserve due notices, at most `rooms` of each kind and urgency, and load their messages.

    High urgency comes first in the result. Races with other senders: SKIP LOCKED keeps them apart.
    """
    open_rooms = {pool: free for pool, free in rooms.items() if free > 0}
    if not open_rooms:
        return []
    with transaction.atomic():
        claimed = claim(open_rooms, now)
        return _messages(claimed, now) if claimed else []


def hand_over(*, ids: Collection[int], now: datetime) -> dict[int, int]:
    """Write that these notices leave now; returns notice id -> number of this attempt.

    Only what is in the result may be given to a provider: the others were cancelled, or taken
    over by another sender after this one was slow.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _HAND_OVER,
            {
                "ids": list(ids),
                "states": [state.value for state in sources(Happening.HAND_OVER)],
                "sent": NoticeState.SENT.value,
                "now": now,
                "lease_until": now + SEND_LEASE,
            },
        )
        return dict(cursor.fetchall())


def message_of(notice_id: int, *, now: datetime) -> Message:
    """The message of a notice, for a channel that is asked for its words while it is on the line.

    Its `attempt` is the next one. Raises NoticeNotFound.
    """
    return _message(load(notice_id), now)


def _messages(claimed: Sequence[Row], now: datetime) -> list[Message]:
    """The messages of claimed notices; a notice that cannot be read fails alone."""
    try:
        return _told([read(row) for row in claimed], now)
    except _UNREADABLE:
        return [message for row in claimed for message in _told_alone(row, now)]


def _told(due: Iterable[Due], now: datetime) -> list[Message]:
    """High urgency first, as it sorts before low."""
    inorder = sorted(due, key=lambda one: (one.notice.urgency, one.notice.due_at, one.notice.id))
    rows = [one.notice for one in inorder]
    give_codes(rows, now=now)
    counts = _badges(rows)
    essential, tried = essential_ids(rows), tried_before(rows)
    return [
        _message(
            one,
            now,
            is_essential=one.notice.id in essential,
            tried=tried.get(one.notice.id, ()),
            badge=counts.get(one.notice.user_id),
        )
        for one in inorder
    ]


def _badges(rows: Iterable[Notice]) -> dict[int, int]:
    """The numbers for those who are reached on a device; no query where nobody is."""
    kinds = checked_kinds()
    people = {row.user_id for row in rows if row.kind in kinds}
    return badges(people) if people else {}


def _told_alone(row: Row, now: datetime) -> list[Message]:
    try:
        return _told([read(row)], now)
    except _UNREADABLE as error:
        _fail_unreadable(row[1], str(error), now)
        return []


def _fail_unreadable(notice_id: int, reason: str, now: datetime) -> None:
    row = Notice.objects.get(id=notice_id)
    row.state, row.reason = NoticeState.FAILED.value, reason
    row.lease_until, row.finished_at = None, now
    row.save(update_fields=["state", "reason", "lease_until", "finished_at"])
    settle_failures([row], now=now)


def _message(
    due: Due,
    now: datetime,
    *,
    is_essential: bool = True,
    tried: tuple[str, ...] = (),
    badge: int | None = None,
) -> Message:
    row = due.notice
    content = msgspec.convert(row.content, Content)
    method = row.contact_method
    code = ""
    respond_url = responding.url_of(row, "", now=now) if content.actions else ""
    if method is not None and row.purpose == VERIFY:
        code = verifying.code_of(method)
        respond_url = verifying.confirm_url(method, now=now)
        content = verifying.with_code(content, code=code, confirm_url=respond_url)
    elif method is not None and row.purpose == CHECK:
        respond_url = checking.answer_url(method, now=now)
    return Message(
        notice_id=row.id,
        kind=row.kind,
        idempotency_key=f"notice-{row.id}",
        attempt=row.attempts + 1,
        urgency=Urgency(row.urgency),
        purpose=row.purpose,
        language=due.language,
        subject=row.subject,
        address=row.address if method is None else method.address,
        secret="" if method is None else method.secret,
        content=replace(content, url=absolute(content.url)),
        respond_url=respond_url,
        action_links=responding.links_of(row, content.actions, now=now),
        code=code,
        reply_code="" if row.reply_code is None else str(row.reply_code),
        short_url=responding.short_url(row) if content.actions and not code else "",
        is_essential=is_essential,
        tried=tried,
        badge=badge,
    )
