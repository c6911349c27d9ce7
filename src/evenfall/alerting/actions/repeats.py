"""What the front door knows before the pipeline: alerts that were only repeated, and that it is up.

An alert that its sender keeps repeating is over when the repeats stop. But repeats also stop when
we cannot receive them, so the time during which nobody could is added to every such alert.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from evenfall.alerting.events import IntakeInterrupted
from evenfall.alerting.logic.states import key_hash
from evenfall.alerting.models import IntakeBeat, SignalBatch
from evenfall.platform.events import publish
from evenfall.platform.models import Beat

# the front door beats under this name every few seconds; `detail["since"]` is when it opened
FRONT_DOOR = "alerting.intake"
# longer without a beat, and the door counts as closed
SILENT_AFTER = timedelta(seconds=20)

_SEEN = """
UPDATE alerting_alert alert SET
    last_seen_at = greatest(alert.last_seen_at, %s),
    expires_at = greatest(alert.expires_at, to_timestamp(seen.expires_at))
FROM unnest(%s::bigint[], %s::bytea[], %s::float8[])
     AS seen (integration_id, key_hash, expires_at)
WHERE alert.integration_id = seen.integration_id AND alert.key_hash = seen.key_hash
  AND alert.state IN ('open', 'acknowledged')
"""
_MAKE_UP = """
UPDATE alerting_alert SET expires_at = expires_at + make_interval(secs => %s)
WHERE state IN ('open', 'acknowledged') AND expires_at > %s
"""


def prolong_alerts(*, sightings: Sequence[tuple[int, str, float]], now: datetime) -> int:
    """Move the end of live alerts that were repeated unchanged; return how many were found.

    A sighting is (integration id, dedup key, expires at in seconds since 1970).
    """
    if not sightings:
        return 0
    integrations, keys, expires = (list(column) for column in zip(*sightings, strict=True))
    hashes = [key_hash(key) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [now, integrations, hashes, expires])
        return int(cursor.rowcount)


def make_up_for_outage(*, now: datetime) -> timedelta:
    """Add the time the front door was closed to all alerts that wait for repeats; return it.

    Done once for each outage, by whoever locks the row first.
    """
    door = Beat.objects.filter(name=FRONT_DOOR).first()
    if door is None or IntakeBeat.objects.filter(name=FRONT_DOOR, at=door.at).exists():
        return timedelta()
    opened = datetime.fromisoformat(door.detail.get("since", door.at.isoformat()))
    with transaction.atomic():
        seen, _ = IntakeBeat.objects.select_for_update().get_or_create(
            name=FRONT_DOOR, defaults={"at": door.at}
        )
        closed = max(opened - seen.at, timedelta())
        if closed:
            with connection.cursor() as cursor:
                cursor.execute(_MAKE_UP, [closed.total_seconds(), seen.at])
            seconds = int(closed.total_seconds())
            publish(IntakeInterrupted(at=now, since=seen.at, seconds=seconds))
        seen.at = door.at
        seen.save(update_fields=["at"])
    return closed


def heard_until(*, now: datetime) -> datetime | None:
    """Return until when everything that was sent is known to the alerts; None: the door is closed.

    Signals still on the queue may hold repeats, so nothing later than the oldest of them is known.
    """
    door = Beat.objects.filter(name=FRONT_DOOR, at__gte=now - SILENT_AFTER).first()
    if door is None:
        return None
    waiting = SignalBatch.objects.aggregate(oldest=Min("received_from"))["oldest"]
    return min(now, waiting) if waiting else now
