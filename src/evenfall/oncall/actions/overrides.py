"""Overrides: what somebody decides for a stretch of time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from msgspec.structs import asdict

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks, override_checks
from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import OverrideKind, Role, Span
from evenfall.oncall.models import MOST_OVERRIDE_DAYS, Override, Rota
from evenfall.oncall.queries.specs import override_spec
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
    hands_over: bool = False,
    now: datetime,
    actor: str,
) -> int:
    """Return the id of a new override, which counts from now at the earliest.

    Pages that nobody has answered follow a duty that passes at once; with `hands_over` also those
    that whoever had it works on. Locks the rota against other overrides. Raises `OverrideEmpty`,
    `OverrideInPast`, `OverrideTooLong`, `OverridePerson`, `MemberUnknown`,
    `OverrideWithoutEffect`.
    """
    starts_at = max(starts_at, now) if ends_at > now else starts_at
    override_checks.check_times(starts_at, ends_at, now)
    override_checks.check_people(kind, user_id, instead_of_id)
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
    override_checks.check_effect(rota_id, override_spec(row))
    before = _primary(row)
    row.save()
    publish(_added(rota, row), *_passed(rota, row, before, hands_over=hands_over))
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


def _primary(row: Override) -> Span | None:
    """Who is primary when the override is made, if it is about that role and moment."""
    if row.role != Role.PRIMARY or row.starts_at > row.created_at:
        return None
    return queries.on_call_at([row.rota_id], at=row.created_at, with_next=False)[
        row.rota_id
    ].primary


def _passed(
    rota: Rota, row: Override, before: Span | None, *, hands_over: bool
) -> Iterator[events.DutyPassed]:
    """The fact that somebody else is primary from this moment on, if that is so."""
    after = _primary(row)
    if after is None or (before and before.user_id == after.user_id):
        return
    yield events.DutyPassed(
        rota_id=rota.id,
        team_id=rota.team_id,
        rota_name=rota.name,
        from_user_id=before.user_id if before else None,
        to_user_id=after.user_id,
        hands_over=hands_over,
        at=row.created_at,
        actor=row.created_by,
    )


@transaction.atomic
def take_duty(
    *, rota_id: int, user_id: int, hours: int | None = None, now: datetime, actor: str
) -> int:
    """Let somebody take over for so many hours. Return the id of the override.

    Without hours until the end of the running shift, or of the gap. Pages that are open
    follow. Raises `AlreadyOnCall`, `AwayNow`, `NothingToTake` and what `add_override` raises.
    """
    if queries.absent_at([user_id], starts_at=now, ends_at=now + timedelta.resolution)[user_id]:
        raise errors.AwayNow
    found = queries.on_call_at([rota_id], at=now)[rota_id]
    if found.primary and found.primary.user_id == user_id:
        raise errors.AlreadyOnCall
    until = now + timedelta(hours=hours) if hours is not None else _end_of_duty(found)
    return add_override(
        rota_id=rota_id,
        kind=OverrideKind.REPLACE,
        user_id=user_id,
        starts_at=now,
        ends_at=min(until, now + timedelta(days=MOST_OVERRIDE_DAYS)),
        hands_over=True,
        now=now,
        actor=actor,
    )


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
    if not open_rows.update(cancelled_at=now, cancelled_by=actor):
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
