"""Requests follow their shifts: where a shift moves they move, where it is gone they end."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from evenfall.oncall import events, queries
from evenfall.oncall.actions.overrides import end_override, locked_rota, move_override
from evenfall.oncall.actions.request_notices import tell
from evenfall.oncall.actions.request_steps import ANSWERABLE_STATES, about, close, made
from evenfall.oncall.errors import RotaNotFound
from evenfall.oncall.logic import requests
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.held import HeldShift, found_again
from evenfall.oncall.logic.requests import RequestState, Step
from evenfall.oncall.models import LIVE_STATES, Override, ShiftRequest
from evenfall.platform.events import SYSTEM, publish

GONE = "The shift is gone or somebody else has it now."


@transaction.atomic
def follow_requests(*, rota_ids: Collection[int], with_agreed: bool = False, now: datetime) -> None:
    """Look every request of these rotas up again, in the schedule as it is now.

    One nobody has said yes to moves with its shifts or ends with the reason. With `with_agreed`,
    after a change of the plan, what was agreed on moves too. Locks the rotas and those of the
    shifts that are swapped for theirs, by id, then the requests.
    """
    concerned = _concerned(rota_ids, with_agreed=with_agreed, now=now)
    there = {rota_id for rota_id in sorted(concerned) if _lock(rota_id)}
    for row in _rows(rota_ids, with_agreed=with_agreed, now=now):
        if not _rotas_of(row) <= concerned:
            continue  # asked since, about the schedule as it is
        if row.state == RequestState.ACCEPTED.value:
            _follow_agreed(row, now=now, there=there)
        elif not _rotas_of(row) <= there or not _follow_live(row, now):
            close(row, Step.OVERTAKE, GONE, now=now)


def _concerned(rota_ids: Collection[int], *, with_agreed: bool, now: datetime) -> set[int]:
    found = _asked(rota_ids, with_agreed=with_agreed, now=now)
    return {rota_id for row in found for rota_id in _rotas_of(row)} | set(rota_ids)


def _rotas_of(row: ShiftRequest) -> set[int]:
    return {row.rota_id, row.rota_id if row.back_rota_id is None else row.back_rota_id}


def _lock(rota_id: int) -> bool:
    try:
        locked_rota(rota_id)
    except RotaNotFound:
        return False
    return True


def _rows(rota_ids: Collection[int], *, with_agreed: bool, now: datetime) -> list[ShiftRequest]:
    found = _asked(rota_ids, with_agreed=with_agreed, now=now)
    rows = found.select_for_update(of=("self",)).select_related("rota", "back_rota")
    return list(rows.order_by("id"))


def _asked(
    rota_ids: Collection[int], *, with_agreed: bool, now: datetime
) -> QuerySet[ShiftRequest]:
    wanted = Q(state__in=LIVE_STATES)
    if with_agreed:
        coming = Q(shift_ends_at__gt=now) | Q(back_ends_at__gt=now)
        wanted |= coming & Q(state=RequestState.ACCEPTED.value)
    here = Q(rota_id__in=rota_ids) | Q(back_rota_id__in=rota_ids)
    return ShiftRequest.objects.filter(wanted, here)


def _follow_live(row: ShiftRequest, now: datetime) -> bool:
    """Whether what is asked for is still there; the row gets the times it has now."""
    shift, back = _again(row.rota_id, queries.shift_of_row(row)), None
    back_was = queries.back_of_row(row)
    if back_was is not None and row.back_rota_id is not None:
        back = _again(row.back_rota_id, back_was)
    parts = _parts(row, shift, back, is_swap=back_was is not None)
    if shift is None or not parts or any(part[1] <= now for part in parts):
        return False
    if _set_times(row, shift, back):
        row.expires_at = min(requests.expiry(*part, asked_at=now) for part in parts)
        row.due_at = min(row.due_at or row.expires_at, row.expires_at)
        _announce(row, now)
    return True


def _parts(
    row: ShiftRequest, shift: HeldShift | None, back: HeldShift | None, *, is_swap: bool
) -> list[Stretch]:
    """What is handed over, and for a swap what is returned; none when one of them is gone."""
    edges = (row.part_starts_at, row.part_ends_at)
    back_edges = (row.back_part_starts_at, row.back_part_ends_at)
    found = [requests.wanted(shift, *edges) if shift else None]
    if is_swap:
        found.append(requests.wanted(back, *back_edges) if back else None)
    parts = [part for part in found if part is not None]
    return parts if len(parts) == len(found) else []


def _follow_agreed(row: ShiftRequest, *, now: datetime, there: Collection[int]) -> None:
    """Move the overrides with their shifts; where one is gone, both people get theirs back."""
    counting = Override.objects.filter(id__in=made(row), cancelled_at=None, ends_at__gt=now)
    coming = {one.id: one.rota_id for one in counting.order_by("id") if one.rota_id in there}
    if not coming:
        return
    shift, back = _agreed_shifts(row, there)
    parts = _parts(row, shift, back, is_swap=row.back_rota_id is not None)
    if shift is None or not parts:
        for override_id, rota_id in coming.items():
            end_override(rota_id=rota_id, override_id=override_id, now=now, actor=SYSTEM)
        close(row, Step.OVERTAKE, GONE, now=now)
    elif _set_times(row, shift, back):
        ids = (row.cover_override_id, row.back_override_id)
        for moved_id, stretch in zip(ids, parts, strict=False):
            _move(moved_id, stretch, coming, now)
        _announce(row, now)


def _agreed_shifts(
    row: ShiftRequest, there: Collection[int]
) -> tuple[HeldShift | None, HeldShift | None]:
    """The two shifts as they are without what was agreed."""
    ids = (row.cover_override_id, row.back_override_id)
    shift, back, back_was = None, None, queries.back_of_row(row)
    is_one_rota = row.back_rota_id == row.rota_id
    first = min((i for i in ids if i is not None), default=None)
    unders = (first, first) if is_one_rota else ids
    if row.rota_id in there:
        shift = _again(row.rota_id, queries.shift_of_row(row), under=unders[0])
    if back_was is not None and row.back_rota_id is not None and row.back_rota_id in there:
        back = _again(row.back_rota_id, back_was, under=unders[1])
    return shift, back


def _move(
    override_id: int | None, stretch: Stretch, coming: Mapping[int, int], now: datetime
) -> None:
    if override_id is not None and override_id in coming:
        move_override(
            rota_id=coming[override_id],
            override_id=override_id,
            starts_at=stretch[0],
            ends_at=stretch[1],
            now=now,
            actor=SYSTEM,
        )


def _again(rota_id: int, shift: HeldShift, *, under: int | None = None) -> HeldShift | None:
    stretch = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    return found_again(shift, queries.held_shifts(rota_id, **stretch, under=under))


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
