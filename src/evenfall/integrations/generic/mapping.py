"""Finding our fields in somebody's JSON: by the integration's mapping, else by the usual names."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import wire

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
}


class Finder:
    """Reads our fields out of one object of the sender."""

    def __init__(self, sent: Mapping[str, Any], mapping: Mapping[str, str]) -> None:
        self._sent = sent
        self._mapping = mapping

    def value(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what stands for our field; a mapped field is never guessed."""
        path = self._mapping.get(name)
        if isinstance(path, str) and path:
            return at_path(self._sent, path)
        return wire.first(self._sent, USUAL_NAMES[name])

    def text(self, name: str, limit: int) -> str:
        return wire.text(self.value(name), limit).strip()


def at_path(value: object, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what is at a dotted path such as `alert.labels.0.name`; None where nothing is."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step[:6]) < len(value):
            value = value[int(step[:6])]
        else:
            return None
    return value
