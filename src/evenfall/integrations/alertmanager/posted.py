"""One alert as Alertmanager's API v2 takes it, read with care.

The rules are Alertmanager's own: empty labels do not count, one label must remain, a missing
start is now, an end in the past means resolved, without an end the alert is over five minutes after
the last repeat.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from evenfall.alerting.ports import AlertUpdate, UpdateAction, labelled, wire

RESOLVE_TIMEOUT = timedelta(minutes=5)


def update(alert: object, *, received_at: datetime) -> AlertUpdate:
    """Return what one posted alert says; raises wire.Unreadable."""
    sent = _checked(alert)
    labels = labelled.labels_of(sent.get("labels"))
    ends_at = wire.moment(sent.get("endsAt"))
    starts_at = wire.moment(sent.get("startsAt")) or min(ends_at or received_at, received_at)
    if ends_at is not None and ends_at < starts_at:
        raise wire.Unreadable("the start must not be after the end")
    is_over = ends_at is not None and ends_at <= received_at
    return AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=wire.label_key(labels),
        starts_at=starts_at,
        ends_at=ends_at if is_over else None,
        expires_at=None if is_over else ends_at or received_at + RESOLVE_TIMEOUT,
        **labelled.described(labels, wire.texts(sent.get("annotations"))),
        url=wire.text(sent.get("generatorURL"), 2000),
    )


def _checked(alert: object) -> Mapping[str, Any]:
    if not isinstance(alert, dict):
        raise wire.Unreadable("an alert must be a JSON object")
    return alert
