"""Which paths belong to senders, and in which format they speak there.

The tails are those the senders already use, so that a switcher changes only the host.
"""

from functools import lru_cache
from typing import NamedTuple

from evenfall.alerting import ports
from evenfall.alerting.ports import Format
from evenfall.integrations import alertmanager, generic, grafana, pagerduty

# imported for what they register
SLICES = (alertmanager, generic, grafana, pagerduty)
METHODS = frozenset({b"POST", b"PUT"})
EVENT_LIMIT = 512_000
BATCH_LIMIT = 8_000_000
# anybody can send paths of any length, and memory is not for them
_LONGEST_REMEMBERED = 300

_PAGERDUTY = {
    "/v2/enqueue": "pagerduty.v2",
    "/v2/change/enqueue": "pagerduty.change",
    "/generic/2010-04-15/create_event.json": "pagerduty.v1",
}
_BATCHES = {
    "alertmanager": "alertmanager.webhook",
    "grafana": "grafana.webhook",
}


class Route(NamedTuple):
    """A format, the integration key where the path holds it, and how large a body may be."""

    format: Format
    key: str | None
    limit: int


def find(path: str) -> Route | None:
    """Return the route of a path without its query, None where Django should answer."""
    return _find_lately(path) if len(path) <= _LONGEST_REMEMBERED else _find(path)


def _find(path: str) -> Route | None:
    path = path.rstrip("/")
    if path in _PAGERDUTY:
        return Route(ports.format_named(_PAGERDUTY[path]), None, EVENT_LIMIT)
    match path.split("/"):
        case ["", key, "api", "v2", "alerts"]:
            return Route(ports.format_named("alertmanager.api"), key, BATCH_LIMIT)
        case ["", "in", key]:
            return Route(ports.format_named("json"), key, EVENT_LIMIT)
        case ["", "in", key, kind] if kind in _BATCHES:
            return Route(ports.format_named(_BATCHES[kind]), key, BATCH_LIMIT)
    return None


_find_lately = lru_cache(maxsize=8192)(_find)
