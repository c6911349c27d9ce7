"""Finding our fields in somebody's JSON: by the integration's mapping, else by the usual names."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import Mapped, Severity, UpdateAction, at_path, wire

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "summary": ("summary", "title", "message", "name", "subject", "text", "alert_name"),
    "status": ("status", "state", "action", "event_action", "event_type", "alert_status"),
    "severity": ("severity", "priority", "level", "urgency"),
    "dedup_key": (
        "dedup_key",
        "dedup",
        "incident_key",
        "alias",
        "fingerprint",
        "alert_uid",
        "alert_id",
        "id",
    ),
    "source": ("source", "host", "hostname", "instance", "device", "service"),
    "url": ("url", "link", "link_to_upstream_details", "alert_url"),
    "starts_at": ("starts_at", "started_at", "startsAt", "timestamp", "time"),
    "component": ("component",),
    "group": ("group",),
    "class": ("class",),
    "environment": ("environment", "env"),
    "labels": ("labels", "tags"),
    "details": ("details", "custom_details", "description"),
    "image": ("image_url", "image"),
    "service": (),  # the label of that name says it, unless a mapping does
}

_LONGEST_LABEL = 1024


class Finder:
    """Reads our fields out of one object of the sender."""

    def __init__(self, sent: Mapping[str, Any], mapped: Mapped) -> None:
        self._sent = sent
        self._mapped = mapped

    def value(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what stands for our field; a mapped field is never guessed."""
        path = self._mapped.paths.get(name)
        if path:
            return at_path(self._sent, path)
        return wire.first(self._sent, USUAL_NAMES[name])

    def text(self, name: str, limit: int) -> str:
        return wire.text(self.value(name), limit).strip()

    def labels(self) -> dict[str, str]:
        """Return the labels that were sent, and those that the mapping finds elsewhere."""
        labels = wire.texts(self.value("labels"))
        for name, path in self._mapped.labels.items():
            text = wire.text(at_path(self._sent, path), _LONGEST_LABEL)
            if text:
                labels[name] = text
        service = self.text("service", _LONGEST_LABEL)
        return labels | {"service": service} if service else labels

    def severity(self, label: str | None) -> Severity | None:
        value = self.value("severity")
        meant = self._mapped.severities.get(_word(value))
        return meant or wire.severity(value, label)

    def action(self) -> UpdateAction | None:
        """Return what the mapping says that the status means; None where it says nothing."""
        return self._mapped.statuses.get(_word(self.value("status")))


def _word(value: object) -> str:
    return wire.text(value, 120).strip().lower()
