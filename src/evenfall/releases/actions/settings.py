"""Windows, stages and standard changes."""

import zoneinfo
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish
from evenfall.platform.public_holidays import is_known
from evenfall.releases import errors, events, queries
from evenfall.releases.actions import loading
from evenfall.releases.actions.holding import ask_all_again
from evenfall.releases.actions.scoping import Reach, checked, environments_of
from evenfall.releases.logic import windows as window_logic
from evenfall.releases.logic.rules import Rules, flaws, stored
from evenfall.releases.logic.windows import Hours
from evenfall.releases.logic.words import Kind
from evenfall.releases.models import DeployWindow, Stage, StandardChange


class WindowWish(Struct, frozen=True, kw_only=True):
    """When deploys are open; `time_zone` is an IANA name."""

    reach: Reach
    name: str
    environments: Collection[str]
    time_zone: str
    hours: Sequence[Hours]
    country: str = ""
    region: str = ""
    handover_minutes: int = 0


@transaction.atomic
def save_window(
    *,
    wish: WindowWish,
    window_id: int | None = None,
    revision: int = 0,
    now: datetime,
    actor: str,
) -> int:
    """Add a window, or change one that is still at the `revision` that was shown; return its id.

    Raises WindowNotFound, ChangedMeanwhile, NameMissing, ZoneUnknown, CountryUnknown,
    RulesNotValid, EnvironmentMissing, OneScope.
    """
    values, scope = _window_values(wish), checked(wish.reach)
    row = _window(window_id, revision) if window_id else DeployWindow(created_at=now, revision=0)
    before = _window_words(row) if window_id else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save()
    publish(
        events.WindowSaved(
            **_about(wish.reach, scope.name, now, actor),
            window_id=row.pk,
            before=before,
            after=_window_words(row),
        )
    )
    ask_all_again(Reach(), now=now)
    return row.pk


@transaction.atomic
def remove_window(*, window_id: int, now: datetime, actor: str) -> None:
    """Raises WindowNotFound."""
    row = DeployWindow.objects.select_for_update().filter(id=window_id).first()
    if row is None:
        raise errors.WindowNotFound(window_id=window_id)
    reach = Reach(service_id=row.service_id, team_id=row.team_id)
    about = _about(reach, queries.scope_of(*reach.ids).name, now, actor)
    publish(events.WindowSaved(**about, window_id=row.pk, before=_window_words(row), after={}))
    row.delete()
    ask_all_again(Reach(), now=now)


class StageWish(Struct, frozen=True, kw_only=True):
    """One stage of a way."""

    name: str
    environment: str
    rules: Rules


@transaction.atomic
def save_stages(
    *,
    service_id: int | None,
    stages: Sequence[StageWish],
    revision: int,
    now: datetime,
    actor: str,
) -> None:
    """Replace the whole way of a service, or that of all without their own; none: as they.

    `revision` is the highest of those shown, 0 for what had no way of its own. What is under way
    keeps its place. Raises ChangedMeanwhile, NameMissing, RulesNotValid, TeamNotFound, ….
    """
    scope = checked(Reach(service_id=service_id))
    own = Q(service=service_id) if service_id else Q(service=None)
    rows = list(Stage.objects.select_for_update().filter(own).order_by("position"))
    shown = max((row.revision for row in rows), default=0)
    if shown != revision:
        raise errors.ChangedMeanwhile
    names = [loading.name_of(one.name, 40) for one in stages]
    _check_stages(names, stages)
    before = _stage_words(rows)
    Stage.objects.filter(id__in=[row.pk for row in rows]).delete()
    fresh = Stage.objects.bulk_create(
        Stage(
            service_id=service_id,
            name=name,
            position=place,
            environment=one.environment,
            rules=stored(one.rules),
            revision=shown + 1,
        )
        for place, (name, one) in enumerate(zip(names, stages, strict=True), start=1)
    )
    about = _about(Reach(service_id=service_id), scope.name, now, actor)
    publish(events.StagesSaved(**about, before=before, after=_stage_words(fresh)))
    ask_all_again(Reach(service_id=service_id), now=now)


class StandardWish(Struct, frozen=True, kw_only=True):
    """Which changes need no sign-off, and until when."""

    reach: Reach
    name: str
    environments: Collection[str]
    kinds: Collection[Kind]
    most_downtime_minutes: int = 0
    conditions: str = ""
    expires_at: datetime


@transaction.atomic
def ask_standard(*, wish: StandardWish, user_id: int, now: datetime, actor: str) -> int:
    """Propose a standard change; it counts once somebody else approved it. Returns its id.

    Raises NameMissing, OneScope, EnvironmentMissing, RulesNotValid, SpanNotValid.
    """
    scope = checked(wish.reach)
    if not wish.kinds:
        raise errors.RulesNotValid(field="kinds", flaws="it names no kind of release")
    if wish.expires_at <= now:
        raise errors.SpanNotValid(field="expires_at")
    row = StandardChange.objects.create(
        service_id=wish.reach.service_id,
        team_id=wish.reach.team_id,
        name=loading.name_of(wish.name),
        environments=environments_of(wish.environments),
        kinds=sorted(one.value for one in wish.kinds),
        most_downtime_minutes=max(0, wish.most_downtime_minutes),
        conditions=loading.text_of(wish.conditions),
        expires_at=wish.expires_at,
        asked_by_id=user_id,
        asked_at=now,
    )
    _standard_moved(row, scope.name, "asked", now=now, actor=actor)
    return row.pk


@transaction.atomic
def approve_standard(*, standard_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Raises StandardNotFound, AlreadyDecided, NotByOneself."""
    row = _standard(standard_id)
    if row.approved_at is not None or row.withdrawn_at is not None:
        raise errors.AlreadyDecided
    if row.asked_by_id == user_id:
        raise errors.NotByOneself
    row.approved_by_id, row.approved_at = user_id, now
    row.save(update_fields=["approved_by", "approved_at"])
    _standard_moved(row, "", "approved", now=now, actor=actor)


@transaction.atomic
def withdraw_standard(*, standard_id: int, now: datetime, actor: str) -> None:
    """Raises StandardNotFound; twice is once."""
    row = _standard(standard_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        _standard_moved(row, "", "withdrawn", now=now, actor=actor)


def _standard(standard_id: int) -> StandardChange:
    row = StandardChange.objects.select_for_update().filter(id=standard_id).first()
    if row is None:
        raise errors.StandardNotFound(standard_id=standard_id)
    return row


def _standard_moved(
    row: StandardChange, scope: str, step: str, *, now: datetime, actor: str
) -> None:
    reach = Reach(service_id=row.service_id, team_id=row.team_id)
    about = _about(reach, scope or queries.scope_of(*reach.ids).name, now, actor)
    publish(events.StandardChangeMoved(**about, standard_id=row.pk, name=row.name, step=step))
    ask_all_again(reach, now=now)


def _window(window_id: int, revision: int) -> DeployWindow:
    row = DeployWindow.objects.select_for_update().filter(id=window_id).first()
    if row is None:
        raise errors.WindowNotFound(window_id=window_id)
    if row.revision != revision:
        raise errors.ChangedMeanwhile
    return row


def _window_values(wish: WindowWish) -> dict[str, Any]:
    country, region = wish.country.strip().upper(), wish.region.strip().upper()
    if not is_known(country, region):
        raise errors.CountryUnknown(field="country", country=f"{country} {region}".strip())
    wrong = window_logic.flaws(wish.hours)
    if wrong or not 0 <= wish.handover_minutes <= 7 * 24 * 60:
        said = "; ".join(wrong) or "nobody hands over for so long"
        raise errors.RulesNotValid(field="hours", flaws=said)
    return {
        "service_id": wish.reach.service_id,
        "team_id": wish.reach.team_id,
        "name": loading.name_of(wish.name),
        "environments": environments_of(wish.environments),
        "time_zone": _zone(wish.time_zone),
        "hours": [[one.day, one.starts, one.ends] for one in sorted(wish.hours)],
        "country": country,
        "region": region,
        "handover_minutes": wish.handover_minutes,
    }


def _zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise errors.ZoneUnknown(field="time_zone", zone=name)
    return name


def _check_stages(names: Sequence[str], stages: Sequence[StageWish]) -> None:
    if len({name.casefold() for name in names}) < len(names):
        raise errors.RulesNotValid(field="stages", flaws="two stages share a name")
    if len(names) > 20:  # noqa: PLR2004 - a page has to show them beside each other
        raise errors.RulesNotValid(field="stages", flaws="more than 20 stages")
    for one in stages:
        environments_of([one.environment])
        if wrong := flaws(one.rules):
            raise errors.RulesNotValid(field="stages", flaws="; ".join(wrong))
        for group in one.rules.groups:
            identity_queries.team(group.team_id)


def _window_words(row: DeployWindow) -> dict[str, object]:
    return {
        "name": row.name,
        "environments": list(row.environments),
        "time_zone": row.time_zone,
        "hours": row.hours,
        "country": row.country,
        "region": row.region,
        "handover_minutes": row.handover_minutes,
    }


def _stage_words(rows: Sequence[Stage]) -> dict[str, object]:
    return {row.name: {"environment": row.environment, **row.rules} for row in rows}


def _about(reach: Reach, scope: str, now: datetime, actor: str) -> dict[str, Any]:
    return {
        "scope": scope,
        "service_id": reach.service_id,
        "team_id": reach.team_id,
        "at": now,
        "actor": actor,
    }
