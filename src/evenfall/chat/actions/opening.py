"""Opening a room of its own for one incident, when somebody asks for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.chat import errors, events
from evenfall.chat.actions.delivering import LEASE, accounts
from evenfall.chat.actions.posting import DELIVER
from evenfall.chat.actions.rooms import RoomWish, new_room
from evenfall.chat.logic import pacing
from evenfall.chat.logic.rooms import room_name
from evenfall.chat.models import Opening, OpeningState, Post, PostKind, Room
from evenfall.chat.ports import ChatError, ChatService, Member, OpenedRoom
from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.incidents.queries import IncidentView
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Account
from evenfall.paging import queries as paging_queries
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import wake

OPEN: Final = "chat.open"
MOST_AT_ONCE: Final = 5


class OpeningErrand(Struct, frozen=True, kw_only=True):
    """One room to open."""

    opening_id: int
    service: ChatService
    account: Account
    name: str
    members: tuple[Member, ...]


class Opened(Struct, frozen=True, kw_only=True):
    """The answer to such an errand."""

    errand: OpeningErrand
    room: OpenedRoom | None = None
    error: ChatError | None = None


def ask_for_room(*, incident_id: int, user_id: int | None, now: datetime) -> None:
    """Let a room be opened for this incident, in the first tool that can.

    One that failed before is tried again. Raises IncidentNotFound, CannotOpenRooms and
    RoomAlreadyOpened.
    """
    view = incidents_queries.incident(incident_id)
    if view.is_private:
        raise errors.PrivateIncident(incident_id=incident_id)
    provider_id = _able_account()
    with transaction.atomic():
        Opening.objects.filter(incident_id=view.id, state=OpeningState.FAILED.value).delete()
        try:
            with transaction.atomic():
                Opening.objects.create(
                    incident_id=view.id,
                    provider_id=provider_id,
                    name=room_name(view.id, view.title),
                    asked_by_id=user_id,
                    asked_at=now,
                    due_at=now,
                )
        except IntegrityError as error:
            raise errors.RoomAlreadyOpened(incident_id=view.id) from error
        wake(OPEN)


def _able_account() -> int:
    found = [number for number, (service, _) in accounts().items() if service.can_open_rooms]
    if not found:
        raise errors.CannotOpenRooms
    return found[0]


def claim_openings(*, now: datetime) -> list[OpeningErrand]:
    """Reserve rooms to open. One whose account was switched off meanwhile fails."""
    with transaction.atomic():
        rows = list(
            Opening.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=now)
            .order_by("due_at")[:MOST_AT_ONCE]
        )
        known = accounts() if rows else {}
        for row in rows:
            row.due_at, row.attempts = now + LEASE, row.attempts + 1
            if row.provider_id not in known:
                _failed(row, ChatError("its account is switched off", permanent=True), now)
            row.save()
        return [_errand(row, *known[row.provider_id]) for row in rows if row.provider_id in known]


def _errand(row: Opening, service: ChatService, account: Account) -> OpeningErrand:
    view = incidents_queries.incident(row.incident_id)
    return OpeningErrand(
        opening_id=row.pk,
        service=service,
        account=account,
        name=row.name,
        members=tuple(_members(view, service, row.asked_by_id)),
    )


def _members(view: IncidentView, service: ChatService, asked_by: int | None) -> Sequence[Member]:
    """Whoever asked, whoever has it, and everybody who was called for it."""
    ids = {named.id for named in (view.acknowledged_by, view.mobilised_by) if named}
    ids |= {asked_by} if asked_by is not None else set()
    ids |= paging_queries.people_called([view.subject])
    addresses = notifications_queries.addresses_of(service.kind, ids)
    return [
        Member(name=person.name, email=person.email, address=addresses.get(person.id, ""))
        for person in identity_queries.people(ids).values()
        if person.is_active
    ]


def record_opening(*, opened: Opened, now: datetime) -> None:
    """Write down the room, and show the incident there; or why there is none."""
    with transaction.atomic():
        rows = Opening.objects.select_for_update().filter(id=opened.errand.opening_id)
        row = rows.filter(state=OpeningState.ASKED.value).first()
        if row is None:
            return
        if opened.room is not None:
            _opened(row, opened.room, now)
        else:
            error = opened.error or ChatError("it gave no answer")
            _failed(row, error, now)
        row.save()
        wake(DELIVER)


def _opened(row: Opening, opened: OpenedRoom, now: datetime) -> None:
    room = new_room(
        provider_id=row.provider_id,
        address=opened.address,
        wish=RoomWish(name=row.name, least_severity=Sev.SEV5),
        incident_id=row.incident_id,
        now=now,
    )
    row.state, row.room, row.url = OpeningState.OPEN.value, room, opened.url
    row.missing, row.due_at, row.last_error = list(opened.missing), None, ""
    _show(room, row.incident_id, now)
    publish(
        events.IncidentRoomOpened(
            incident_id=row.incident_id,
            room_id=room.pk,
            room=row.name,
            missing=opened.missing,
            at=now,
            actor=SYSTEM if row.asked_by_id is None else f"user:{row.asked_by_id}",
        )
    )


def _show(room: Room, incident_id: int, now: datetime) -> None:
    Post.objects.create(
        room=room,
        kind=PostKind.INCIDENT.value,
        incident_id=incident_id,
        due_at=now,
        created_at=now,
    )


def _failed(row: Opening, error: ChatError, now: datetime) -> None:
    row.last_error = error.message
    if not error.permanent and row.attempts < pacing.MOST_ATTEMPTS:
        row.due_at = now + max(pacing.backoff(row.attempts), error.retry_after or pacing.backoff(1))
        return
    row.state, row.due_at = OpeningState.FAILED.value, None
    publish(
        events.IncidentRoomFailed(
            incident_id=row.incident_id, reason=error.message, at=now, actor=SYSTEM
        )
    )
