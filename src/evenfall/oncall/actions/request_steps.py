"""The steps of a request that several use cases share. Callers hold the lock on its row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions.overrides import locked_rota
from evenfall.oncall.actions.request_notices import tell
from evenfall.oncall.logic import requests
from evenfall.oncall.logic.requests import (
    ANSWERABLE,
    OfferState,
    RequestState,
    Step,
    Way,
)
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import Offer, Rota, ShiftRequest
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import wake

ANSWERABLE_STATES = [state.value for state in ANSWERABLE]
DRAIN = "oncall.requests"


def locked_request(request_id: int) -> ShiftRequest:
    """The row, locked against every other step. Raises `RequestNotFound`."""
    rows = ShiftRequest.objects.select_for_update(of=("self",))
    rows = rows.select_related("rota", "back_rota")
    row = rows.filter(id=request_id).first()
    if row is None:
        raise errors.RequestNotFound(request_id=request_id)
    return row


def locked_rotas(rota_id: int, back_rota_id: int) -> tuple[Rota, Rota]:
    """Both rotas, locked by id so that nobody waits for each other. Raises `RotaNotFound`."""
    found = {one: locked_rota(one) for one in sorted({rota_id, back_rota_id})}
    return found[rota_id], found[back_rota_id]


def made(row: ShiftRequest) -> list[int]:
    """The ids of the overrides that a yes made."""
    return [i for i in (row.cover_override_id, row.back_override_id) if i is not None]


def take(row: ShiftRequest, step: Step) -> None:
    """Change the state in memory. Raises `RequestOver` when the state does not allow the step."""
    found = requests.after(RequestState(row.state), step)
    if found is None:
        raise errors.RequestOver(reason=row.reason or f"it is {row.state}.")
    row.state = found.value


def about(row: ShiftRequest, user_id: int | None, *, now: datetime, actor: str) -> dict[str, Any]:
    """What all facts of a request say."""
    return {
        "request_id": row.id,
        "rota_id": row.rota_id,
        "team_id": row.rota.team_id,
        "user_id": user_id,
        "back_rota_id": None if row.back_rota_id == row.rota_id else row.back_rota_id,
        "at": now,
        "actor": actor,
    }


def go_on(row: ShiftRequest, *, now: datetime, actor: str) -> None:
    """Ask whoever comes next; when everybody said no, the request ends.

    As long as somebody who was asked is silent it stays open: a late yes still counts. Raises
    `NobodyToAsk` when there was nobody from the start.
    """
    line = [] if row.way == Way.PERSON.value else _line(row, now)
    if line:
        _offer(row, line, now=now, actor=actor)
        return
    if row.state == RequestState.OPEN.value:
        raise errors.NobodyToAsk
    if row.offers.filter(state__in=ANSWERABLE_STATES).exists():
        row.due_at = row.expires_at
        row.save()
        return
    close(row, Step.ALL_DECLINED, "Everybody who was asked said no.", now=now, actor=actor)


def offer_to(
    row: ShiftRequest,
    user_ids: Sequence[int],
    due_at: datetime | None,
    *,
    now: datetime,
    actor: str,
) -> None:
    """Put the request to these people. Saves the row."""
    take(row, Step.OFFER)
    row.due_at = min(due_at or row.expires_at, row.expires_at)
    row.save()
    Offer.objects.bulk_create(
        Offer(
            request=row, user_id=user_id, state=OfferState.ASKED.value, asked_at=now, due_at=due_at
        )
        for user_id in user_ids
    )
    publish(
        *(
            events.RequestOffered(**about(row, user_id, now=now, actor=actor), due_at=due_at)
            for user_id in user_ids
        )
    )
    verb = "swap a shift" if row.back_starts_at else "take a shift"
    tell(row, user_ids, f"{row.asker.name} asks you to {verb}", now=now)
    wake(DRAIN)


def close(
    row: ShiftRequest, step: Step, reason: str, *, now: datetime, actor: str = SYSTEM
) -> None:
    """End the request, tell the asker, those who still thought about it and who had agreed."""
    take(row, step)
    row.closed_at, row.reason, row.due_at = now, reason, None
    row.save()
    waiting = row.offers.filter(state__in=ANSWERABLE_STATES)
    told = {row.asker_id, *waiting.values_list("user_id", flat=True)}
    if row.taker_id is not None:
        told.add(row.taker_id)
    waiting.update(state=OfferState.CLOSED.value, answered_at=now)
    publish(
        events.RequestClosed(
            **about(row, row.asker_id, now=now, actor=actor), state=row.state, reason=reason
        )
    )
    tell(row, told, f"The request of {row.asker.name} is {row.state}", reason, now=now)


def _offer(row: ShiftRequest, line: Sequence[int], *, now: datetime, actor: str) -> None:
    if row.way == Way.EVERYBODY.value:
        offer_to(row, line, None, now=now, actor=actor)
        return
    due_at = requests.wait(now, row.expires_at, left=len(line) - 1)
    offer_to(row, line[:1], due_at, now=now, actor=actor)


def _line(row: ShiftRequest, now: datetime) -> list[int]:
    """Who can be asked and was not asked before, lowest load first."""
    starts_at, ends_at = queries.part_of_row(row)
    found = queries.candidates(
        row.rota_id,
        role=Role(row.role),
        asker_id=row.asker_id,
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        now=now,
    )
    asked = set(row.offers.values_list("user_id", flat=True))
    line = requests.line([one.candidate for one in found], [one.user_id for one in found])
    return [user_id for user_id in line if user_id not in asked]
