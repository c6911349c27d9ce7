"""The live alerts of a batch: locked and read at once, with how often the same ended lately."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from msgspec import Struct

from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.dedup import Known
from evenfall.alerting.logic.states import AlertState, key_hash
from evenfall.alerting.logic.updates import AlertUpdate, Severity, UpdateAction
from evenfall.platform.recordset import json_rows


class LiveAlert(Struct, kw_only=True):
    """An alert that is, or was, live while a batch is read; changed in place, then written.

    `id` is 0 until it has a row. `told` is the severity the sender gave last. `ended` says how
    often the same ended lately, `calm_since` since when a flapping one is said to be over, `called`
    whether people were called for it, `is_split` whether somebody said that it is no symptom.
    """

    integration_id: int
    dedup_key: str
    update: AlertUpdate
    id: int = 0
    state: AlertState = AlertState.OPEN
    told: Severity
    service_id: int | None = None
    group_key: str = ""
    title: str = ""
    unparsed: str = ""
    added: int = 0
    signal_id: int
    first_signal_id: int
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    resolve_reason: str = ""
    raised: bool = False
    ended: int = 0
    is_flapping: bool = False
    calm_since: datetime | None = None
    held_by: str = ""
    called: bool = False
    is_split: bool = False
    candidate: Candidate | None = None

    @property
    def known(self) -> Known:
        return Known(self.state, self.told, self.is_flapping)

    @property
    def actor(self) -> str:
        return f"integration:{self.integration_id}"


# With each live alert, or without one, comes how often the same ended lately, and an id where there
# is none: an alert is opened with two statements less.
_LIVE = """
WITH wanted AS (
    SELECT integration_id, decode(key, 'hex') AS key_hash, place
      FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS (integration_id bigint, key text))
           WITH ORDINALITY AS told (integration_id, key, place)
), live AS (
    SELECT alert.id, wanted.place, alert.state,
           coalesce(nullif(alert.told_severity, ''), alert.severity) AS told, alert.service_id,
           alert.group_key, alert.summary, alert.signal_id, alert.opened_at, alert.last_seen_at,
           alert.is_flapping, alert.calm_since, alert.is_split, alert.held_by,
           alert.outcome IN ('page', 'low') AND alert.held_by = '' AS called
      FROM wanted JOIN alerting_alert alert
        ON alert.integration_id = wanted.integration_id AND alert.key_hash = wanted.key_hash
     WHERE alert.state IN ('open', 'acknowledged')
     ORDER BY alert.id FOR UPDATE OF alert
)
SELECT wanted.place, live.id, live.state, live.told, live.service_id, live.group_key,
       live.summary, live.signal_id, live.opened_at, live.last_seen_at, live.is_flapping,
       live.calm_since, live.is_split, live.called, live.held_by,
       CASE WHEN live.id IS NULL
            THEN nextval(pg_get_serial_sequence('alerting_alert', 'id')) END,
       (SELECT count(*) FROM alerting_alert past
         WHERE past.integration_id = wanted.integration_id AND past.key_hash = wanted.key_hash
           AND past.state = 'resolved' AND past.resolved_at > %s)
  FROM wanted LEFT JOIN live USING (place)
"""
# stands for the words of an alert that the batch did not repeat
_NOTHING = AlertUpdate(action=UpdateAction.TRIGGER, dedup_key="")

type Identity = tuple[int, str]


class Standing(Struct, frozen=True):
    """The live alerts of some identities, and how often each of these ended lately.

    `free_ids` are unused ids of alerts: one for each identity that has no live one.
    """

    live: dict[Identity, LiveAlert]
    ended: dict[Identity, int]
    free_ids: list[int]


def standing(keys: Collection[Identity], *, ended_since: datetime) -> Standing:
    """Lock and return the live alerts with these (integration id, dedup key), by ascending id."""
    wanted = list(keys)
    if not wanted:
        return Standing({}, {}, [])
    told = [
        {"integration_id": integration, "key": key_hash(key).hex()} for integration, key in wanted
    ]
    with connection.cursor() as cursor:  # one text: the driver would look at each member of arrays
        cursor.execute(_LIVE, [json_rows(told), ended_since])
        rows = [(wanted[row[0] - 1], row[1:]) for row in cursor.fetchall()]
    return Standing(
        live={identity: _live(identity, row) for identity, row in rows if row[0] is not None},
        ended={identity: row[-1] for identity, row in rows},
        free_ids=sorted(row[-2] for _, row in rows if row[-2] is not None),
    )


def _live(identity: Identity, row: Sequence[Any]) -> LiveAlert:
    return LiveAlert(
        id=row[0],
        integration_id=identity[0],
        dedup_key=identity[1],
        state=AlertState(row[1]),
        told=Severity(row[2]),
        service_id=row[3],
        group_key=row[4],
        title=row[5],
        signal_id=row[6] or 0,
        first_signal_id=row[6] or 0,
        opened_at=row[7],
        last_seen_at=row[8],
        is_flapping=row[9],
        calm_since=row[10],
        is_split=row[11],
        called=row[12],
        held_by=row[13],
        update=_NOTHING,
    )
