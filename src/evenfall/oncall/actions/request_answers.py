"""Answering a request: yes makes the overrides, no asks the next one."""

from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions.overrides import MOST_NOTE, add_override
from evenfall.oncall.actions.request_following import follow_requests
from evenfall.oncall.actions.request_notices import name_of, tell
from evenfall.oncall.actions.request_steps import (
    about,
    go_on,
    locked_request,
    locked_rotas,
    take,
)
from evenfall.oncall.logic.requests import ANSWERABLE, LIVE, OfferState, Step, Way
from evenfall.oncall.logic.spec import OverrideKind, Role
from evenfall.oncall.models import Offer, ShiftRequest
from evenfall.platform.events import publish


def accept_request(*, request_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Say yes for this person: the overrides that do it come in the same transaction.

    Whoever was asked may, and for a request to the team anybody who may take its shifts. The shift
    is looked up once more before: its times are those of now. Locks the rotas. Raises
    `RequestOver`, `NotAsked`, `PersonNotFree`, `RequestNotFound`.
    """
    shown = queries.request(request_id)
    rota_ids = (shown.rota_id, shown.back_rota_id or shown.rota_id)
    follow_requests(rota_ids=rota_ids, now=now)  # commits what became of it, whatever comes next
    with transaction.atomic():
        if queries.request(request_id).is_live:
            locked_rotas(*rota_ids)
        row = locked_request(request_id)
        take(row, Step.ACCEPT)
        _check_free(row, user_id, now)
        _apply(row, _offer_of(row, user_id, now), now=now, actor=actor)


@transaction.atomic
def decline_request(
    *, request_id: int, user_id: int, note: str = "", now: datetime, actor: str
) -> None:
    """Say no for this person. Raises `RequestOver`, `NotAsked`, `RequestNotFound`."""
    row = locked_request(request_id)
    if row.state not in LIVE:
        take(row, Step.ALL_DECLINED)
    offer = row.offers.filter(user_id=user_id).first()
    if offer is None or offer.state not in ANSWERABLE:
        raise errors.NotAsked(name=name_of(user_id))
    was_waited_for = offer.state == OfferState.ASKED.value
    _answer(offer, OfferState.DECLINED, note, now)
    publish(events.RequestDeclined(**about(row, user_id, now=now, actor=actor), note=offer.note))
    title = f"{name_of(user_id)} cannot take your shift"
    tell(row, [row.asker_id], title, *([offer.note] if offer.note else []), now=now)
    if was_waited_for or not _is_waiting(row):
        go_on(row, now=now, actor=actor)


def _is_waiting(row: ShiftRequest) -> bool:
    return row.offers.filter(state=OfferState.ASKED.value).exists()


def _offer_of(row: ShiftRequest, user_id: int, now: datetime) -> Offer:
    """The offer to this person; a volunteer gets one by answering."""
    found = row.offers.filter(user_id=user_id).first()
    if found is not None and found.state in ANSWERABLE:
        return found
    if found is not None or row.way == Way.PERSON.value:
        raise errors.NotAsked(name=name_of(user_id))
    state = OfferState.ASKED.value
    return Offer.objects.create(request=row, user_id=user_id, state=state, asked_at=now)


def _check_free(row: ShiftRequest, user_id: int, now: datetime) -> None:
    """Whoever is on call elsewhere may say yes all the same; whoever is away may not."""
    if user_id == row.asker_id:
        raise errors.NotAsked(name=name_of(user_id))
    starts_at, ends_at = queries.part_of_row(row)
    starts_at = max(starts_at, now)
    _check_there(user_id, starts_at, ends_at)
    back = queries.back_part_of_row(row)
    if back is not None:
        _check_there(row.asker_id, max(back[0], now), back[1])


def _check_there(user_id: int, starts_at: datetime, ends_at: datetime) -> None:
    if queries.absent_at([user_id], starts_at=starts_at, ends_at=ends_at)[user_id]:
        raise errors.PersonNotFree(name=name_of(user_id), why="is away")


def _answer(offer: Offer, state: OfferState, note: str, now: datetime) -> None:
    offer.state, offer.answered_at = state.value, now
    offer.note = " ".join(note.replace("\0", "").split())[:MOST_NOTE]
    offer.save()


def _apply(row: ShiftRequest, offer: Offer, *, now: datetime, actor: str) -> None:
    _answer(offer, OfferState.ACCEPTED, "", now)
    row.taker_id = offer.user_id
    asker_id, taker_id = row.asker_id, offer.user_id
    place = (row.rota_id, Role(row.role))
    override_id = row.cover_override_id = _hand_over(
        row, place, (asker_id, taker_id), queries.part_of_row(row), now=now, actor=actor
    )
    back = queries.back_part_of_row(row)
    if back is not None and row.back_rota_id is not None:
        place = (row.back_rota_id, Role(row.back_role))
        row.back_override_id = _hand_over(
            row, place, (taker_id, asker_id), back, now=now, actor=actor
        )
    row.closed_at, row.reason, row.due_at = now, f"{name_of(offer.user_id)} said yes.", None
    row.save()
    _announce(row, offer.user_id, override_id, now=now, actor=actor)


def _hand_over(
    row: ShiftRequest,
    place: tuple[int, Role],
    people: tuple[int, int],
    stretch: tuple[datetime, datetime],
    *,
    now: datetime,
    actor: str,
) -> int:
    """The override by which the second of the people has the role of the first in the rota."""
    return add_override(
        rota_id=place[0],
        kind=OverrideKind.REPLACE,
        role=place[1],
        starts_at=stretch[0],
        ends_at=stretch[1],
        user_id=people[1],
        instead_of_id=people[0],
        note=f"{row.kind}, request {row.id}",
        now=now,
        actor=actor,
    )


def _announce(
    row: ShiftRequest, taker_id: int, override_id: int, *, now: datetime, actor: str
) -> None:
    others = row.offers.filter(state__in=[state.value for state in ANSWERABLE])
    relieved = list(others.values_list("user_id", flat=True))
    others.update(state=OfferState.CLOSED.value, answered_at=now)
    publish(
        events.RequestAccepted(
            **about(row, taker_id, now=now, actor=actor),
            override_id=override_id,
            back_override_id=row.back_override_id,
        )
    )
    taker = name_of(taker_id)
    words = "swaps with you" if row.back_override_id else "takes your shift"
    tell(row, [row.asker_id], f"{taker} {words}", "The rota is changed.", now=now)
    title = f"You take a shift of {row.asker.name}"
    tell(row, [taker_id], title, "The rota is changed.", now=now)
    tell(row, relieved, f"{taker} takes the shift of {row.asker.name}", now=now)
