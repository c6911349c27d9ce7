"""Metrics to begin with: queries that fit what is common, and limits that are seldom wrong."""

from typing import Any, Final

from msgspec import Struct


# "or vector(0)": a server has no series of errors before the first one; that is none, as long as
# there are requests. Without requests the quotient is not a number, and nothing is known.
class Preset(Struct, frozen=True, kw_only=True):
    """`said` is a metric as `settings.read_metric` takes it, without a source."""

    key: str
    label: str
    said: dict[str, Any]


_ERRORS: Final = {"groups": ["errors"], "nan": "remove", "direction": "increase"}
_SPEED: Final = {"groups": ["speed"], "direction": "increase", "increase": 1.1}
# The backend is called as the service, or so with a word that people add; "$service.*" would take
# in those of a service whose name only begins so. Servers have the name of the side and a number.
_BACKEND: Final = "$service([-_.](backend|be|bk|pool|servers|upstream))?"
_HAPROXY: Final = f'proxy=~"{_BACKEND}",server=~"$slot([-_.0-9].*)?"'
_HTTP: Final = 'service="$service",version="$version"'

PRESETS: Final = (
    Preset(
        key="traffic",
        label="Error ratio, as the traffic port counts it",
        said={"name": "Errors at the balancer", "interval": 5, "window": 5, **_ERRORS},
    ),
    Preset(
        key="haproxy_errors",
        label="HAProxy: error ratio",
        said={
            "name": "HTTP errors",
            "query": (
                f'(sum(rate(haproxy_server_http_responses_total{{{_HAPROXY},code="5xx"}}[$window]))'
                " or vector(0))"
                f" / sum(rate(haproxy_server_http_responses_total{{{_HAPROXY}}}[$window]))"
            ),
            "interval": 10,
            "window": 20,
            **_ERRORS,
        },
    ),
    Preset(
        key="haproxy_latency",
        label="HAProxy: time of an answer (its own average over 1024 requests)",
        said={
            "name": "Time of an answer",
            "query": f"avg(haproxy_server_total_time_average_seconds{{{_HAPROXY}}})",
            "interval": 10,
            **_SPEED,
        },
    ),
    Preset(
        key="http_errors",
        label="Kubernetes and Istio: http_requests_total, error ratio",
        said={
            "name": "HTTP errors",
            "query": (
                f'(sum(rate(http_requests_total{{{_HTTP},code=~"5.."}}[$window])) or vector(0))'
                f" / sum(rate(http_requests_total{{{_HTTP}}}[$window]))"
            ),
            "interval": 10,
            "window": 30,
            **_ERRORS,
        },
    ),
    Preset(
        key="http_latency",
        label="Kubernetes and Istio: 95th percentile of the latency",
        said={
            "name": "Latency, 95th percentile",
            "query": (
                "histogram_quantile(0.95, sum by (le) "
                f"(rate(http_request_duration_seconds_bucket{{{_HTTP}}}[$window])))"
            ),
            "interval": 10,
            "window": 30,
            **_SPEED,
        },
    ),
    Preset(
        key="generic",
        label="Something of your own",
        said={"name": "My metric", "query": 'my_metric{version="$version"}', "interval": 10},
    ),
)


def preset(key: str) -> Preset | None:
    return next((one for one in PRESETS if one.key == key), None)
