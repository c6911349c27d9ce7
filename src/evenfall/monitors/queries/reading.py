"""Monitors as people see them. Secrets never leave: only whether there is one."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.monitors import errors, ports
from evenfall.monitors.logic import lengths
from evenfall.monitors.logic.fields import FieldType
from evenfall.monitors.logic.looks import State
from evenfall.monitors.models import Monitor
from evenfall.platform import durations, pages
from evenfall.telemetry import queries as telemetry_queries

_SIZE: Final = 50
# what needs somebody stands first
_RANK: Final = Case(
    *(
        When(state=state.value, then=Value(place))
        for place, state in enumerate((State.BAD, State.UNKNOWN, State.NEW, State.GOOD))
    ),
    default=Value(9),
    output_field=IntegerField(),
)


class MonitorView(Struct, frozen=True, kw_only=True):
    """A monitor and how it stands. `secret_names` are the settings that hold a secret.

    `facts` are its settings as people read them: (label, text). `state` is a word of `State`.
    """

    id: int
    name: str
    kind: str
    kind_label: str
    target: str
    service: ServiceView
    environment: str
    state: str
    since: datetime | None
    is_missed: bool
    warning: str
    last_at: datetime | None
    last_result: str
    last_note: str
    last_ms: int | None
    last_value: float | None
    last_details: Mapping[str, str]
    due_at: datetime | None
    severity: str
    interval_s: int
    time_limit_s: int
    bad_needed: int
    good_needed: int
    unknown_for_s: int | None
    settings: Mapping[str, str]
    secret_names: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    version: int
    is_removed: bool

    @property
    def took(self) -> str:
        """The time of the last look in words; "" where none was measured."""
        return "" if self.last_ms is None else lengths.measured(self.last_ms)

    @property
    def team_id(self) -> int:
        return self.service.team_id


class MonitorFilter(Struct, frozen=True, kw_only=True):
    """What a list shows; empty for all. `text` is in the name."""

    text: str = ""
    state: str = ""
    kind: str = ""
    environment: str = ""
    service_id: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == MonitorFilter()


def monitor(monitor_id: int) -> MonitorView:
    """Raise `MonitorNotFound` for one that is not there, or was removed."""
    row = Monitor.objects.filter(id=monitor_id, removed_at=None).first()
    if row is None:
        raise errors.MonitorNotFound(monitor_id=monitor_id)
    return _views([row])[0]


def monitors(ids: Collection[int] | None = None) -> dict[int, MonitorView]:
    """These monitors, removed ones too, or all that were not removed; by name."""
    rows = Monitor.objects.order_by("name", "id")
    rows = rows.filter(removed_at=None) if ids is None else rows.filter(id__in=ids)
    return {one.id: one for one in _views(rows)}


def monitors_page(
    wanted: MonitorFilter, *, cursor: str | None = None, size: int = _SIZE
) -> pages.Page[MonitorView]:
    """A page of monitors: those that are bad first, then those that nobody knows of."""
    rows = _filtered(wanted).annotate(rank=_RANK)
    found = pages.keyset(rows, order=("rank", "name", "id"), cursor=cursor, size=size)
    return found.holding(_views(found.items))


def state_counts(wanted: MonitorFilter) -> dict[str, int]:
    """How many are in each state, whatever state the filter asks for."""
    every = MonitorFilter(
        text=wanted.text,
        kind=wanted.kind,
        environment=wanted.environment,
        service_id=wanted.service_id,
    )
    rows = _filtered(every).values("state").annotate(count=Count("id")).order_by("state")
    return {row["state"]: row["count"] for row in rows}


def _filtered(wanted: MonitorFilter) -> QuerySet[Monitor]:
    asked = {
        "state": wanted.state,
        "kind": wanted.kind,
        "environment": wanted.environment,
        "service_id": wanted.service_id,
        "name__icontains": wanted.text,
    }
    known = {name: value for name, value in asked.items() if value}
    return Monitor.objects.filter(Q(**known), removed_at=None)


class _Names(Struct, frozen=True):
    """What settings name by its number, by that."""

    sources: Mapping[str, str]
    integrations: Mapping[str, str]


def _views(rows: Iterable[Monitor]) -> list[MonitorView]:
    """Three queries or four, however many rows."""
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows}) if rows else {}
    is_asking = any("source" in row.settings for row in rows)
    sources = {str(one.id): one.name for one in telemetry_queries.sources()} if is_asking else {}
    is_told = any(row.settings.get("integration") for row in rows)
    keys = alerting_queries.integration_names() if is_told else []
    names = _Names(sources=sources, integrations={str(number): name for number, name in keys})
    kinds = {one.name: one for one in ports.kinds()}
    return [_view(row, services[row.service_id], kinds.get(row.kind), names) for row in rows]


def _view(
    row: Monitor, service: ServiceView, kind: ports.Kind | None, names: _Names
) -> MonitorView:
    same = (
        *("id", "name", "kind", "environment", "state", "since", "is_missed", "warning"),
        *("last_at", "last_result", "last_note", "last_ms", "last_value", "last_details"),
        *("due_at", "severity", "interval_s", "time_limit_s", "bad_needed", "good_needed"),
        *("unknown_for_s", "settings", "version"),
    )
    secrets = json.loads(row.secrets)
    return MonitorView(
        **{name: getattr(row, name) for name in same},
        kind_label=kind.label if kind else row.kind,
        target=_target(kind, {**row.settings, **secrets}),
        service=service,
        secret_names=tuple(sorted(name for name, text in secrets.items() if text)),
        facts=_facts(kind, row.settings, names) if kind else (),
        is_removed=row.removed_at is not None,
    )


def _target(kind: ports.Kind | None, settings: Mapping[str, str]) -> str:
    return kind.target(settings) if kind else ""


def _facts(
    kind: ports.Kind, settings: Mapping[str, str], names: _Names
) -> tuple[tuple[str, str], ...]:
    found = []
    for one in kind.fields:
        text = settings.get(one.name, "")
        if one.type is FieldType.CHOICE:
            text = dict(one.choices).get(text, text)
        if one.type is FieldType.SOURCE:
            text = names.sources.get(text, "A source that is not there any more")
        if text and one.type is FieldType.INTEGRATION:
            text = names.integrations.get(text, "An integration that is not there any more")
        if text and one.type is FieldType.DURATION:
            text = durations.exact(lengths.read(text) or 0)
        if text:
            found.append((one.label, text))
    return tuple(found)
