"""Alerts and what belongs to them, for tests."""

import itertools
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from evenfall.alerting import actions, ports
from evenfall.alerting.drains.receive import receive_waiting
from evenfall.alerting.logic.candidate import Candidate, StageResult
from evenfall.alerting.logic.updates import Severity
from evenfall.alerting.models import Alert, Integration, Signal, SignalBatch
from evenfall.alerting.queries.alerts import decisions
from evenfall.catalog.models import Service
from evenfall.identity.models import Team

NIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday


def candidate(
    *,
    dedup_key: str = "disk/db-1",
    severity: Severity = Severity.ERROR,
    labels: Mapping[str, str] | None = None,
    at: datetime = NIGHT,
    summary: str = "Disk is full",
) -> Candidate:
    """Build an alert as it enters the stages."""
    return Candidate(
        integration_id=1,
        dedup_key=dedup_key,
        at=at,
        summary=summary,
        severity=severity,
        told_severity=severity,
        labels=labels or {},
    )


_numbers = itertools.count(1)


def make_integration(
    name: str = "Prometheus",
    *,
    service: Service | None = None,
    team: Team | None = None,
    environment: str = "PROD",
    kind: str = "prometheus",
    now: datetime = NIGHT,
) -> Integration:
    """Make an integration whose key nobody knows."""
    return Integration.objects.create(
        name=name,
        kind=kind,
        key_hash=os.urandom(32),
        key_hint="evf_in_…",
        service=service,
        team=team,
        environment=environment,
        created_at=now,
    )


def make_mapped(mapping: Mapping[str, str] | None = None, **fields: Any) -> Integration:
    """Make an integration for plain JSON, with a mapping that has a version."""
    integration = make_integration(kind="json", **fields)
    actions.change_mapping(
        integration_id=integration.id,
        mapping=mapping or {"summary": "check.output"},
        now=integration.created_at,
        actor="system",
    )
    integration.refresh_from_db()
    return integration


class StatedFormat:
    """A wire format for tests: the body is a list of updates in our own words, as JSON."""

    name = "stated"

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, ports.KnownAlert]
    ) -> ports.Examined:
        del body, received_at, known
        return ports.Examined()

    def repeat_key(self, identity: bytes) -> str:
        return identity.decode()

    def decode(
        self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]
    ) -> ports.Decoded:
        del received_at, mapping
        if body == b"raise":
            raise RuntimeError("a decoder that breaks its promise")
        try:
            updates = msgspec.json.decode(body, type=tuple[ports.AlertUpdate, ...])
        except msgspec.DecodeError as error:
            return ports.Decoded(errors=(str(error),), unparsed=True)
        refused = tuple("an alert without a key" for update in updates if not update.dedup_key)
        return ports.Decoded(updates=tuple(u for u in updates if u.dedup_key), errors=refused)

    def accepted(self, examined: ports.Examined) -> ports.Answer:
        del examined
        return ports.Answer(status=202)

    def refused(self, refusal: ports.Refusal, errors: tuple[str, ...] = ()) -> ports.Answer:
        del refusal, errors
        return ports.Answer(status=400)


def update(
    action: str = "trigger",
    key: str = "disk/db-1",
    **fields: Any,
) -> ports.AlertUpdate:
    """Build one statement about one alert."""
    if action == "trigger":
        fields = {"summary": "Disk is full", "severity": ports.Severity.ERROR, **fields}
    return ports.AlertUpdate(action=ports.UpdateAction(action), dedup_key=key, **fields)


def send(
    integration: Integration,
    *updates: ports.AlertUpdate,
    at: datetime = NIGHT,
    body: bytes | None = None,
    format_name: str = "stated",
) -> int:
    """Put one signal with these updates on the queue, as the front door does; return its id."""
    ports.register_format(StatedFormat())
    number = next(_numbers) << 10
    body = msgspec.json.encode(updates) if body is None else body
    Signal.objects.create(
        id=number,
        received_at=at,
        integration_id=integration.id,
        format=format_name,
        unparsed=False,
        body=body,
    )
    SignalBatch.objects.create(
        first_id=number, size=1, received_from=at, received_to=at, body_bytes=len(body)
    )
    return number


def receive(now: datetime = NIGHT) -> int:
    """Run the pipeline until the queue is empty; return how many signals it took."""
    total = 0
    while done := receive_waiting(now).done:
        total += done
    return total


def decision(alert: Alert) -> tuple[StageResult, ...]:
    """What each stage said when it was decided last."""
    return decisions([alert.pk])[alert.pk]


def stage(alert: Alert, name: str) -> StageResult:
    """What one stage said when it was decided last."""
    return next(one for one in decision(alert) if one.stage == name)
