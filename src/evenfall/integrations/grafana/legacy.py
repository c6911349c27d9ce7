"""The webhook of Grafana's old alerting (version 8 and before): one rule, one message."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import AlertUpdate, Image, UpdateAction, wire

_OVER = frozenset({"ok", "paused"})


def speaks(sent: object) -> bool:
    fields = wire.fields(sent)
    return "ruleId" in fields and "state" in fields


def update(sent: Mapping[str, Any]) -> AlertUpdate:
    labels = wire.texts(sent.get("tags"))
    image = wire.text(sent.get("imageUrl"), 2000)
    return AlertUpdate(
        action=UpdateAction.RESOLVE
        if wire.text(sent["state"], 20) in _OVER
        else UpdateAction.TRIGGER,
        dedup_key=wire.text(sent["ruleId"], wire.KEY_LENGTH) or "rule",
        summary=wire.text(sent.get("title") or sent.get("ruleName"), 1024),
        severity=wire.severity(labels.get("severity")),
        source=wire.text(sent.get("ruleName"), 255),
        labels=labels,
        details=wire.details(
            {"message": sent.get("message"), "matches": sent.get("evalMatches") or []}
        ),
        url=wire.text(sent.get("ruleUrl"), 2000),
        images=(Image(src=image),) if image else (),
        client="Grafana",
        environment=wire.environment(labels),
    )
