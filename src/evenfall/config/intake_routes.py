"""Which paths belong to senders, and in which format they speak there.

The tails are those the senders already use, so that a switcher changes only the host.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from evenfall.alerting import ports
from evenfall.alerting.ports import Format
from evenfall.alerting.ports.heads import Head, Heard, HearsHead
from evenfall.integrations import (
    alertmanager,
    amazon_sns,
    datadog,
    generic,
    goalert,
    grafana,
    nagios,
    opsgenie,
    pagerduty,
    sentry,
    uptime_kuma,
    zabbix,
)
from evenfall.integrations.goalert.generic import KEY_IN

# imported for what they register
SLICES = (
    *(alertmanager, amazon_sns, datadog, generic, goalert, grafana, nagios, opsgenie),
    *(pagerduty, sentry, uptime_kuma, zabbix),
)
METHODS = frozenset({b"POST", b"PUT"})
EVENT_LIMIT = 512_000
BATCH_LIMIT = 8_000_000
# anybody can send paths of any length, and memory is not for them
_LONGEST_REMEMBERED = 300

# by the whole path: the key is in the body, in a header or in the query
_WHOLE = {
    "/v2/enqueue": ("pagerduty.v2", EVENT_LIMIT),
    "/v2/change/enqueue": ("pagerduty.change", EVENT_LIMIT),
    "/generic/2010-04-15/create_event.json": ("pagerduty.v1", EVENT_LIMIT),
    "/v2/alerts": ("opsgenie.alerts", EVENT_LIMIT),
}
# by what follows /in/{key}
_IN = {
    "": ("json", EVENT_LIMIT),
    "alertmanager": ("alertmanager.webhook", BATCH_LIMIT),
    "grafana": ("grafana.webhook", BATCH_LIMIT),
    "datadog": ("datadog.webhook", EVENT_LIMIT),
    "nagios": ("nagios.command", EVENT_LIMIT),
    "sentry": ("sentry.webhook", EVENT_LIMIT),
    "sns": ("amazon.sns", EVENT_LIMIT),
    "site24x7": ("site24x7.webhook", EVENT_LIMIT),
    "uptime-kuma": ("uptime_kuma.webhook", EVENT_LIMIT),
    "zabbix": ("zabbix.webhook", EVENT_LIMIT),
}
# by the kind in Grafana OnCall's /integrations/v1/{kind}/{key}/; its other kinds send any JSON
_ONCALL = {
    "alertmanager": _IN["alertmanager"],
    "amazon_sns": _IN["sns"],
    "grafana": _IN["grafana"],
    "grafana_alerting": _IN["grafana"],
    "legacy_grafana_alerting": _IN["grafana"],
}
# by the kind in GoAlert's /api/v2/{kind}/incoming?token={key}
_GOALERT = {
    "generic": ("goalert.generic", EVENT_LIMIT),
    "grafana": _IN["grafana"],
    "prometheusalertmanager": _IN["alertmanager"],
    "site24x7": _IN["site24x7"],
}
# what Opsgenie's clients may do to an alert; the rest of that API is answered by Django
_OPSGENIE_VERBS = frozenset({"close", "acknowledge"})


class Route(NamedTuple):
    """A format, the integration key where the path holds it, and how large a body may be.

    `hear` takes what the format needs from the head of a request, None where the body is enough.
    """

    format: Format
    key: str | None
    limit: int
    hear: Callable[[Head], Heard] | None = None


def heard(
    route: Route, *, method: str, url: bytes, headers: Sequence[tuple[bytes, bytes]]
) -> tuple[Route, bytes]:
    """Return the route with the key of the head, and what goes before the body.

    `url` is the path and query as sent.
    """
    if route.hear is None:
        return route, b""
    path, _, query = url.decode("latin-1").partition("?")
    found = route.hear(Head(method=method, path=path, query=query, headers=headers))
    return route._replace(key=route.key or found.key), found.kept


def find(path: str) -> Route | None:
    """Return the route of a path without its query, None where Django should answer."""
    return _find_lately(path) if len(path) <= _LONGEST_REMEMBERED else _find(path)


def _find(path: str) -> Route | None:
    path = path.rstrip("/")
    if path in _WHOLE:
        return _route(*_WHOLE[path])
    steps = path.split("/")
    return _with_key(steps) or _without_key(steps)


def _with_key(steps: list[str]) -> Route | None:
    """Return the route of a path that holds the key."""
    match steps:
        case ["", key, "api", "v2", "alerts"]:
            return _route("alertmanager.api", BATCH_LIMIT, key)
        case ["", "in", key, *rest] if (kind := "/".join(rest)) in _IN:
            return _route(*_IN[kind], key)
        case ["", "integrations", "v1", kind, key]:
            return _route(*_ONCALL.get(kind, _IN[""]), key)
    return None


def _without_key(steps: list[str]) -> Route | None:
    """Return the route of a path whose key is in a header or in the query."""
    match steps:
        case ["", "v2", "alerts", _, *_, verb] if verb in _OPSGENIE_VERBS:
            return _route("opsgenie.alerts", EVENT_LIMIT)
        case ["", "api", "v2", kind, "incoming"] if kind in _GOALERT:
            route = _route(*_GOALERT[kind])
            return route if route.hear else route._replace(hear=_key_in_query)
    return None


def _key_in_query(head: Head) -> Heard:
    return Heard(head.parameter(*KEY_IN) or None)


def _route(name: str, limit: int, key: str | None = None) -> Route:
    chosen = ports.format_named(name)
    return Route(chosen, key, limit, chosen.hear if isinstance(chosen, HearsHead) else None)


_find_lately = lru_cache(maxsize=8192)(_find)
