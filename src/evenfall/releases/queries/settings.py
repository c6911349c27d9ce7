"""What holds releases, and when: stop buttons, freezes, windows, standard changes."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.platform import once
from evenfall.releases import errors
from evenfall.releases.logic.windows import Hours, Window
from evenfall.releases.logic.words import Kind
from evenfall.releases.models import DeployWindow, Freeze, StandardChange, Stop
from evenfall.releases.queries.scopes import ScopeView, scope_views

_STOPS: Final = "releases.stops"


class StopView(Struct, frozen=True, kw_only=True):
    """The button, pressed; `lifted_at` is None while it is in force. People are named."""

    id: int
    scope: ScopeView
    reason: str
    pressed_at: datetime
    pressed_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


class FreezeView(Struct, frozen=True, kw_only=True):
    id: int
    scope: ScopeView
    environments: tuple[Environment, ...]
    reason: str
    starts_at: datetime
    ends_at: datetime
    exempt: frozenset[Kind]
    created_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


class WindowView(Struct, frozen=True, kw_only=True):
    id: int
    scope: ScopeView
    environments: tuple[Environment, ...]
    window: Window
    revision: int


class StandardView(Struct, frozen=True, kw_only=True):
    """A standard change; nobody approved it yet while `approved_by` is ""."""

    id: int
    scope: ScopeView
    name: str
    environments: tuple[Environment, ...]
    kinds: frozenset[Kind]
    most_downtime_minutes: int
    conditions: str
    expires_at: datetime
    asked_by: str
    asked_by_id: int
    approved_by: str
    approved_at: datetime | None
    withdrawn_at: datetime | None

    def is_in_force(self, now: datetime) -> bool:
        return self.approved_at is not None and self.withdrawn_at is None and self.expires_at > now


def stops_in_force() -> list[StopView]:
    """All buttons that are pressed, the longest pressed first; read once by a look."""
    found = once.known(_STOPS, {None}, lambda: {None: _pressed()})
    return list(found[None])


def _pressed() -> tuple[StopView, ...]:
    return tuple(_stops(Stop.objects.filter(lifted_at=None).order_by("pressed_at", "id")))


def stop_history(*, limit: int = 50) -> list[StopView]:
    return _stops(Stop.objects.order_by("-pressed_at", "-id")[:limit])


def stop(stop_id: int) -> StopView:
    """Raises StopNotFound."""
    found = _stops(Stop.objects.filter(id=stop_id))
    if not found:
        raise errors.StopNotFound(stop_id=stop_id)
    return found[0]


def stopped(service_ids: Collection[int]) -> dict[int, StopView]:
    """The widest pressed button of each of these services that is stopped; others are left out."""
    pressed = stops_in_force()
    if not pressed:
        return {}
    services = catalog_queries.services(service_ids)
    found: dict[int, StopView] = {}
    for view in services.values():
        holding = [one for one in pressed if one.scope.covers(view.id, view.team_id)]
        if holding:
            found[view.id] = max(holding, key=lambda one: one.scope.width)
    return found


def freezes_of_time(*, starts_at: datetime, ends_at: datetime) -> list[FreezeView]:
    """Freezes that overlap this time and were not lifted, by start."""
    rows = Freeze.objects.filter(lifted_at=None, ends_at__gt=starts_at, starts_at__lt=ends_at)
    return _freezes(rows.order_by("starts_at", "id"))


def freezes(*, now: datetime, limit: int = 50) -> list[FreezeView]:
    """Those in force and to come first, then what is over."""
    coming = _freezes(
        Freeze.objects.filter(lifted_at=None, ends_at__gt=now).order_by("starts_at", "id")
    )
    over = Freeze.objects.filter(Q(lifted_at__isnull=False) | Q(ends_at__lte=now))
    return [*coming, *_freezes(over.order_by("-ends_at", "-id")[:limit])]


def freeze(freeze_id: int) -> FreezeView:
    """Raises FreezeNotFound."""
    found = _freezes(Freeze.objects.filter(id=freeze_id))
    if not found:
        raise errors.FreezeNotFound(freeze_id=freeze_id)
    return found[0]


def windows() -> list[WindowView]:
    """All windows by name."""
    return _windows(DeployWindow.objects.order_by("name", "id"))


def window(window_id: int) -> WindowView:
    """Raises WindowNotFound."""
    found = _windows(DeployWindow.objects.filter(id=window_id))
    if not found:
        raise errors.WindowNotFound(window_id=window_id)
    return found[0]


def windows_for(
    known: Iterable[WindowView], *, service_id: int, team_id: int, environment: Environment
) -> list[WindowView]:
    """Those that count for a service there: its own, else its team's, else the site's."""
    fitting = [
        one
        for one in known
        if environment in one.environments and one.scope.covers(service_id, team_id)
    ]
    narrowest = min((one.scope.width for one in fitting), default=0)
    return [one for one in fitting if one.scope.width == narrowest]


def standard_changes() -> list[StandardView]:
    """Those that were not withdrawn, by name."""
    rows = StandardChange.objects.filter(withdrawn_at=None)
    return _standards(rows.order_by("name", "id"))


def standard_change(standard_id: int) -> StandardView:
    """Raises StandardNotFound."""
    found = _standards(StandardChange.objects.filter(id=standard_id))
    if not found:
        raise errors.StandardNotFound(standard_id=standard_id)
    return found[0]


def _stops(rows: QuerySet[Stop]) -> list[StopView]:
    found = list(rows)
    scopes = scope_views(found)
    names = identity_queries.actor_names(
        {actor for row in found for actor in (row.pressed_by, row.lifted_by) if actor}
    )
    return [
        StopView(
            id=row.pk,
            scope=scope,
            reason=row.reason,
            pressed_at=row.pressed_at,
            pressed_by=names.get(row.pressed_by, row.pressed_by),
            lifted_at=row.lifted_at,
            lifted_by=names.get(row.lifted_by, row.lifted_by),
            lifted_why=row.lifted_why,
        )
        for row, scope in zip(found, scopes, strict=True)
    ]


def _freezes(rows: QuerySet[Freeze]) -> list[FreezeView]:
    found = list(rows)
    names = identity_queries.actor_names(
        {actor for row in found for actor in (row.created_by, row.lifted_by) if actor}
    )
    return [
        FreezeView(
            id=row.pk,
            scope=scope,
            environments=tuple(Environment(one) for one in row.environments),
            reason=row.reason,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            exempt=frozenset(Kind(one) for one in row.exempt),
            created_by=names.get(row.created_by, row.created_by),
            lifted_at=row.lifted_at,
            lifted_by=names.get(row.lifted_by, row.lifted_by),
            lifted_why=row.lifted_why,
        )
        for row, scope in zip(found, scope_views(found), strict=True)
    ]


def _windows(rows: QuerySet[DeployWindow]) -> list[WindowView]:
    found = list(rows)
    return [
        WindowView(
            id=row.pk,
            scope=scope,
            environments=tuple(Environment(one) for one in row.environments),
            window=window_value(row),
            revision=row.revision,
        )
        for row, scope in zip(found, scope_views(found), strict=True)
    ]


def window_value(row: DeployWindow) -> Window:
    """The row as logic takes it."""
    return Window(
        name=row.name,
        zone=ZoneInfo(row.time_zone),
        hours=tuple(Hours(*one) for one in row.hours),
        country=row.country,
        region=row.region,
        handover=timedelta(minutes=row.handover_minutes),
    )


def _standards(rows: QuerySet[StandardChange]) -> list[StandardView]:
    found = list(rows)
    people = [number for row in found for number in (row.asked_by_id, row.approved_by_id)]
    names = identity_queries.names(people)
    return [
        StandardView(
            id=row.pk,
            scope=scope,
            name=row.name,
            environments=tuple(Environment(one) for one in row.environments),
            kinds=frozenset(Kind(one) for one in row.kinds),
            most_downtime_minutes=row.most_downtime_minutes,
            conditions=row.conditions,
            expires_at=row.expires_at,
            asked_by=names[row.asked_by_id],
            asked_by_id=row.asked_by_id,
            approved_by=names.get(row.approved_by_id or 0, ""),
            approved_at=row.approved_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row, scope in zip(found, scope_views(found), strict=True)
    ]
