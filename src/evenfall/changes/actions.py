"""Everything that writes to the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import errors, events
from evenfall.changes.models import Change
from evenfall.changes.ports import ChangeKind
from evenfall.platform.events import SYSTEM, publish

_SUMMARY_LENGTH = 1024
_NAME_LENGTH = 200


@transaction.atomic
def record_change(
    *,
    service_id: int | None,
    summary: str,
    source: str = "",
    at: datetime,
    links: Sequence[Mapping[str, str]] = (),
    details: Mapping[str, Any] | None = None,
    kind: str = ChangeKind.OTHER.value,
    environment: str = "",
    external_id: str = "",
    now: datetime,
    actor: str = SYSTEM,
) -> int:
    """Add a change to the ledger; return its id.

    `at` is when it took effect, aware. An unknown `kind` becomes "other". With an
    `external_id` the same report of the same source is one row: sending it again returns
    the id of the first. Links keep "href" and "text" only, and web addresses only.
    Raises `SummaryMissing` and catalog's `ServiceNotFound`.
    """
    summary = _one_line(summary)
    if service_id is not None:
        catalog_queries.service(service_id)
    values = {
        "service_id": service_id,
        "summary": summary,
        "kind": kind if kind in tuple(ChangeKind) else ChangeKind.OTHER.value,
        "environment": environment[:8].upper(),
        "links": _links(links),
        "details": dict(details or {}),
        "actor": actor,
        "at": at,
        "recorded_at": now,
    }
    change, is_new = _insert(source[:_NAME_LENGTH], external_id[:_NAME_LENGTH], values)
    if is_new:
        publish(_recorded(change))
    return change.id


def _one_line(summary: str) -> str:
    line = " ".join(summary.split())[:_SUMMARY_LENGTH]
    if not line:
        raise errors.SummaryMissing(field="summary")
    return line


def _insert(source: str, external_id: str, values: dict[str, Any]) -> tuple[Change, bool]:
    """The row and whether it is new; two who report the same at once get the same row."""
    if not external_id:
        return Change.objects.create(source=source, external_id="", **values), True
    return Change.objects.get_or_create(source=source, external_id=external_id, defaults=values)


def _links(links: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    kept = [(str(link.get("href", "")), str(link.get("text", ""))) for link in links]
    return [
        {"href": href, "text": text or href}
        for href, text in kept
        if href.startswith(("https://", "http://"))
    ]


def _recorded(change: Change) -> events.ChangeRecorded:
    return events.ChangeRecorded(
        change_id=change.id,
        service_id=change.service_id,
        summary=change.summary,
        change_kind=change.kind,
        environment=change.environment,
        took_effect_at=change.at.isoformat(),
        at=change.recorded_at,
        actor=change.actor,
    )
