"""Plain JSON: one event, or a list of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from evenfall.alerting.ports import (
    AlertUpdate,
    Answer,
    Decoded,
    Examined,
    Image,
    KnownAlert,
    Refusal,
    UpdateAction,
    read_mapping,
    wire,
)
from evenfall.integrations.generic.mapping import Finder

_OVER = frozenset(
    {
        *("resolve", "resolved", "recovered", "recovery", "clear", "cleared", "close", "closed"),
        *("ok", "okay", "up", "normal", "success", "succeeded", "healthy", "inactive"),
        *("fixed", "done"),
    }
)
_ACKNOWLEDGED = frozenset({"acknowledge", "acknowledged", "ack", "acked"})
_STATUS = {
    Refusal.KEY_MISSING: 401,
    Refusal.KEY_UNKNOWN: 404,
    Refusal.TOO_LARGE: 413,
    Refusal.OVERLOADED: 503,
}


class PlainJson:
    name = "json"

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        """Check the form; only the pipeline knows the mapping, so only it can read the fields."""
        del known, received_at
        try:
            events = _events(wire.load(body))
        except wire.Unreadable as error:
            return Examined(errors=(str(error),), unparsed=True)
        return Examined(nothing=not events)

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        try:
            events = _events(wire.load(body))
        except wire.Unreadable as error:
            return Decoded(errors=(str(error),), unparsed=True)
        mapped = read_mapping(mapping)
        return Decoded(
            updates=tuple(_update(event, Finder(event, mapped), received_at) for event in events)
        )

    def accepted(self, examined: Examined) -> Answer:
        if examined.errors:
            return self.refused(Refusal.INVALID, examined.errors)
        return Answer(202, b'{"status":"accepted"}')

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        body = {"status": "error", "message": str(refusal), "errors": list(errors)}
        return Answer(_STATUS.get(refusal, 400), msgspec.json.encode(body))

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats


PLAIN = PlainJson()


def _events(sent: object) -> list[Mapping[str, Any]]:
    given = sent if isinstance(sent, list) else [sent]
    events: list[Mapping[str, Any]] = [event for event in given if isinstance(event, dict)]
    if len(events) < len(given):
        raise wire.Unreadable("The body must be a JSON object or a list of objects.")
    return events


def _update(event: Mapping[str, Any], find: Finder, received_at: datetime) -> AlertUpdate:
    action = find.action() or _action(find.text("status", 40).lower())
    summary = find.text("summary", 1024) or "Alert without a title"
    source = find.text("source", 255)
    at = wire.lenient_moment(find.value("starts_at"))
    labels = find.labels()
    image = find.text("image", 2000)
    return AlertUpdate(
        action=action,
        dedup_key=_dedup_key(find, summary, source),
        summary=summary,
        severity=find.severity(labels.get("severity")),
        source=source,
        labels=labels,
        details=wire.details(find.value("details")) | {"event": wire.tree(event)},
        starts_at=at if action is UpdateAction.TRIGGER else None,
        ends_at=(at or received_at) if action is UpdateAction.RESOLVE else None,
        url=find.text("url", 2000),
        images=(Image(src=image),) if image else (),
        environment=find.text("environment", 40) or wire.environment(labels),
        component=find.text("component", 255),
        group=find.text("group", 255),
        class_=find.text("class", 255),
    )


def _dedup_key(find: Finder, summary: str, source: str) -> str:
    """Return the sender's key, else one of title and source: a resolve has the same ones."""
    given = find.text("dedup_key", 10_000)
    if not given:
        return wire.derived_key(summary, source)
    return given if len(given) <= wire.KEY_LENGTH else wire.derived_key(given)


def _action(status: str) -> UpdateAction:
    if status in _OVER:
        return UpdateAction.RESOLVE
    if status in _ACKNOWLEDGED:
        return UpdateAction.ACKNOWLEDGE
    return UpdateAction.TRIGGER
