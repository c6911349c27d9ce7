"""Alerts that are named by labels, as everything around Prometheus sends them."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import wire


def labels_of(value: object) -> dict[str, str]:
    """Return the labels with content; raises wire.Unreadable without any."""
    given = wire.fields(value)
    wrong = [name for name, part in given.items() if not isinstance(part, str)]
    if wrong:
        raise wire.Unreadable(f"label {wire.text(wrong[0], 60)!r} must be a text")
    labels = {wire.text(name): wire.text(part) for name, part in given.items() if part}
    if not labels:
        raise wire.Unreadable("at least one label pair required")
    return labels


def described(labels: Mapping[str, str], annotations: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of an update which follow from labels and annotations."""
    name = labels.get("alertname", "")
    summary = wire.first(annotations, ("summary", "title", "description", "message")) or name
    return {
        "summary": wire.text(summary or ", ".join(map("=".join, labels.items())), 1024),
        "severity": wire.severity(labels.get("severity"), labels.get("priority")),
        "source": wire.text(wire.first(labels, ("instance", "host", "pod", "node", "job")), 255),
        "labels": labels,
        "annotations": annotations,
        "environment": wire.environment(labels),
        "component": wire.text(wire.first(labels, ("component", "job")), 255),
    }
