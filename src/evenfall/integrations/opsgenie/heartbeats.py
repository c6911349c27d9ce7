"""Opsgenie's Heartbeat API: each is a monitor, told by the name that it has there.

Ping, make, change, enable, disable, get and delete; by name, with the key of an integration, and
only those that are told over this integration. A list is not given: a key is in many
configurations.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports import Severity, wire
from evenfall.alerting.queries.for_amtool import KeyHolder
from evenfall.integrations.opsgenie.views import NOT_HERE, say, with_key
from evenfall.monitors import actions, queries
from evenfall.monitors.actions import MonitorWish, PingWish
from evenfall.monitors.errors import HeartbeatNotFound
from evenfall.monitors.ports import PACE, State
from evenfall.monitors.queries import BeatView, MonitorView
from evenfall.platform.errors import TooOften

MOST: Final = 200
"""So many may be told over one integration: a leaked key must not fill the list of monitors."""
_UNITS: Final = {"minutes": 60, "hours": 3_600, "days": 86_400}
_LONGEST: Final = timedelta(days=400)
_GRACE: Final = "1m"
_SAID: Final = 10_000


@with_key
def create(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    """POST /v2/heartbeats: 201; 409 where there is one of this name already."""
    if request.method != "POST":
        return say({"message": NOT_HERE}, 422)
    sent = wire.fields(wire.load(request.body))
    name = wire.text(sent.get("name")).strip()
    if not name:
        raise wire.Unreadable("name: Name can not be empty.")
    if queries.told_by_name(holder.id, name) is not None:
        return say({"message": f"Heartbeat with name [{name[:200]}] already exists."}, 409)
    if queries.told_over_count(holder.id) >= MOST:
        raise wire.Unreadable(f"name: This integration has {MOST} heartbeats; more are not made.")
    made = actions.add_monitor(
        kind="heartbeat", wish=_wish(holder, name, sent), now=now, actor=_actor(holder)
    )
    if sent.get("enabled") is False:
        actions.pause_monitor(monitor_id=made.monitor_id, now=now, actor=_actor(holder))
    return say({"result": "Created", "data": _shown(*_found(holder, name))}, 201)


@with_key
def heartbeat(request: HttpRequest, *, holder: KeyHolder, now: datetime, name: str) -> HttpResponse:
    """GET, PATCH, DELETE /v2/heartbeats/nightly"""
    try:
        monitor, beat = _found(holder, name)
    except HeartbeatNotFound as error:
        return say({"message": error.message}, 404)
    if request.method == "GET":
        return say({"data": _shown(monitor, beat)}, 200)
    if request.method == "PATCH":
        _change(holder, monitor, wire.fields(wire.load(request.body)), now)
        return say({"result": "Updated", "data": _shown(*_found(holder, name))}, 200)
    if request.method == "DELETE":
        actions.remove_monitor(monitor_id=monitor.id, now=now, actor=_actor(holder))
        return say({"result": "Deleted", "data": _shown(monitor, beat)}, 200)
    return say({"message": NOT_HERE}, 422)


@with_key
def done_to_one(
    request: HttpRequest, *, holder: KeyHolder, now: datetime, name: str, deed: str
) -> HttpResponse:
    """Ping (any method), enable or disable (POST, PUT, PATCH) a heartbeat.

    Opsgenie answers a ping of a heartbeat that there is not, too. Here that is 404: whoever looks
    at the answer is not to believe that somebody watches.
    """
    try:
        if deed == "ping":
            return _ping(request, holder, name, now)
        if deed in {"enable", "disable"} and request.method in {"POST", "PUT", "PATCH"}:
            monitor, _ = _found(holder, name)
            _switch(holder, monitor, now, is_on=deed == "enable")
            return say({"result": f"{deed.title()}d", "data": _shown(*_found(holder, name))}, 200)
    except HeartbeatNotFound as error:
        return say({"message": error.message}, 404)
    except TooOften as error:
        answer = say({"message": error.message}, 429)
        answer["Retry-After"] = str(error.params["retry_after_s"])
        return answer
    return say({"message": NOT_HERE}, 422)


def _ping(request: HttpRequest, holder: KeyHolder, name: str, now: datetime) -> HttpResponse:
    PACE.spend((holder.id, name), now=now)
    text = request.body[:_SAID].decode("utf-8", "replace")
    actions.take_named_ping(
        integration_id=holder.id,
        called=name,
        wish=PingWish(what="success", text="" if text.strip() in {"", "{}"} else text),
        now=now,
    )
    return say({"result": "PONG - Heartbeat received"}, 202)


def _wish(holder: KeyHolder, name: str, sent: Mapping[str, Any]) -> MonitorWish:
    """Raises wire.Unreadable."""
    integration = alerting_queries.integration(holder.id)
    if integration.service_id is None:
        raise wire.Unreadable(
            f"name: The integration “{holder.name}” has no service. Give it one in Evenfall, so "
            "that it is known who hears of its heartbeats."
        )
    settings = {
        "period": _period(sent),
        "grace": _GRACE,
        "integration": str(holder.id),
        "called": name,
    }
    return MonitorWish(
        name=name,
        service_id=integration.service_id,
        environment=integration.environment or "PROD",
        severity=_severity(sent),
        settings=settings,
    )


def _change(
    holder: KeyHolder, monitor: MonitorView, sent: Mapping[str, Any], now: datetime
) -> None:
    """What is not sent stays as it is. Raises wire.Unreadable."""
    settings = dict(monitor.settings)
    if "interval" in sent or "intervalUnit" in sent:
        settings |= {"schedule": "period", "period": _period(sent)}
    wish = MonitorWish(
        name=monitor.name,
        service_id=monitor.service.id,
        environment=monitor.environment,
        severity=_severity(sent) if "alertPriority" in sent else monitor.severity,
        settings=settings,
        interval_s=monitor.interval_s,
        time_limit_s=monitor.time_limit_s,
        bad_needed=monitor.bad_needed,
        good_needed=monitor.good_needed,
        unknown_for_s=monitor.unknown_for_s or 0,
    )
    actions.change_monitor(
        monitor_id=monitor.id, version=None, wish=wish, now=now, actor=_actor(holder)
    )
    if isinstance(sent.get("enabled"), bool):
        _switch(holder, monitor, now, is_on=sent["enabled"])


def _switch(holder: KeyHolder, monitor: MonitorView, now: datetime, *, is_on: bool) -> None:
    act = actions.resume_monitor if is_on else actions.pause_monitor
    act(monitor_id=monitor.id, now=now, actor=_actor(holder))


def _period(sent: Mapping[str, Any]) -> str:
    count, unit = sent.get("interval"), wire.text(sent.get("intervalUnit")).lower()
    if unit not in _UNITS:
        raise wire.Unreadable("intervalUnit: It must be minutes, hours or days.")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise wire.Unreadable("interval: It must be a whole number of at least 1.")
    if count > _LONGEST.total_seconds() // _UNITS[unit]:
        raise wire.Unreadable(f"interval: At most {_LONGEST.days} days.")
    return f"{count}{unit[0]}"


def _severity(sent: Mapping[str, Any]) -> str:
    return wire.severity(sent.get("alertPriority")) or Severity.ERROR


def _found(holder: KeyHolder, name: str) -> tuple[MonitorView, BeatView]:
    found = queries.told_by_name(holder.id, name)
    if found is None:
        raise HeartbeatNotFound(called=name[:200])
    return queries.monitor(found[0]), found[1]


def _shown(monitor: MonitorView, beat: BeatView) -> dict[str, Any]:
    """A heartbeat in Opsgenie's words. One that goes by a crontab has no interval there."""
    period = monitor.settings["period"] if monitor.settings["schedule"] == "period" else ""
    unit = next((one for one in _UNITS if period.endswith(one[0])), "")
    count = period.removesuffix(unit[:1])
    shown: dict[str, Any] = {
        "name": monitor.settings["called"],
        "description": monitor.name,
        "enabled": monitor.state != State.PAUSED,
        "expired": monitor.state == State.BAD,
    }
    if unit and count.isdecimal():
        shown |= {"interval": int(count), "intervalUnit": unit}
    if beat.ended_at is not None:
        shown["lastPingTime"] = beat.ended_at.isoformat().replace("+00:00", "Z")
    return shown


def _actor(holder: KeyHolder) -> str:
    return f"integration:{holder.id}"
