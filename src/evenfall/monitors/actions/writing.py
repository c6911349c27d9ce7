"""Adding, changing, pausing and removing monitors."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from msgspec import Struct, field

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.monitors import errors, events, ports
from evenfall.monitors.actions.keys import make_key
from evenfall.monitors.actions.naming import check_name
from evenfall.monitors.actions.recording import close
from evenfall.monitors.logic.declared import Origin, place_of
from evenfall.monitors.logic.fields import Flaw, Sorted, cleaned, sorted_settings
from evenfall.monitors.logic.inside import BACKUP, CONFIGURATION, DRIFT, HEARTBEAT, METRIC
from evenfall.monitors.logic.looks import State
from evenfall.monitors.models import Drift, DriftSource, Monitor
from evenfall.platform.errors import Invalid, NotFound
from evenfall.platform.events import publish
from evenfall.platform.http import is_own_address
from evenfall.platform.wakeups import wake
from evenfall.telemetry import actions as telemetry_actions

LOOK: Final = "monitors.look"
FETCH: Final = "monitors.declared"
SEVERITIES: Final = ("critical", "error", "warning", "info")
TOLD: Final = frozenset({HEARTBEAT, BACKUP})
"""Kinds that have an address where they are told something."""
_RANGES: Final = {
    "interval_s": (10, 7 * 86_400, "The time between looks, in seconds,"),
    "time_limit_s": (1, 30, "The time limit, in seconds,"),
    "bad_needed": (1, 100, "The number of bad looks"),
    "good_needed": (1, 100, "The number of good looks"),
    "unknown_for_s": (60, 30 * 86_400, "The time without an answer, in seconds,"),
}


class MonitorWish(Struct, frozen=True, kw_only=True):
    """What a monitor should be. Secrets that are left out stay as they are.

    Numbers that are None are those usual for the kind; `unknown_for_s` 0 tells nobody.
    """

    name: str
    service_id: int
    environment: str = "PROD"
    settings: Mapping[str, str] = field(default_factory=dict)
    interval_s: int | None = None
    time_limit_s: int | None = None
    bad_needed: int | None = None
    good_needed: int | None = None
    unknown_for_s: int | None = None
    severity: str = "error"


class Made(Struct, frozen=True):
    """A new monitor, and the key at which it is told something: shown once, "" for none."""

    monitor_id: int
    key: str


@transaction.atomic
def add_monitor(*, kind: str, wish: MonitorWish, now: datetime, actor: str) -> Made:
    """Add a monitor that looks at once.

    Raises `KindUnknown`, `ServiceNotFound`, `MonitorUnclear` with the name of the field.
    """
    row = Monitor(kind=ports.kind(kind).name, created_at=now, due_at=now)
    _fill(row, wish)
    row.changed_at = now
    row.save()
    key = make_key(row) if row.kind in TOLD else ""
    if row.kind in {DRIFT, CONFIGURATION}:
        Drift.objects.create(monitor=row)
    if row.kind == DRIFT:
        _follow_source(row, now)
    publish(events.MonitorSaved(**about(row), after=_shown(row), at=now, actor=actor))
    wake(LOOK)
    return Made(row.pk, key)


@transaction.atomic
def change_monitor(
    *, monitor_id: int, version: int | None, wish: MonitorWish, now: datetime, actor: str
) -> None:
    """Change a monitor; what it opened for another service or place is closed there.

    `version` is what the editor saw, None for whatever there is. Raises `MonitorNotFound`,
    `EditedMeanwhile`, `ServiceNotFound`, `MonitorUnclear`.
    """
    row = locked(monitor_id)
    if version is not None and version != row.version:
        raise errors.EditedMeanwhile
    before, secrets = _shown(row), row.secrets
    draft = Monitor(id=row.pk, kind=row.kind, settings=row.settings, secrets=row.secrets)
    _fill(draft, wish)
    if (draft.service_id, draft.environment) != (row.service_id, row.environment):
        _begin_anew(row, why="it looks at something else now", now=now)
    _fill(row, wish)
    row.version, row.changed_at, row.claimed_until = row.version + 1, now, None
    row.due_at = None if row.state == State.PAUSED else now
    row.save()
    if row.kind == DRIFT:
        _follow_source(row, now)
    after = _shown(row) | ({} if row.secrets == secrets else {"secrets_are_new": True})
    if after != before:
        publish(events.MonitorSaved(**about(row), before=before, after=after, at=now, actor=actor))
    wake(LOOK)


@transaction.atomic
def pause_monitor(*, monitor_id: int, now: datetime, actor: str) -> None:
    """Look no more until it is resumed; its alerts are over. Raises `MonitorNotFound`."""
    row = locked(monitor_id)
    if row.state == State.PAUSED:
        return
    _begin_anew(row, why="it was paused", now=now)
    row.state, row.since, row.due_at = State.PAUSED.value, now, None
    row.version += 1
    row.save()
    publish(events.MonitorPaused(**about(row), at=now, actor=actor))


@transaction.atomic
def resume_monitor(*, monitor_id: int, now: datetime, actor: str) -> None:
    """Look again, from the beginning. Raises `MonitorNotFound`."""
    row = locked(monitor_id)
    if row.state != State.PAUSED:
        return
    row.state, row.since, row.due_at = State.NEW.value, now, now
    row.version += 1
    row.save()
    publish(events.MonitorResumed(**about(row), at=now, actor=actor))
    wake(LOOK)


@transaction.atomic
def remove_monitor(*, monitor_id: int, now: datetime, actor: str) -> None:
    """Look no more; what it saw stays for those who ask. Raises `MonitorNotFound`."""
    row = locked(monitor_id)
    _begin_anew(row, why="its monitor was removed", now=now)
    row.removed_at, row.due_at, row.secrets = now, None, "{}"
    row.version += 1
    row.save()
    publish(events.MonitorRemoved(**about(row), at=now, actor=actor))


@transaction.atomic
def look_now(*, monitor_id: int, now: datetime) -> None:
    """Look as soon as a worker is free; a paused one stays so. Raises `MonitorNotFound`."""
    row = locked(monitor_id)
    if row.state != State.PAUSED:
        Monitor.objects.filter(id=row.pk).update(due_at=now)
        DriftSource.objects.filter(monitor=row).update(due_at=now, mark="")
        wake(LOOK, FETCH)


def locked(monitor_id: int, kind: str = "") -> Monitor:
    """The row, locked; of this kind. Raises `MonitorNotFound`, `NotOfThisKind`."""
    rows = Monitor.objects.select_for_update().filter(removed_at=None)
    row = rows.filter(id=monitor_id).first()
    if row is None:
        raise errors.MonitorNotFound(monitor_id=monitor_id)
    if kind and row.kind != kind:
        raise errors.NotOfThisKind(name=row.name, wanted=kind)
    return row


def about(row: Monitor) -> dict[str, Any]:
    """The fields of an event about it."""
    return {"monitor_id": row.pk, "name": row.name, "service_id": row.service_id}


def _follow_source(row: Monitor, now: datetime) -> None:
    """What should be is fetched from where the settings say, in a moment."""
    if place_of(row.settings).origin is Origin.GIVEN:
        DriftSource.objects.filter(monitor=row).delete()
        return
    fresh = {"due_at": now, "mark": "", "failed_since": None, "problem": ""}
    DriftSource.objects.update_or_create(monitor=row, defaults=fresh)
    wake(FETCH)


def _begin_anew(row: Monitor, *, why: str, now: datetime) -> None:
    """End what it opened and forget what it counted."""
    close(row, why=f"{why[0].upper()}{why[1:]}.", now=now)
    row.state, row.since = State.NEW.value, now
    row.run, row.run_result, row.run_since = 0, "", None
    row.is_missed, row.warning, row.memory, row.claimed_until = False, "", {}, None


def _fill(row: Monitor, wish: MonitorWish) -> None:
    """Check all that is wished and put it into the row."""
    kind = ports.kind(row.kind)
    row.name = " ".join(wish.name.replace("\0", "").split())[:120]
    if not row.name:
        raise errors.MonitorUnclear(field="name", reason="Give it a name.")
    row.service_id = catalog_queries.service(wish.service_id).id
    row.environment = _one_of("environment", wish.environment, [one.value for one in Environment])
    row.severity = _one_of("severity", wish.severity, SEVERITIES)
    for name, limits in _RANGES.items():
        setattr(row, name, _count(name, wish, kind.usual, limits))
    found = _sorted(row, kind, wish)
    row.settings, row.secrets = found.settings, json.dumps(found.secrets)


def _sorted(row: Monitor, kind: ports.Kind, wish: MonitorWish) -> Sorted:
    kept = json.loads(row.secrets)
    try:
        found = sorted_settings(kind.fields, wish.settings, kept)
        kind.check({**found.settings, **found.secrets})
        target = kind.target({**found.settings, **found.secrets})
    except Flaw as flaw:
        raise errors.MonitorUnclear(field=flaw.field, reason=flaw.reason) from flaw
    if row.kind == DRIFT and place_of(found.settings).origin is Origin.GIVEN:
        found.secrets["declared_token"] = ""  # nothing is fetched, so there is nothing to keep
    stays = [name for name, text in found.secrets.items() if text and not _given(wish, name)]
    if stays and kind.target({**row.settings, **kept}) != target:
        why = "It looks at something else now: give the secret again."
        raise errors.MonitorUnclear(field=stays[0], reason=why)
    if row.kind == METRIC:
        _check_query(found.settings)
    if row.kind == HEARTBEAT:
        check_name(found.settings, but=row.pk)
    if row.kind == DRIFT:
        _check_place(found)
    return found


def _check_place(found: Sorted) -> None:
    """Raise MonitorUnclear for a place that could be read by others on the way."""
    place = place_of(found.settings)
    if not place.url or place.url.startswith("https://"):
        return
    is_secret = bool(found.secrets["declared_token"]) or place.origin is Origin.GIT
    if is_secret and not is_own_address(urlsplit(place.url).hostname or ""):
        reason = "Only https, or an address of a network that Evenfall was told to trust."
        raise errors.MonitorUnclear(field="declared_url", reason=reason)


def _check_query(settings: Mapping[str, str]) -> None:
    """Raise MonitorUnclear for a query that its source could never answer."""
    try:
        telemetry_actions.check_query(int(settings["source"]), settings["query"])
    except NotFound as error:
        raise errors.MonitorUnclear(field="source", reason=error.message) from error
    except Invalid as error:
        raise errors.MonitorUnclear(field="query", reason=error.message) from error


def _given(wish: MonitorWish, name: str) -> bool:
    return bool(cleaned(wish.settings.get(name, "")))


def _count(
    name: str, wish: MonitorWish, usual: ports.Usual, limits: tuple[int, int, str]
) -> int | None:
    asked: int | None = getattr(wish, name)
    value: int | None = getattr(usual, name) if asked is None else asked
    if name == "unknown_for_s" and not value:
        return None
    lowest, highest, words = limits
    if value is None or not lowest <= value <= highest:
        reason = f"{words} is between {lowest} and {highest}."
        raise errors.MonitorUnclear(field=name, reason=reason)
    return value


def _one_of(name: str, value: str, known: Any) -> str:  # noqa: ANN401 - a collection of texts
    if value not in known:
        raise errors.MonitorUnclear(field=name, reason=f"One of {', '.join(known)}.")
    return value


def _shown(row: Monitor) -> dict[str, Any]:
    """What the audit may tell: of secrets only whether there are some."""
    plain = ("name", "environment", "kind", "settings", "severity", "service_id", *_RANGES)
    secrets = sorted(name for name, value in json.loads(row.secrets).items() if value)
    return {**{name: getattr(row, name) for name in plain}, "secrets": secrets}
