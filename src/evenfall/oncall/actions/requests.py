"""Asking to be relieved of a shift, and taking the wish back."""

from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions.overrides import end_override, locked_rota
from evenfall.oncall.actions.request_making import (
    check_person,
    check_swap,
    held_shift,
    new_row,
    set_back,
    set_part,
    start,
)
from evenfall.oncall.actions.request_notices import name_of, tell
from evenfall.oncall.actions.request_steps import about, close, locked_request, locked_rotas, made
from evenfall.oncall.logic.requests import RequestState, Step, Way
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import Override, ShiftRequest
from evenfall.platform.events import publish


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
    shift = held_shift(rota_id, asker_id, role, shift_at, now)
    row = new_row(rota, shift, way=way, note=note, now=now, actor=actor)
    set_part(row, shift, part_starts_at, part_ends_at, now)
    if person_id is not None:
        check_person(row, person_id, insist=insist, now=now)
    return start(row, person_id, now=now, actor=actor)


@transaction.atomic
def request_swap(
    *,
    rota_id: int,
    asker_id: int,
    shift_at: datetime,
    person_id: int,
    back_at: datetime,
    role: Role = Role.PRIMARY,
    part_starts_at: datetime | None = None,
    part_ends_at: datetime | None = None,
    back_rota_id: int | None = None,
    back_role: Role | None = None,
    back_part_starts_at: datetime | None = None,
    back_part_ends_at: datetime | None = None,
    insist: bool = False,
    note: str = "",
    now: datetime,
    actor: str,
) -> int:
    """Ask one person to swap shifts: the asker's at `shift_at` for theirs at `back_at`.

    Theirs may be of another rota and role; None is the same. With parts, only those: an edge that
    is None goes with its shift. Nothing changes until the other one says yes. Locks the rotas.
    Raises what `request_cover` raises.
    """
    rota, back_rota = locked_rotas(rota_id, back_rota_id or rota_id)
    shift = held_shift(rota_id, asker_id, role, shift_at, now)
    back = held_shift(back_rota.id, person_id, back_role or role, back_at, now)
    row = new_row(rota, shift, way=Way.PERSON, note=note, now=now, actor=actor)
    set_part(row, shift, part_starts_at, part_ends_at, now)
    set_back(row, back_rota, back, back_part_starts_at, back_part_ends_at, now)
    check_swap(row, back, insist=insist, now=now)
    return start(row, person_id, now=now, actor=actor)


@transaction.atomic
def withdraw_request(*, request_id: int, now: datetime, actor: str) -> None:
    """Take a request back that nobody has said yes to. Raises `RequestOver`, `RequestNotFound`."""
    row = locked_request(request_id)
    close(row, Step.WITHDRAW, "It was withdrawn.", now=now, actor=actor)


@transaction.atomic
def undo_request(
    *, request_id: int, user_id: int, is_manager: bool = False, now: datetime, actor: str
) -> RequestState:
    """Take back what was agreed: at once for a manager of the teams, else when both want it.

    The overrides end now; what they did stays. Locks the rotas. Raises `NothingToUndo`, `NotAsked`,
    `RequestNotFound`.
    """
    shown = queries.request(request_id)
    locked_rotas(shown.rota_id, shown.back_rota_id or shown.rota_id)
    row = locked_request(request_id)
    if row.state != RequestState.ACCEPTED.value or not _counting(row, now):
        raise errors.NothingToUndo
    if is_manager or row.undo_asked_by_id not in {None, user_id}:
        for override_id, rota_id in _counting(row, now):
            end_override(rota_id=rota_id, override_id=override_id, now=now, actor=actor)
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


def _counting(row: ShiftRequest, now: datetime) -> list[tuple[int, int]]:
    """The overrides of the request that still do something, with their rotas."""
    ids = made(row)
    rows = Override.objects.filter(id__in=ids, cancelled_at=None, ends_at__gt=now)
    return list(rows.order_by("id").values_list("id", "rota_id"))
