"""How well messages get through: for each provider from its tries, for each person from notices.

A provider is measured by what it did with each try; a person by whether a message arrived in the
end, whichever provider carried it. Proofs of addresses (codes) are left out of both.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from msgspec import Struct

from evenfall.notifications.queries.channels import INBOX, channel_label

DAYS: Final = (7, 30)
_VERIFY: Final = "verify"

_PROVIDERS: Final = """
SELECT notice.kind, attempt.via, count(*),
       count(*) FILTER (WHERE attempt.accepted),
       count(*) FILTER (WHERE attempt.delivered),
       count(*) FILTER (WHERE NOT attempt.accepted OR NOT attempt.delivered),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY
           extract(epoch FROM attempt.answered_at - attempt.handed_over_at)::float8)
           FILTER (WHERE attempt.accepted),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY
           extract(epoch FROM coalesce(attempt.reported_at, attempt.answered_at)
                   - attempt.handed_over_at)::float8)
           FILTER (WHERE attempt.delivered)
  FROM notifications_attempt AS attempt
  JOIN notifications_notice AS notice ON notice.id = attempt.notice_id
 WHERE attempt.answered_at > %(since)s AND attempt.answered_at <= %(now)s
   AND notice.purpose <> %(verify)s
 GROUP BY notice.kind, attempt.via
 ORDER BY notice.kind, attempt.via
"""
_PEOPLE: Final = """
SELECT notice.user_id, notice.kind, '', count(*),
       count(*) FILTER (WHERE notice.state IN ('accepted', 'delivered')),
       count(*) FILTER (WHERE notice.state = 'delivered'),
       count(*) FILTER (WHERE notice.state IN ('failed', 'unknown')),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY
           extract(epoch FROM notice.accepted_at - notice.first_due_at)::float8)
           FILTER (WHERE notice.state IN ('accepted', 'delivered')),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY
           extract(epoch FROM notice.finished_at - notice.first_due_at)::float8)
           FILTER (WHERE notice.state = 'delivered')
  FROM notifications_notice AS notice
 WHERE notice.user_id = ANY(%(people)s)
   AND notice.first_due_at > %(since)s AND notice.first_due_at <= %(now)s
   AND notice.kind <> %(inbox)s AND notice.purpose <> %(verify)s
   AND notice.handed_over_at IS NOT NULL
   AND notice.state IN ('accepted', 'delivered', 'failed', 'unknown')
 GROUP BY notice.user_id, notice.kind
 ORDER BY notice.user_id, notice.kind
"""


class Rate(Struct, frozen=True, kw_only=True):
    """What became of messages of one kind. Times are seconds, None where nothing can be measured.

    `via` is the provider's name where the kind has several. `accepted` counts the delivered ones
    too; what is neither delivered nor failed was taken, and nobody said what became of it.
    """

    kind: str
    channel: str
    via: str
    sent: int
    accepted: int
    delivered: int
    failed: int
    accept_median_s: float | None
    accept_p95_s: float | None
    deliver_median_s: float | None
    deliver_p95_s: float | None

    @property
    def name(self) -> str:
        return f"{self.via} ({self.channel})" if self.via else self.channel

    @property
    def untold(self) -> int:
        """How many were taken without a word about what became of them."""
        return self.sent - self.delivered - self.failed

    @property
    def success(self) -> float:
        """The part that did not fail, 0 to 1."""
        return 1 - self.failed / self.sent if self.sent else 0.0


def provider_rates(*, now: datetime, days: int) -> list[Rate]:
    """Each kind and provider that was asked in the last days; one statement."""
    since = now - timedelta(days=days)
    rows = _rows(_PROVIDERS, {"since": since, "now": now, "verify": _VERIFY})
    return [_rate(row) for row in rows]


def person_rates(user_ids: Collection[int], *, now: datetime, days: int) -> dict[int, list[Rate]]:
    """How these people were reached in the last days, by person; one statement.

    Times run from the moment a message was due, so retries and waiting count.
    """
    if not user_ids:
        return {}
    values = {
        "people": list(user_ids),
        "since": now - timedelta(days=days),
        "now": now,
        "inbox": INBOX,
        "verify": _VERIFY,
    }
    rows = _rows(_PEOPLE, values)
    found: dict[int, list[Rate]] = {}
    for user_id, *row in rows:
        found.setdefault(user_id, []).append(_rate(row))
    return found


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _rate(row: Sequence[Any]) -> Rate:
    kind, via, sent, accepted, delivered, failed, accept, deliver = row
    accept_median, accept_p95 = accept or (None, None)
    deliver_median, deliver_p95 = deliver or (None, None)
    return Rate(
        kind=kind,
        channel=channel_label(kind),
        via=via,
        sent=sent,
        accepted=accepted,
        delivered=delivered,
        failed=failed,
        accept_median_s=accept_median,
        accept_p95_s=accept_p95,
        deliver_median_s=deliver_median,
        deliver_p95_s=deliver_p95,
    )
