"""Asking to be relieved of a shift, and taking the wish back."""

from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks
from evenfall.oncall.actions.overrides import MOST_NOTE, end_override, locked_rota
from evenfall.oncall.actions.request_notices import name_of, tell
from evenfall.oncall.actions.request_steps import (
    about,
    close,
    go_on,
    locked_request,
    offer_to,
)
from evenfall.oncall.logic import requests
from evenfall.oncall.logic.held import HeldShift, shift_of
from evenfall.oncall.logic.requests import RequestKind, RequestState, Step, Way
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import LIVE_STATES, Override, Rota, ShiftRequest
from evenfall.platform.events import publish

SHORTEST = datetime.resolution


@transaction.atomic
def request_cover(
    *,
    rota_id: int,
    asker_id: int,
    shift_at: datetime,
    role: Role = Role.PRIMARY,
    part_starts_at: datetime | None = None,
    part_ends_at: datetime | None = None,
    way: Way = Way.ONE_BY_ONE,
    person_id: int | None = None,
    insist: bool = False,
    note: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Ask others to take the shift that the asker has at the instant `shift_at`. Return the id.

    With a part only the time between its edges; an edge that is None goes with the shift. Nothing
    changes until somebody says yes. Locks the rota. Raises `NoShiftThen`, `PartOutsideShift`,
    `RequestRunsAlready`, `PersonToAsk`, `PersonNotFree`, `PersonOnCall`, `NobodyToAsk`.
    """
    if (way is Way.PERSON) != (person_id is not None):
        raise errors.PersonToAsk(field="person_id")
    rota = locked_rota(rota_id)
    shift = _held(rota_id, asker_id, role, shift_at, now)
    row = _row(rota, shift, way=way, note=note, now=now, actor=actor)
    _set_part(row, shift, part_starts_at, part_ends_at, now)
    return _start(row, person_id, insist=insist, now=now, actor=actor)


@transaction.atomic
def request_swap(
    *,
    rota_id: int,
    asker_id: int,
    shift_at: datetime,
    person_id: int,
    back_at: datetime,
    role: Role = Role.PRIMARY,
    insist: bool = False,
    note: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Ask one person to swap shifts: the asker's at `shift_at` for theirs at `back_at`.

    Both whole, of one rota and role. Nothing changes until the other one says yes. Raises what
    `request_cover` raises.
    """
    rota = locked_rota(rota_id)
    shift = _held(rota_id, asker_id, role, shift_at, now)
    back = _held(rota_id, person_id, role, back_at, now)
    row = _row(rota, shift, way=Way.PERSON, note=note, now=now, actor=actor)
    row.kind = RequestKind.SWAP.value
    row.back_rota_id, row.back_role = rota_id, role.value
    row.back_turn, row.back_starts_at, row.back_ends_at = back.turn, back.starts_at, back.ends_at
    _set_part(row, shift, None, None, now)
    row.expires_at = min(row.expires_at, _expiry(back, now))
    return _start(row, person_id, insist=insist, now=now, actor=actor)


@transaction.atomic
def withdraw_request(*, request_id: int, now: datetime, actor: str) -> None:
    """Take a request back that nobody has said yes to. Raises `RequestOver`, `RequestNotFound`."""
    row = locked_request(request_id)
    close(row, Step.WITHDRAW, "It was withdrawn.", now=now, actor=actor)


@transaction.atomic
def undo_request(
    *, request_id: int, user_id: int, is_manager: bool = False, now: datetime, actor: str
) -> RequestState:
    """Take back what was agreed: at once for a manager, else when both want it.

    The overrides end now; what they did stays. Raises `NothingToUndo`, `NotAsked`,
    `RequestNotFound`.
    """
    locked_rota(queries.request(request_id).rota_id)
    row = locked_request(request_id)
    if row.state != RequestState.ACCEPTED.value or not _counting(row, now):
        raise errors.NothingToUndo
    if is_manager or row.undo_asked_by_id not in {None, user_id}:
        for override_id in _counting(row, now):
            end_override(rota_id=row.rota_id, override_id=override_id, now=now, actor=actor)
        close(row, Step.UNDO, f"Undone by {name_of(user_id)}.", now=now, actor=actor)
    else:
        _ask_to_undo(row, user_id, now=now, actor=actor)
    return RequestState(row.state)


def _ask_to_undo(row: ShiftRequest, user_id: int, *, now: datetime, actor: str) -> None:
    if user_id not in {row.asker_id, row.taker_id}:
        raise errors.NotAsked(name=name_of(user_id))
    row.undo_asked_by_id = user_id
    row.save()
    publish(events.UndoAsked(**about(row, user_id, now=now, actor=actor)))
    others = {row.asker_id, row.taker_id} - {user_id, None}
    title = f"{name_of(user_id)} wants to undo what you agreed on"
    tell(row, [other for other in others if other], title, now=now)


def _counting(row: ShiftRequest, now: datetime) -> list[int]:
    """The overrides of the request that still do something."""
    ids = [i for i in (row.cover_override_id, row.back_override_id) if i is not None]
    rows = Override.objects.filter(id__in=ids, cancelled_at=None, ends_at__gt=now)
    return list(rows.order_by("id").values_list("id", flat=True))


def _held(rota_id: int, user_id: int, role: Role, at: datetime, now: datetime) -> HeldShift:
    shifts = queries.held_shifts(rota_id, starts_at=at, ends_at=at + SHORTEST)
    shift = shift_of(shifts, user_id=user_id, role=role, at=at)
    if shift is None or shift.ends_at <= now:
        raise errors.NoShiftThen(name=name_of(user_id))
    return shift


def _row(
    rota: Rota, shift: HeldShift, *, way: Way, note: str, now: datetime, actor: str
) -> ShiftRequest:
    return ShiftRequest(
        rota=rota,
        kind=RequestKind.COVER.value,
        role=shift.role.value,
        state=RequestState.OPEN.value,
        way=way.value,
        asker_id=shift.user_id,
        turn=shift.turn,
        shift_starts_at=shift.starts_at,
        shift_ends_at=shift.ends_at,
        note=" ".join(checks.clean_text(note).split())[:MOST_NOTE],
        created_at=now,
        created_by=actor,
    )


def _set_part(
    row: ShiftRequest,
    shift: HeldShift,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> None:
    """An edge that only repeats that of the shift is none: it shall go with the shift."""
    queries.check_times(*(edge for edge in (starts_at, ends_at) if edge))
    row.part_starts_at = None if starts_at == shift.starts_at else starts_at
    row.part_ends_at = None if ends_at == shift.ends_at else ends_at
    part = requests.wanted(shift, row.part_starts_at, row.part_ends_at)
    inside = all(shift.starts_at <= edge <= shift.ends_at for edge in (starts_at, ends_at) if edge)
    if part is None or not inside or part[1] <= now:
        raise errors.PartOutsideShift(field="part_ends_at")
    row.expires_at = requests.expiry(*part, asked_at=now)


def _expiry(shift: HeldShift, now: datetime) -> datetime:
    return requests.expiry(shift.starts_at, shift.ends_at, asked_at=now)


def _start(
    row: ShiftRequest, person_id: int | None, *, insist: bool, now: datetime, actor: str
) -> int:
    _check_alone(row)
    if person_id is not None:
        _check_person(row, person_id, insist=insist, now=now)
    row.save()
    starts_at, ends_at = queries.part_of_row(row)
    publish(
        events.RequestMade(
            **about(row, row.asker_id, now=now, actor=actor),
            request_kind=row.kind,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )
    if person_id is not None:
        offer_to(row, [person_id], None, now=now, actor=actor)
    else:
        go_on(row, now=now, actor=actor)
    return row.id


def _check_alone(row: ShiftRequest) -> None:
    starts_at, ends_at = queries.part_of_row(row)
    others = ShiftRequest.objects.filter(
        rota=row.rota, role=row.role, asker_id=row.asker_id, state__in=LIVE_STATES
    )
    for other in others.order_by("id"):
        low, high = queries.part_of_row(other)
        if low < ends_at and starts_at < high:
            raise errors.RequestRunsAlready(request_id=other.id)


def _check_person(row: ShiftRequest, person_id: int, *, insist: bool, now: datetime) -> None:
    starts_at, ends_at = queries.part_of_row(row)
    found = queries.candidates(
        row.rota_id,
        role=Role(row.role),
        asker_id=row.asker_id,
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        now=now,
        and_ids=[person_id],
    )
    chosen = next((one for one in found if one.user_id == person_id), None)
    if chosen is None:
        raise errors.PersonToAsk(field="person_id")
    if chosen.candidate.is_absent:
        raise errors.PersonNotFree(name=chosen.name, why=chosen.obstacle)
    if chosen.candidate.on_call_in and not insist:
        rotas = ", ".join(chosen.candidate.on_call_in)
        raise errors.PersonOnCall(name=chosen.name, rotas=rotas)
