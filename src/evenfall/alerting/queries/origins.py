"""Where alerts came from and what was decided for them, for many alerts at once."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.logic.candidate import StageResult
from evenfall.alerting.models import Alert, Signal
from evenfall.alerting.queries.alerts import AlertRow, alert_rows, decisions
from evenfall.alerting.queries.stories import AROUND, RawSignal, shown_signal


class AlertOrigin(Struct, frozen=True, kw_only=True):
    """One alert with the signals that opened and last changed it, as long as they are kept.

    `decision` are the stages in their order. `rules_version` is the version of the routing rules
    that decided.
    """

    alert: AlertRow
    unparsed: str
    decision: tuple[StageResult, ...]
    decided_at: datetime
    rules_version: int
    resolve_reason: str
    signals: tuple[RawSignal, ...]


def alert_origins(alert_ids: Collection[int]) -> list[AlertOrigin]:
    """These alerts, oldest first: five queries, however many."""
    found = list(Alert.objects.filter(id__in=alert_ids).order_by("id"))
    signals, said = _signals(found), decisions([alert.id for alert in found])
    return [
        AlertOrigin(
            alert=row,
            unparsed=alert.unparsed,
            decision=said.get(alert.id, ()),
            decided_at=alert.decided_at,
            rules_version=alert.rules_version,
            resolve_reason=alert.resolve_reason,
            signals=tuple(signals[i] for i in _signal_ids(alert) if i in signals),
        )
        for alert, row in zip(found, alert_rows(found), strict=True)
    ]


def _signal_ids(alert: Alert) -> list[int]:
    ids = (alert.signal_id, alert.last_signal_id)
    return list(dict.fromkeys(number for number in ids if number is not None))


def _signals(alerts: Collection[Alert]) -> dict[int, RawSignal]:
    if not alerts:
        return {}
    wanted = {number for alert in alerts for number in _signal_ids(alert)}
    # the times lead PostgreSQL to the partitions that can have them
    since = min(alert.opened_at for alert in alerts) - AROUND
    until = max(alert.last_seen_at for alert in alerts) + AROUND
    rows = Signal.objects.filter(id__in=wanted, received_at__range=(since, until))
    return {row.id: shown_signal(row) for row in rows}
