"""One class for the webhooks of many tools, which differ only in how a message is read.

Their senders look at nothing but the status of our answer, and come again after 5xx.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from evenfall.alerting.ports import (
    AlertUpdate,
    Answer,
    Decoded,
    Examined,
    KnownAlert,
    Refusal,
    wire,
)
from evenfall.alerting.ports.heads import Head, Heard, keep

_OK = Answer(200, b'{"status":"ok"}')
_STATUS = {
    Refusal.KEY_MISSING: 401,
    Refusal.KEY_UNKNOWN: 401,
    Refusal.TOO_LARGE: 413,
    Refusal.OVERLOADED: 503,
}

Read = Callable[[bytes, datetime], Sequence[AlertUpdate]]


class Webhook(Struct, frozen=True, kw_only=True):
    """A format whose body says all.

    `read` returns what a body received at a time says, nothing for what is no alert, and raises
    wire.Unreadable; `ok` is the answer then.
    """

    name: str
    read: Read
    ok: Answer = _OK

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        """Never finds a repeat: these tools send changes, not states."""
        del known
        decoded = self.decode(body, received_at=received_at, mapping={})
        return Examined(
            errors=decoded.errors,
            unparsed=decoded.unparsed,
            nothing=not decoded.updates and not decoded.errors,
        )

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        del mapping
        try:
            return Decoded(updates=tuple(self.read(body, received_at)))
        except wire.Unreadable as error:
            return Decoded(errors=(str(error),), unparsed=True)

    def accepted(self, examined: Examined) -> Answer:
        return self.refused(Refusal.INVALID, examined.errors) if examined.errors else self.ok

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        body = {"message": "; ".join(errors[:20]) or f"not accepted: {refusal}"}
        return Answer(_STATUS.get(refusal, 400), msgspec.json.encode(body))

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats


class HeardWebhook(Webhook, frozen=True, kw_only=True):
    """A format that needs these headers, or the query, too: `read` gets what `keep` kept.

    The key may be in a parameter of the query, `key_in`, which is not stored.
    """

    headers: tuple[str, ...] = ()
    key_in: tuple[str, ...] = ()

    def hear(self, head: Head) -> Heard:
        kept = keep(head, without=self.key_in, headers=self.headers)
        return Heard(head.parameter(*self.key_in) or None, kept)


def fields_of(body: bytes) -> Mapping[str, Any]:
    """Return the one JSON object that a body is; raises wire.Unreadable."""
    sent = wire.load(body)
    if not isinstance(sent, dict):
        raise wire.Unreadable("The body must be one JSON object.")
    return sent


def without_holes(sent: Mapping[str, Any], hole: str) -> dict[str, Any]:
    """Drop fields of a template that the sender had nothing to fill in for.

    Such tools then send the name of the variable itself, which begins with `hole`.
    """
    return {
        name: value
        for name, value in sent.items()
        if value not in (None, "") and not (isinstance(value, str) and value.startswith(hole))
    }
