"""The body of "create alert", field by field."""

from collections.abc import Iterator, Mapping
from typing import Any

from evenfall.alerting.ports import AlertUpdate, UpdateAction, wire

# the label by which one alert can be silenced
ALIAS = "alias"
_SUMMARY_LENGTH = 1024
_DESCRIPTION_LENGTH = 15_000
_TAGS = 50
_KEPT = ("responders", "teams", "visibleTo", "actions", "note", "user")


def alias_key(alias: object) -> str:
    """Return the dedup key of an alias; Opsgenie takes 512 characters, we keep 255."""
    cleaned = wire.text(alias).strip()
    return cleaned if len(cleaned) <= wire.KEY_LENGTH else wire.derived_key(cleaned)


def created(sent: Mapping[str, Any], own_key: str) -> AlertUpdate:
    """Read an alert that has a message; `own_key` is its alias where the sender gives none.

    Without a priority Opsgenie says P3, which is a warning here and pages nobody. A sender that
    says nothing must not be put aside, so nothing is told then.
    """
    details = wire.details(sent.get("details"))
    tags = [wire.text(tag, 255) for tag in wire.items(sent.get("tags"))[:_TAGS]]
    key = alias_key(sent.get("alias")) or own_key
    labels = _labels(details, tags) | {ALIAS: key}
    description = wire.text(sent.get("description"), _DESCRIPTION_LENGTH)
    return AlertUpdate(
        action=UpdateAction.TRIGGER,
        dedup_key=key,
        summary=wire.text(sent["message"], _SUMMARY_LENGTH).strip(),
        severity=wire.severity(sent.get("priority")),
        source=wire.text(sent.get("source") or sent.get("entity"), 255),
        labels=labels,
        annotations={"description": description} if description else {},
        details=details | _kept(sent, tags),
        client="Opsgenie API",
        environment=wire.environment(labels),
        component=wire.text(sent.get("entity"), 255),
    )


def _labels(details: Mapping[str, Any], tags: list[str]) -> dict[str, str]:
    """Make labels of short details, and of tags such as `env:prod`."""
    labels = {name: part for name, part in details.items() if isinstance(part, str) and part}
    return labels | dict(_pairs(tags))


def _pairs(tags: list[str]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        name, colon, value = tag.partition(":")
        if colon and name.strip() and value.strip():
            yield name.strip(), value.strip()


def _kept(sent: Mapping[str, Any], tags: list[str]) -> dict[str, Any]:
    kept = {name: sent[name] for name in _KEPT if sent.get(name)}
    return wire.details(kept | ({"tags": tags} if tags else {}))
