"""Overrides: what somebody decides for a stretch of time."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks
from evenfall.oncall.logic.diff import effect
from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec, Role
from evenfall.oncall.models import MOST_OVERRIDE_DAYS, Override, Rota
from evenfall.oncall.queries.specs import override_spec, specs
from evenfall.platform.events import publish

MOST_NOTE = 200


@transaction.atomic
def add_override(
    *,
    rota_id: int,
    kind: OverrideKind,
    starts_at: datetime,
    ends_at: datetime,
    user_id: int | None = None,
    instead_of_id: int | None = None,
    role: Role = Role.PRIMARY,
    note: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Return the id of a new override, which counts from now at the earliest.

    Locks the rota against other overrides. Raises `OverrideEmpty`, `OverrideInPast`,
    `OverrideTooLong`, `OverridePerson`, `MemberUnknown`, `OverrideWithoutEffect`.
    """
    starts_at = max(starts_at, now) if ends_at > now else starts_at
    _check_times(starts_at, ends_at, now)
    _check_people(kind, user_id, instead_of_id)
    rota = locked_rota(rota_id)
    row = Override(
        rota=rota,
        role=role.value,
        kind=kind.value,
        user_id=user_id,
        instead_of_id=instead_of_id,
        starts_at=starts_at,
        ends_at=ends_at,
        note=" ".join(checks.clean_text(note).split())[:MOST_NOTE],
        created_at=now,
        created_by=actor,
    )
    _check_effect(rota_id, override_spec(row))
    row.save()
    publish(_added(rota, row))
    return row.id


def _added(rota: Rota, row: Override) -> events.OverrideAdded:
    return events.OverrideAdded(
        rota_id=rota.id,
        team_id=rota.team_id,
        override_id=row.id,
        after=asdict(queries.override(rota.id, row.id)),
        at=row.created_at,
        actor=row.created_by,
    )


@transaction.atomic
def take_duty(
    *, rota_id: int, user_id: int, hours: int | None = None, now: datetime, actor: str
) -> int:
    """Let somebody take over for so many hours. Return the id of the override.

    Without hours until the end of the running shift, or of the gap. Pages that nobody has answered
    follow. Raises `AlreadyOnCall`, `AwayNow`, `NothingToTake` and what `add_override` raises.
    """
    if queries.absent_at([user_id], starts_at=now, ends_at=now + timedelta.resolution)[user_id]:
        raise errors.AwayNow
    found = queries.on_call_at([rota_id], at=now)[rota_id]
    if found.primary and found.primary.user_id == user_id:
        raise errors.AlreadyOnCall
    until = now + timedelta(hours=hours) if hours is not None else _end_of_duty(found)
    override_id = add_override(
        rota_id=rota_id,
        kind=OverrideKind.REPLACE,
        user_id=user_id,
        starts_at=now,
        ends_at=min(until, now + timedelta(days=MOST_OVERRIDE_DAYS)),
        now=now,
        actor=actor,
    )
    rota = locked_rota(rota_id)
    publish(
        events.DutyPassed(
            rota_id=rota_id,
            team_id=rota.team_id,
            rota_name=rota.name,
            from_user_id=found.primary.user_id if found.primary else None,
            to_user_id=user_id,
            at=now,
            actor=actor,
        )
    )
    return override_id


def _end_of_duty(found: OnCall) -> datetime:
    """When the running duty ends, or, in a gap, the next one begins."""
    if found.primary:
        return found.primary.ends_at
    if found.next_primary:
        return found.next_primary.starts_at
    raise errors.NothingToTake


@transaction.atomic
def cancel_override(*, rota_id: int, override_id: int, now: datetime, actor: str) -> None:
    """End an override now; one that has not begun never counts. What it did stays.

    Raises `OverrideOfRequest` for one that two people agreed on, and what `end_override` raises.
    """
    request_id = queries.request_of_override(override_id)
    if request_id is not None:
        raise errors.OverrideOfRequest(request_id=request_id)
    end_override(rota_id=rota_id, override_id=override_id, now=now, actor=actor)


@transaction.atomic
def end_override(*, rota_id: int, override_id: int, now: datetime, actor: str) -> None:
    """End an override now, whoever agreed on it.

    Two people may cancel at once: the conditional update lets one of them through. Raises
    `OverrideCancelled`, `OverrideOver`, `OverrideNotFound`.
    """
    rota = locked_rota(rota_id)
    before = queries.override(rota_id, override_id)
    if before.ends_at <= now:
        raise errors.OverrideOver
    open_rows = Override.objects.filter(id=override_id, cancelled_at=None)
    if not open_rows.update(cancelled_at=now):
        raise errors.OverrideCancelled
    publish(
        events.OverrideCancelled(
            rota_id=rota_id,
            team_id=rota.team_id,
            override_id=override_id,
            before=asdict(before),
            after=asdict(before) | {"cancelled_at": now},
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def move_override(
    *,
    rota_id: int,
    override_id: int,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    actor: str,
) -> None:
    """Let an override that counts have other times; it keeps its place among the others.

    What it did before now stays, so one that runs keeps its start. Raises `OverrideNotFound`.
    """
    rota = locked_rota(rota_id)
    before = queries.override(rota_id, override_id)
    starts_at = before.starts_at if before.starts_at <= now else max(starts_at, now)
    after = {"starts_at": starts_at, "ends_at": max(ends_at, now)}
    Override.objects.filter(id=override_id, cancelled_at=None).update(**after)
    publish(
        events.OverrideMoved(
            rota_id=rota_id,
            team_id=rota.team_id,
            override_id=override_id,
            before=asdict(before),
            after=asdict(before) | after,
            at=now,
            actor=actor,
        )
    )


def locked_rota(rota_id: int) -> Rota:
    """The rota, locked against being deleted meanwhile. Raises `RotaNotFound`."""
    rows = Rota.objects.select_for_update(of=("self",), no_key=True)
    rota = rows.filter(id=rota_id, deleted_at=None).first()
    if rota is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    return rota


def _check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    queries.check_times(starts_at, ends_at)
    if ends_at <= starts_at:
        raise errors.OverrideEmpty(field="ends_at")
    if ends_at <= now:
        raise errors.OverrideInPast(field="ends_at")
    if ends_at - starts_at > timedelta(days=MOST_OVERRIDE_DAYS):
        raise errors.OverrideTooLong(most=MOST_OVERRIDE_DAYS, field="ends_at")


def _check_people(kind: OverrideKind, user_id: int | None, instead_of_id: int | None) -> None:
    if (kind is OverrideKind.REMOVE) != (user_id is None):
        raise errors.OverridePerson(field="user_id")
    if kind is OverrideKind.ADD and instead_of_id is not None:
        raise errors.OverridePerson(field="instead_of_id")
    checks.check_people({i for i in (user_id, instead_of_id) if i is not None})


def _check_effect(rota_id: int, override: OverrideSpec) -> None:
    """An override that changes nothing is a mistake that nobody sees until the night it counts."""
    spec = specs([rota_id], since=override.starts_at, until=override.ends_at)[rota_id]
    if not effect(spec, override):
        raise errors.OverrideWithoutEffect(why=_why_none(override))


def _why_none(override: OverrideSpec) -> str:
    people = identity_queries.people({i for i in (override.user_id, override.instead_of) if i})
    names = {person.id: person.name for person in people.values()}
    role = "lieutenant" if override.role is Role.LIEUTENANT else "on call"
    if override.instead_of is not None:
        return f"{names[override.instead_of]} is not {role} then"
    if override.kind is OverrideKind.REMOVE:
        return f"nobody is {role} then"
    if override.kind is OverrideKind.ADD:
        return f"there is no gap then, somebody is {role} all the time"
    return f"{names[override.user_id or 0]} is {role} then already"
