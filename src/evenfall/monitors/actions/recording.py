"""What comes of looks: their rows and sums, outages, alerts and facts. Set-based.

Whoever calls holds the locks of the monitors' rows, in a transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from msgspec import Struct

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions import OwnAlert
from evenfall.catalog import queries as catalog_queries
from evenfall.monitors import events
from evenfall.monitors.logic.looks import Look, Result, State
from evenfall.monitors.logic.standing import Rule, Standing, after
from evenfall.monitors.models import Check, Monitor, Outage
from evenfall.platform.events import SYSTEM, Event, publish

SOURCE: Final = "Monitors"
LONGEST_NOTE: Final = 500
_LOOKED: Final = (
    *("state", "since", "run", "run_result", "run_since", "is_missed", "warning", "memory"),
    *("last_at", "last_result", "last_note", "last_ms", "last_value", "last_details"),
    *("due_at", "claimed_until"),
)
_TALLIES: Final = """
INSERT INTO monitors_tally
    (monitor_id, span, starts_at, good, bad, unknown, timed, took_ms, slowest_ms)
SELECT monitor_id, span, date_trunc(span, %s::timestamptz, 'UTC'), (result = 'good')::int,
    (result = 'bad')::int, (result = 'unknown')::int, (took IS NOT NULL)::int,
    coalesce(took, 0), coalesce(took, 0)
FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS looks (monitor_id, result, took),
    unnest(ARRAY['hour', 'day']) AS span
ON CONFLICT (monitor_id, span, starts_at) DO UPDATE SET
    good = monitors_tally.good + excluded.good,
    bad = monitors_tally.bad + excluded.bad,
    unknown = monitors_tally.unknown + excluded.unknown,
    timed = monitors_tally.timed + excluded.timed,
    took_ms = monitors_tally.took_ms + excluded.took_ms,
    slowest_ms = greatest(monitors_tally.slowest_ms, excluded.slowest_ms)
"""


class Looked(Struct, frozen=True):
    """A locked row and what was seen; `look` is None where there is nothing to see yet."""

    row: Monitor
    look: Look | None


class _Turn(Struct, frozen=True):
    """A row before and after a look."""

    row: Monitor
    look: Look
    old: Standing
    old_warning: str


def record(looked: Sequence[Looked], *, now: datetime) -> None:
    """Write the looks down, move the monitors' states, and say what changed; at most one a row."""
    turns = [_turn(one.row, one.look, now) for one in looked if one.look is not None]
    for one in looked:
        one.row.claimed_until = None
        one.row.due_at = _next(one.row, one.look, now)
    Monitor.objects.bulk_update([one.row for one in looked], _LOOKED)
    _keep_checks(turns, now)
    _move_outages(turns, now)
    _raise(turns, now)
    publish(*[fact for turn in turns for fact in _facts(turn, now)])


def close(row: Monitor, *, why: str, now: datetime) -> None:
    """End what it opened, because nobody looks any more; the caller holds its lock and saves it."""
    Outage.objects.filter(monitor=row, until_at=None).update(until_at=now, ended_by=why)
    keys = [
        key
        for key, is_open in (
            (bad_key(row.pk), row.state == State.BAD),
            (unknown_key(row.pk), row.is_missed),
            (warning_key(row.pk), bool(row.warning)),
        )
        if is_open
    ]
    place = _Places([row])
    over = [place.alert(row, key, summary=f"{row.name}: {why}", is_over=True) for key in keys]
    alerting_actions.raise_own_alerts(source=SOURCE, alerts=over, now=now)


def bad_key(monitor_id: int) -> str:
    return f"monitor-{monitor_id}"


def unknown_key(monitor_id: int) -> str:
    return f"monitor-{monitor_id}-unknown"


def warning_key(monitor_id: int) -> str:
    return f"monitor-{monitor_id}-warning"


def _turn(row: Monitor, look: Look, now: datetime) -> _Turn:
    old = _standing(row)
    _put(row, after(old, look.result, _rule(row), now=now))
    turn = _Turn(row, look, old, row.warning)
    if look.result is Result.GOOD:
        row.warning = look.warning[:LONGEST_NOTE]
    row.last_at, row.last_result, row.last_note = now, look.result.value, look.note[:LONGEST_NOTE]
    row.last_ms, row.last_value, row.last_details = look.duration_ms, look.value, dict(look.details)
    return turn


def _standing(row: Monitor) -> Standing:
    return Standing(
        state=State(row.state),
        since=row.since,
        run=row.run,
        run_result=Result(row.run_result) if row.run_result else None,
        run_since=row.run_since,
        is_missed=row.is_missed,
    )


def _rule(row: Monitor) -> Rule:
    limit = row.unknown_for_s
    return Rule(
        bad_needed=row.bad_needed,
        good_needed=row.good_needed,
        unknown_for=None if limit is None else timedelta(seconds=limit),
    )


def _put(row: Monitor, new: Standing) -> None:
    row.state, row.since, row.is_missed = new.state.value, new.since, new.is_missed
    row.run, row.run_since = new.run, new.run_since
    row.run_result = new.run_result.value if new.run_result else ""


def _next(row: Monitor, look: Look | None, now: datetime) -> datetime | None:
    """Never for what was paused or removed meanwhile; else an interval on, or when it may change.

    Looks keep their beat: one that came late does not move those after it.
    """
    if row.due_at is None:
        return None
    interval = timedelta(seconds=row.interval_s)
    planned = row.due_at + interval
    following = planned if now < planned <= now + interval else now + interval
    if look is not None and look.next_at is not None and now < look.next_at < following:
        return look.next_at
    return following


def _keep_checks(turns: Sequence[_Turn], now: datetime) -> None:
    Check.objects.bulk_create(
        Check(
            monitor_id=turn.row.pk,
            at=now,
            result=turn.look.result.value,
            duration_ms=turn.look.duration_ms,
            value=turn.look.value,
            note=turn.look.note[:LONGEST_NOTE],
        )
        for turn in turns
    )
    if turns:
        # sorted, so that two who write at once wait for each other and never both
        ordered = sorted(turns, key=lambda turn: turn.row.pk)
        columns: list[list[Any]] = [
            [turn.row.pk for turn in ordered],
            [turn.look.result.value for turn in ordered],
            [turn.look.duration_ms for turn in ordered],
        ]
        with connection.cursor() as cursor:
            cursor.execute(_TALLIES, [now, *columns])


def _went(turn: _Turn, state: State) -> bool:
    return turn.row.state == state and turn.old.state is not state


def _move_outages(turns: Sequence[_Turn], now: datetime) -> None:
    ended = [turn.row.pk for turn in turns if _was_bad(turn) and turn.row.state != State.BAD]
    if ended:
        Outage.objects.filter(monitor_id__in=ended, until_at=None).update(
            until_at=now, ended_by="It was good again."
        )
    Outage.objects.bulk_create(
        Outage(
            monitor=turn.row, from_at=turn.row.since or now, reason=turn.look.note[:LONGEST_NOTE]
        )
        for turn in turns
        if _went(turn, State.BAD)
    )


def _was_bad(turn: _Turn) -> bool:
    return turn.old.state is State.BAD


class _Places:
    """The slugs of the services of these monitors; one query."""

    def __init__(self, rows: Sequence[Monitor]) -> None:
        found = catalog_queries.services({row.service_id for row in rows}) if rows else {}
        self._slugs = {number: one.slug for number, one in found.items()}

    def alert(self, row: Monitor, key: str, **said: Any) -> OwnAlert:  # noqa: ANN401 - fields of an alert
        return OwnAlert(
            key=key,
            service=self._slugs.get(row.service_id, ""),
            environment=row.environment,
            url=f"{settings.EVENFALL.public_url}/monitors/{row.pk}/",
            labels={"alertname": row.name, "monitor": str(row.pk), "kind": row.kind},
            **said,
        )


def _raise(turns: Sequence[_Turn], now: datetime) -> None:
    changed = [turn for turn in turns if _has_news(turn)]
    place = _Places([turn.row for turn in changed])
    alerts = [alert for turn in changed for alert in _alerts(place, turn)]
    alerting_actions.raise_own_alerts(source=SOURCE, alerts=alerts, now=now)


def _has_news(turn: _Turn) -> bool:
    row = turn.row
    return (
        row.state != turn.old.state
        or row.is_missed != turn.old.is_missed
        or row.warning != turn.old_warning
    )


def _alerts(place: _Places, turn: _Turn) -> list[OwnAlert]:
    """Three alerts with keys of their own: it is bad, nobody knows, it will be bad."""
    row, look = turn.row, turn.look
    found = []
    is_bad = row.state == State.BAD
    if is_bad != _was_bad(turn):
        found.append(
            place.alert(
                row,
                bad_key(row.pk),
                summary=f"{row.name}: {look.note}",
                severity=row.severity,
                is_over=not is_bad,
                details=look.details,
            )
        )
    if row.is_missed != turn.old.is_missed:
        summary = f"{row.name}: nobody knows. {look.note}"
        key = unknown_key(row.pk)
        found.append(place.alert(row, key, summary=summary, is_over=not row.is_missed))
    if row.warning != turn.old_warning:
        summary = f"{row.name}: {row.warning or look.note}"
        key = warning_key(row.pk)
        found.append(place.alert(row, key, summary=summary, is_over=not row.warning))
    return found


def _facts(turn: _Turn, now: datetime) -> list[Event]:
    row, note = turn.row, turn.look.note[:LONGEST_NOTE]
    about: dict[str, Any] = {
        "monitor_id": row.pk,
        "name": row.name,
        "service_id": row.service_id,
        "at": now,
        "actor": SYSTEM,
    }
    since = (row.since or now).isoformat()
    if _went(turn, State.BAD):
        return [events.MonitorWentBad(since=since, note=note, **about)]
    if _went(turn, State.UNKNOWN):
        return [events.MonitorWentUnknown(since=since, note=note, **about)]
    if _went(turn, State.GOOD) and turn.old.state is not State.NEW:
        began = turn.old.since if _was_bad(turn) else None
        lasted = int((now - began).total_seconds()) if began else 0
        return [events.MonitorWentGood(lasted_s=lasted, note=note, **about)]
    return []
