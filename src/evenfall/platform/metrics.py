"""Our own metrics, in the Prometheus format at /metrics.

Where PROMETHEUS_MULTIPROC_DIR is set (``evenfall up`` sets it) all processes of the tree write to
files in that folder, and any of them can tell the metrics of all.
"""

import os
from typing import Literal

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client import generate_latest as generate
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# from a millisecond to ten seconds: what a person on call can feel
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def counter(name: str, help_text: str, labels: tuple[str, ...] = ()) -> Counter:
    return Counter(name, help_text, labels)


def gauge(
    name: str,
    help_text: str,
    labels: tuple[str, ...] = (),
    over_processes: Literal["mostrecent", "livesum", "max"] = "mostrecent",
) -> Gauge:
    """Return a gauge; ``over_processes`` says what it means where several processes set it."""
    return Gauge(name, help_text, labels, multiprocess_mode=over_processes)


def histogram(
    name: str,
    help_text: str,
    labels: tuple[str, ...] = (),
    buckets: tuple[float, ...] = _BUCKETS,
) -> Histogram:
    """Return a histogram of seconds."""
    return Histogram(name, help_text, labels, buckets=buckets)


def exposition() -> bytes:
    """Return the metrics of all processes of the tree, or of this one where it stands alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the package types only parts
    return generate(registry)
