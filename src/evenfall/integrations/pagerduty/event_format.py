"""One class for the three formats of the Events API, which differ in names and rules."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

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
from evenfall.integrations.pagerduty import answers, event


class EventFormat(Struct, frozen=True, kw_only=True):
    """A format whose body is one event that carries its integration key.

    `key_field` holds the integration key, `dedup_field` the deduplication key (None where events
    have none). `problems` says what is wrong with an event; `update` reads one without problems.
    """

    name: str
    key_field: str
    dedup_field: str | None
    status: int
    message: str
    problems: Callable[[Mapping[str, Any]], tuple[str, ...]]
    update: Callable[[Mapping[str, Any], str], AlertUpdate]

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        """Never finds a repeat: each trigger counts."""
        del known
        sent, problems = event.read(body)
        errors = problems or self.problems(sent)
        return Examined(
            key=event.integration_key(sent, self.key_field),
            answer_key="" if errors else self._dedup_key(sent, body, received_at),
            errors=errors,
            unparsed=bool(errors),
        )

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        del mapping
        sent, problems = event.read(body)
        errors = problems or self.problems(sent)
        if errors:
            return Decoded(errors=errors, unparsed=True)
        return Decoded(updates=(self.update(sent, self._dedup_key(sent, body, received_at)),))

    def accepted(self, examined: Examined) -> Answer:
        if examined.errors:
            return answers.failure(Refusal.INVALID, examined.errors)
        given = {} if self.dedup_field is None else {self.dedup_field: examined.answer_key}
        return answers.success(self.status, self.message, **given)

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        return answers.failure(refusal, errors)

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats

    def _dedup_key(self, sent: Mapping[str, Any], body: bytes, received_at: datetime) -> str:
        given = event.dedup_key(sent, self.dedup_field) if self.dedup_field else ""
        return given or wire.one_time_key(body, received_at)
