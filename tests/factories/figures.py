"""What a small service counts of its own requests, as Prometheus reads it."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Figures:
    """The counts of one version since it was deployed, under the names that are usual."""

    def __init__(self, *, service: str, version: str) -> None:
        self._registry = CollectorRegistry()
        names, self._labels = ("service", "version"), (service, version)
        self._requests = Counter(
            "http_requests", "Requests by answer.", (*names, "code"), registry=self._registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds", "Time of answers.", names, registry=self._registry
        )

    def add(self, status: int, *, seconds: float) -> None:
        self._requests.labels(*self._labels, str(status)).inc()
        self._seconds.labels(*self._labels).observe(seconds)

    def written(self) -> bytes:
        return generate_latest(self._registry)
