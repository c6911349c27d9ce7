"""Our own metrics, in the Prometheus format at /metrics."""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# from a millisecond to ten seconds: what a person on call can feel
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def counter(name: str, help_text: str, labels: tuple[str, ...] = ()) -> Counter:
    return Counter(name, help_text, labels)


def gauge(name: str, help_text: str, labels: tuple[str, ...] = ()) -> Gauge:
    return Gauge(name, help_text, labels)


def histogram(
    name: str,
    help_text: str,
    labels: tuple[str, ...] = (),
    buckets: tuple[float, ...] = _BUCKETS,
) -> Histogram:
    """Return a histogram of seconds."""
    return Histogram(name, help_text, labels, buckets=buckets)


def exposition() -> bytes:
    """Return this process's metrics as text."""
    return generate_latest(REGISTRY)
