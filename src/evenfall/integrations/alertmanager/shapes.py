"""Our alerts and silences in the JSON of Alertmanager's API v2."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import evenfall
from evenfall.alerting.ports import Matcher, Operator, wire
from evenfall.alerting.queries import SilenceView
from evenfall.alerting.queries.for_amtool import SentAlert

RECEIVER = {"name": "evenfall"}
_OPERATORS = {
    Operator.EQUAL: (False, True),
    Operator.NOT_EQUAL: (False, False),
    Operator.MATCHES: (True, True),
    Operator.NOT_MATCHES: (True, False),
}
_BY_FLAGS = {flags: operator for operator, flags in _OPERATORS.items()}


def status(now: datetime) -> dict[str, Any]:
    version = {"version": evenfall.__version__, "branch": "", "revision": "", "buildUser": ""}
    return {
        "cluster": {"status": "disabled", "peers": []},
        "config": {"original": "# Evenfall keeps its configuration in its database."},
        "uptime": _time(now),
        "versionInfo": version | {"buildDate": "", "goVersion": ""},
    }


def alert(sent: SentAlert) -> dict[str, Any]:
    silenced = [str(sent.silence_id)] if sent.silence_id else []
    return {
        "fingerprint": hashlib.blake2b(sent.dedup_key.encode(), digest_size=8).hexdigest(),
        "labels": dict(sent.labels),
        "annotations": dict(sent.annotations),
        "generatorURL": sent.url,
        "receivers": [RECEIVER],
        "startsAt": _time(sent.starts_at),
        "updatedAt": _time(sent.last_seen_at),
        "endsAt": _time(sent.expires_at or sent.last_seen_at + timedelta(minutes=5)),
        "status": {
            "state": "suppressed" if silenced else "active",
            "silencedBy": silenced,
            "inhibitedBy": [],
            "mutedBy": [],
        },
    }


def silence(view: SilenceView) -> dict[str, Any]:
    return {
        "id": str(view.public_id),
        "status": {"state": view.state},
        "comment": view.comment,
        "createdBy": view.created_by_name,
        "startsAt": _time(view.starts_at),
        "endsAt": _time(view.ends_at),
        "updatedAt": _time(view.created_at),
        "matchers": [_matcher_out(matcher) for matcher in view.matchers],
    }


def _matcher_out(matcher: Matcher) -> dict[str, Any]:
    is_regex, is_equal = _OPERATORS[matcher.operator]
    return {
        "name": matcher.name,
        "value": matcher.value,
        "isRegex": is_regex,
        "isEqual": is_equal,
    }


def matchers(value: object) -> list[Matcher]:
    """Return posted matchers; raises MatcherError, wire.Unreadable."""
    return [_matcher_in(wire.fields(entry)) for entry in wire.items(value)]


def _matcher_in(entry: Mapping[str, Any]) -> Matcher:
    name, value = entry.get("name"), entry.get("value")
    if not isinstance(name, str) or not isinstance(value, str):
        raise wire.Unreadable("A matcher needs a name and a value.")
    flags = (entry.get("isRegex") is True, entry.get("isEqual") is not False)
    return Matcher(wire.text(name), _BY_FLAGS[flags], wire.text(value))


def span(posted: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """Return start and end of a posted silence; raises wire.Unreadable."""
    ends_at = wire.moment(posted.get("endsAt"))
    if ends_at is None:
        raise wire.Unreadable("'endsAt' is required.")
    return wire.moment(posted.get("startsAt")) or now, ends_at


def group(alerts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """All alerts as one group: ours are not grouped for a sender."""
    return [{"labels": {}, "receiver": RECEIVER, "alerts": list(alerts)}] if alerts else []


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
