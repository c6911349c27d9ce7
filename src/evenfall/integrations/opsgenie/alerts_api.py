"""Opsgenie Alert API: `POST /v2/alerts`, and to close, acknowledge or delete an alert.

As there, every request is answered 202 before it is done; what became of it is asked for with its
request id. That an alert does not exist is told there, too.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.ports import (
    AlertUpdate,
    Answer,
    Decoded,
    Examined,
    KnownAlert,
    Refusal,
    UpdateAction,
    wire,
)
from evenfall.alerting.ports.heads import Head, Heard, keep, split
from evenfall.integrations.opsgenie import answers
from evenfall.integrations.opsgenie.creation import alias_key, created

IDENTIFIER_TYPES = ("id", "tiny", "alias")
_DEEDS = {"close": UpdateAction.RESOLVE, "acknowledge": UpdateAction.ACKNOWLEDGE}


class _Asked(Struct, frozen=True, kw_only=True):
    """What a request is about: `verb` is close, acknowledge or delete."""

    verb: str
    identifier: str = ""
    kind: str = "id"


class AlertsApi:
    name = "opsgenie.alerts"

    def hear(self, head: Head) -> Heard:
        """Take the key from `Authorization: GenieKey …`, or `apiKey` of the query."""
        scheme, _, given = head.header("authorization").partition(" ")
        key = given if scheme.lower() == "geniekey" else head.parameter("apiKey")
        return Heard(key.strip() or None, keep(head, without=("apiKey",)))

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        """Never finds a repeat: each request counts."""
        del known
        decoded = self.decode(body, received_at=received_at, mapping={})
        return Examined(
            answer_key=answers.request_id(body, received_at),
            errors=decoded.errors,
            unparsed=decoded.unparsed,
        )

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        """Read what `hear` kept and the body after it."""
        del mapping
        head, sent = split(body)
        asked = _asked(head)
        if asked is not None:
            return _done_to_one(asked)
        try:
            fields = wire.load(sent)
        except wire.Unreadable as error:
            return Decoded(errors=(str(error),), unparsed=True)
        if not isinstance(fields, dict):
            return Decoded(errors=("The body must be one JSON object.",), unparsed=True)
        if not wire.text(fields.get("message")).strip():
            return Decoded(errors=("message: Message can not be empty.",), unparsed=True)
        return Decoded(updates=(created(fields, wire.one_time_key(body, received_at)),))

    def accepted(self, examined: Examined) -> Answer:
        if examined.errors:
            return answers.refused(Refusal.INVALID, examined.errors, examined.answer_key)
        return answers.accepted(examined.answer_key)

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        return answers.refused(refusal, errors)

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats


ALERTS = AlertsApi()


def alert_named(identifier: str, kind: str) -> tuple[str, int | None]:
    """Return the dedup key, and the alert's number where it is named by that.

    Raises wire.Unreadable.
    """
    if kind not in IDENTIFIER_TYPES:
        raise wire.Unreadable("identifierType: It must be id, tiny or alias.")
    if kind == "alias":
        return alias_key(identifier), None
    number = answers.alert_number(identifier, kind)
    if number is None:
        raise wire.Unreadable(f"identifier: It is not the {kind} of an alert.")
    return f"alert {number}", number


def verb_of(stored: bytes) -> str:
    """Return the deed that a stored request asks for, in Opsgenie's word."""
    asked = _asked(split(stored)[0])
    return "create" if asked is None else asked.verb


def _asked(head: Head) -> _Asked | None:
    """Return what is to be done to an alert; None for the making of one."""
    steps = head.steps()
    kind = head.parameter("identifierType") or "id"
    match steps:
        case ["v2", "alerts", *named, verb] if named and verb in _DEEDS:
            return _Asked(verb=verb, identifier="/".join(named), kind=kind.lower())
        case ["v2", "alerts", *named] if named and head.method == "DELETE":
            return _Asked(verb="delete", identifier="/".join(named), kind=kind.lower())
    return None


def _done_to_one(asked: _Asked) -> Decoded:
    try:
        key, number = alert_named(asked.identifier, asked.kind)
    except wire.Unreadable as error:
        return Decoded(errors=(str(error),))
    if not key:
        return Decoded(errors=("identifier: It is empty.",))
    action = _DEEDS.get(asked.verb, UpdateAction.RESOLVE)  # what is deleted is over
    return Decoded(updates=(AlertUpdate(action=action, dedup_key=key, alert_id=number),))
