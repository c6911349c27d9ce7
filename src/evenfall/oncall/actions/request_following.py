"""Requests follow their shifts: where a shift moves they move, where it is gone they end."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from evenfall.oncall import events, queries
from evenfall.oncall.actions.overrides import end_override, locked_rota, move_override
from evenfall.oncall.actions.request_notices import tell
from evenfall.oncall.actions.request_steps import ANSWERABLE_STATES, about, close
from evenfall.oncall.errors import RotaNotFound
from evenfall.oncall.logic import requests
from evenfall.oncall.logic.held import HeldShift, found_again
from evenfall.oncall.logic.requests import RequestState, Step
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import LIVE_STATES, Override, ShiftRequest
from evenfall.platform.events import SYSTEM, publish

GONE = "The shift is gone or somebody else has it now."


@transaction.atomic
def follow_requests(*, rota_ids: Collection[int], with_agreed: bool = False, now: datetime) -> None:
    """Look every request of these rotas up again, in the schedule as it is now.

    One nobody has said yes to moves with its shift or ends with the reason. With `with_agreed`,
    after a change of the plan, what was agreed on moves too. Locks the rotas, then the requests.
    """
    for rota_id in sorted(set(rota_ids)):
        is_there = _lock(rota_id)
        for row in _rows(rota_id, with_agreed=with_agreed, now=now):
            if row.state == RequestState.ACCEPTED.value:
                _follow_agreed(row, now=now, is_there=is_there)
            elif not is_there or not _follow_live(row, now):
                close(row, Step.OVERTAKE, GONE, now=now)


def _lock(rota_id: int) -> bool:
    try:
        locked_rota(rota_id)
    except RotaNotFound:
        return False
    return True


def _rows(rota_id: int, *, with_agreed: bool, now: datetime) -> list[ShiftRequest]:
    wanted = Q(state__in=LIVE_STATES)
    if with_agreed:
        coming = Q(shift_ends_at__gt=now) | Q(back_ends_at__gt=now)
        wanted |= coming & Q(state=RequestState.ACCEPTED.value)
    rows = ShiftRequest.objects.select_for_update(of=("self",)).select_related("rota")
    return list(rows.filter(wanted, rota_id=rota_id).order_by("id"))


def _follow_live(row: ShiftRequest, now: datetime) -> bool:
    """Whether what is asked for is still there; the row gets the times it has now."""
    shift = _again(row.rota_id, queries.shift_of_row(row))
    back_was = _back(row)
    back = _again(row.rota_id, back_was) if back_was else None
    if shift is None or (back is None and back_was is not None):
        return False
    part = requests.wanted(shift, row.part_starts_at, row.part_ends_at)
    if part is None or part[1] <= now:
        return False
    if _set_times(row, shift, back):
        row.expires_at = requests.expiry(*part, asked_at=now)
        row.due_at = min(row.due_at or row.expires_at, row.expires_at)
        _announce(row, now)
    return True


def _follow_agreed(row: ShiftRequest, *, now: datetime, is_there: bool) -> None:
    """Move the overrides with their shifts; where one is gone, both people get theirs back."""
    ids = [i for i in (row.cover_override_id, row.back_override_id) if i is not None]
    counting = Override.objects.filter(id__in=ids, cancelled_at=None, ends_at__gt=now)
    coming = set(counting.values_list("id", flat=True))
    if not is_there or not coming:
        return
    shift = _again(row.rota_id, queries.shift_of_row(row), under=min(ids))
    back_was = _back(row)
    back = _again(row.rota_id, back_was, under=min(ids)) if back_was else None
    edges = (row.part_starts_at, row.part_ends_at)
    part = requests.wanted(shift, *edges) if shift else None
    if shift is None or part is None or (back is None and back_was is not None):
        for override_id in sorted(coming):
            end_override(rota_id=row.rota_id, override_id=override_id, now=now, actor=SYSTEM)
        close(row, Step.OVERTAKE, GONE, now=now)
    elif _set_times(row, shift, back):
        _move(row, row.cover_override_id, part, coming, now)
        _move(row, row.back_override_id, _times(back), coming, now)
        _announce(row, now)


def _move(
    row: ShiftRequest,
    override_id: int | None,
    stretch: tuple[datetime, datetime] | None,
    coming: Collection[int],
    now: datetime,
) -> None:
    if override_id in coming and override_id is not None and stretch is not None:
        move_override(
            rota_id=row.rota_id,
            override_id=override_id,
            starts_at=stretch[0],
            ends_at=stretch[1],
            now=now,
            actor=SYSTEM,
        )


def _times(shift: HeldShift | None) -> tuple[datetime, datetime] | None:
    return (shift.starts_at, shift.ends_at) if shift else None


def _again(rota_id: int, shift: HeldShift, *, under: int | None = None) -> HeldShift | None:
    stretch = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    return found_again(shift, queries.held_shifts(rota_id, **stretch, under=under))


def _back(row: ShiftRequest) -> HeldShift | None:
    """The shift in return, which is that of the one person who is or was asked."""
    if row.back_starts_at is None or row.back_ends_at is None:
        return None
    user_id = row.taker_id or row.offers.values_list("user_id", flat=True)[0]
    return HeldShift(user_id, Role(row.role), row.back_turn, row.back_starts_at, row.back_ends_at)


def _set_times(row: ShiftRequest, shift: HeldShift, back: HeldShift | None) -> bool:
    """Save the shifts as they are now; whether their times are others than before."""
    before = (row.shift_starts_at, row.shift_ends_at, row.back_starts_at, row.back_ends_at)
    row.turn, row.shift_starts_at, row.shift_ends_at = shift.turn, shift.starts_at, shift.ends_at
    if back is not None:
        row.back_turn, row.back_starts_at, row.back_ends_at = (
            back.turn,
            back.starts_at,
            back.ends_at,
        )
    row.save()
    return before != (
        row.shift_starts_at,
        row.shift_ends_at,
        row.back_starts_at,
        row.back_ends_at,
    )


def _announce(row: ShiftRequest, now: datetime) -> None:
    row.save()
    starts_at, ends_at = queries.part_of_row(row)
    facts = about(row, row.asker_id, now=now, actor=SYSTEM)
    publish(events.RequestMoved(**facts, starts_at=starts_at, ends_at=ends_at))
    waiting = row.offers.filter(state__in=ANSWERABLE_STATES)
    told = {row.asker_id, row.taker_id, *waiting.values_list("user_id", flat=True)} - {None}
    title = f"The shift of {row.asker.name} has other times now"
    tell(row, [user_id for user_id in told if user_id], title, now=now)
