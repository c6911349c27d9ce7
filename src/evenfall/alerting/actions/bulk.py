"""Many alerts at once, and that taken back. Locks: the act, then alerts by ascending id."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction
from msgspec import Struct

from evenfall.alerting import errors
from evenfall.alerting.actions.holding_symptoms import keep_roles
from evenfall.alerting.actions.redeciding import batch_of, redecide_batch
from evenfall.alerting.actions.responding import acknowledge_alerts, resolve_alerts
from evenfall.alerting.events import AlertReopened, AlertUnacknowledged
from evenfall.alerting.logic import taking_back
from evenfall.alerting.logic.states import AlertState, Move
from evenfall.alerting.logic.taking_back import Left, Standing
from evenfall.alerting.models import Alert, BulkAct
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.events import publish

_KEPT: Final = timedelta(days=1)
_CLEARED: Final[Mapping[Move, Mapping[str, str | None]]] = {
    Move.RESOLVE: {"resolved_at": None, "resolved_by": "", "resolve_reason": ""},
    Move.ACKNOWLEDGE: {"acknowledged_at": None, "acknowledged_by": ""},
}
_CALLS: Final = ("page", "low")
# the ids tell the keys: a thousand hashes take longer to send than to look up
_OPEN_AGAIN: Final = """
SELECT live.integration_id, live.key_hash
  FROM alerting_alert taken
  JOIN alerting_alert live USING (integration_id, key_hash)
 WHERE taken.id = ANY(%s::bigint[]) AND live.state IN ('open', 'acknowledged')
"""


class Done(Struct, frozen=True, kw_only=True):
    """`id` names the act, to take it back; None where it changed nothing."""

    id: int | None
    count: int


class _Row(NamedTuple):
    """What it takes of an alert to take an acknowledgement back."""

    id: int
    integration_id: int
    key_hash: bytes
    team_id: int | None
    service_id: int | None
    group_key: str
    summary: str
    state: str
    outcome: str
    held_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None
    resolved_by: str


class TakenBack(Struct, frozen=True, kw_only=True):
    """How many are as before, and how many were left as they are, by the reason."""

    count: int
    left: Mapping[Left, int]


@transaction.atomic
def act_on_alerts(
    *, act: Move, alert_ids: Collection[int], now: datetime, actor: str, reason: str = ""
) -> Done:
    """Acknowledge or resolve those that are not so yet, and remember which they were."""
    ids = (
        resolve_alerts(alert_ids=alert_ids, now=now, actor=actor, reason=reason)
        if act is Move.RESOLVE
        else acknowledge_alerts(alert_ids=alert_ids, now=now, actor=actor)
    )
    if not ids:
        return Done(id=None, count=0)
    BulkAct.objects.filter(at__lt=now - _KEPT).delete()
    made = BulkAct.objects.create(act=act.value, alert_ids=ids, at=now, by=actor)
    return Done(id=made.pk, count=len(ids))


@transaction.atomic
def take_back_act(*, act_id: int, viewer: Viewer, now: datetime) -> TakenBack:
    """Take back what was done to many: only what nobody changed since, within an hour.

    People are called again for what is nobody's then. Only alerts of teams that whoever asks
    responds for. Raises ActNotFound, TooLateToUndo.
    """
    row = BulkAct.objects.select_for_update().filter(id=act_id, undone_at=None).first()
    if row is None:
        raise errors.ActNotFound(act_id=act_id)
    if now - row.at > taking_back.FOR:
        raise errors.TooLateToUndo
    act = Move(row.act)
    alerts = _locked(act, row.alert_ids)
    back, left = _sorted_out(act, alerts, row, viewer)
    if gone := len(row.alert_ids) - len(alerts):
        left[Left.GONE] += gone
    _write(act, back, row, now=now, actor=viewer.actor)
    row.undone_at, row.undone_by = now, viewer.actor
    row.save(update_fields=["undone_at", "undone_by"])
    return TakenBack(count=len(back), left=dict(left))


def _locked(act: Move, alert_ids: Sequence[int]) -> Sequence[Alert | _Row]:
    rows = Alert.objects.filter(id__in=alert_ids).order_by("id").select_for_update()
    if act is Move.RESOLVE:
        return list(rows)  # what is open again is decided again, which takes all of it
    return [_Row(*row) for row in rows.values_list(*_Row._fields)]


def _sorted_out(
    act: Move, alerts: Sequence[Alert | _Row], row: BulkAct, viewer: Viewer
) -> tuple[list[Alert | _Row], Counter[Left]]:
    """Those that can be taken back, and how many of the others there are, by the reason."""
    again = _open_again(alerts) if act is Move.RESOLVE else set()
    teams = {alert.team_id for alert in alerts}
    allowed = {team_id for team_id in teams if viewer.can(Permission.RESPOND, team_id=team_id)}
    left: Counter[Left] = Counter()
    back: list[Alert | _Row] = []
    for alert in alerts:
        may = alert.team_id in allowed
        why = taking_back.why_left(act, _standing(alert, again), at=row.at, by=row.by, may=may)
        if why is None:
            back.append(alert)
        else:
            left[why] += 1
    return back, left


def _open_again(alerts: Sequence[Alert | _Row]) -> set[tuple[int, bytes]]:
    """The keys of these that are open as another alert by now."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_AGAIN, [[alert.id for alert in alerts]])
        return {(number, bytes(key)) for number, key in cursor.fetchall()}


def _standing(alert: Alert | _Row, again: Collection[tuple[int, bytes]]) -> Standing:
    return Standing(
        state=AlertState(alert.state),
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
        resolved_at=alert.resolved_at,
        resolved_by=alert.resolved_by,
        is_again=(alert.integration_id, bytes(alert.key_hash)) in again,
    )


def _write(
    act: Move, back: Sequence[Alert | _Row], row: BulkAct, *, now: datetime, actor: str
) -> None:
    if not back:
        return
    as_before: dict[AlertState, list[Alert | _Row]] = defaultdict(list)
    for alert in back:
        as_before[taking_back.before(act, _standing(alert, ()))].append(alert)
    for state, alerts in as_before.items():
        rows = Alert.objects.filter(id__in=[alert.id for alert in alerts])
        rows.update(state=state.value, **_CLEARED[act])
    publish(
        *(
            _fact(alert, state, row, now=now, actor=actor)
            for state, alerts in as_before.items()
            for alert in alerts
        )
    )
    if whole := [alert for alert in back if isinstance(alert, Alert)]:
        # meanwhile a silence may have begun, and a cause may be over
        batch = batch_of(whole, now=now)
        keep_roles(batch)
        redecide_batch(batch, why="It is open again.", now=now, actor=actor)


def _fact(
    alert: Alert | _Row, state: AlertState, row: BulkAct, *, now: datetime, actor: str
) -> AlertReopened | AlertUnacknowledged:
    fact = AlertReopened if row.act == Move.RESOLVE else AlertUnacknowledged
    return fact(
        at=now,
        actor=actor,
        alert_id=alert.id,
        integration_id=alert.integration_id,
        service_id=alert.service_id,
        group_key=alert.group_key,
        title=alert.summary,
        done_at=row.at,
        is_acknowledged=state is AlertState.ACKNOWLEDGED,
        calls=alert.outcome in _CALLS and not alert.held_by,
    )
