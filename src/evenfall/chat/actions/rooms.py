"""Which rooms there are: added by managers, switched off by them or by the tool itself."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F
from msgspec import Struct

from evenfall.chat import errors, events, ports
from evenfall.chat.actions.posting import DELIVER
from evenfall.chat.models import Post, PostKind, Room
from evenfall.chat.ports import ChatService
from evenfall.identity import queries as identity_queries
from evenfall.incidents.ports import Sev
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.crypto import token_hash
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

CATCH_UP: Final = timedelta(days=1)


class RoomWish(Struct, frozen=True, kw_only=True):
    """What a manager wants to see in a room; `team_id` None: the incidents of all teams."""

    name: str
    team_id: int | None = None
    least_severity: Sev = Sev.SEV5


def add_room(*, provider_id: int, address: str, wish: RoomWish, now: datetime, actor: str) -> int:
    """Show incidents in this room from now on; returns its id.

    Raises ProviderNotFound, RoomNotUsable, RoomTaken, TeamNotFound.
    """
    service = _service(provider_id)
    read = service.read_room(address)
    with transaction.atomic():
        row = new_room(provider_id=provider_id, address=read, wish=wish, now=now)
        _tell(row, before={}, now=now, actor=actor)
    return row.pk


def new_room(
    *,
    provider_id: int,
    address: str,
    wish: RoomWish,
    now: datetime,
    incident_id: int | None = None,
) -> Room:
    """The stored row; for `add_room`, and for a room that was opened for an incident."""
    row = Room(
        provider_id=provider_id,
        address=address,
        address_hash=token_hash(address),
        incident_id=incident_id,
        created_at=now,
    )
    _fill(row, wish)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.RoomTaken from error
    return row


def change_room(*, room_id: int, wish: RoomWish, now: datetime, actor: str) -> None:
    """Show other incidents there; what is shown already stays. Raises RoomNotFound, …."""
    with transaction.atomic():
        row = _locked(room_id)
        before = _snapshot(row)
        _fill(row, wish)
        row.save()
        _tell(row, before=before, now=now, actor=actor)


def switch_room(*, room_id: int, is_on: bool, now: datetime, actor: str) -> None:
    """Use a room, or stop using it; switched on, it catches up with the last day."""
    with transaction.atomic():
        row = _locked(room_id)
        before = _snapshot(row)
        row.is_on, row.off_reason, row.last_error = is_on, "", ""
        row.save()
        if is_on:
            _catch_up(row, now)
        _tell(row, before=before, now=now, actor=actor)


def remove_room(*, room_id: int, now: datetime, actor: str) -> None:
    """Forget a room; its messages stay in the chat tool. Raises RoomNotFound."""
    with transaction.atomic():
        row = _locked(room_id)
        fact = events.RoomChanged(
            room_id=row.pk, before=_snapshot(row), after={}, at=now, actor=actor
        )
        row.delete()
        publish(fact)


def test_room(*, room_id: int, now: datetime) -> None:
    """Write a message there that says it was a test. Raises RoomNotFound."""
    with transaction.atomic():
        row = _locked(room_id)
        Post.objects.filter(room=row, kind=PostKind.TEST.value, shown=0).delete()
        Post.objects.create(room=row, kind=PostKind.TEST.value, due_at=now, created_at=now)
        wake(DELIVER)


def _service(provider_id: int) -> ChatService:
    found = ports.chat_service(notifications_queries.provider(provider_id).type)
    if found is None:
        raise errors.RoomNotUsable(reason="its account is of no chat tool.", field="provider_id")
    return found


def _fill(row: Room, wish: RoomWish) -> None:
    row.name = wish.name.strip()
    if not row.name:
        raise errors.RoomNotUsable(reason="it needs a name.", field="name")
    row.team_id = None if wish.team_id is None else identity_queries.team(wish.team_id).id
    row.least_severity = wish.least_severity.value


def _catch_up(row: Room, now: datetime) -> None:
    behind = Post.objects.filter(
        room=row, shown__lt=F("wanted"), created_at__gt=now - CATCH_UP
    ).exclude(kind=PostKind.LISTED.value)
    behind.update(due_at=now, attempts=0)
    wake(DELIVER)


def _locked(room_id: int) -> Room:
    row = Room.objects.select_for_update().filter(id=room_id).first()
    if row is None:
        raise errors.RoomNotFound(room_id=room_id)
    return row


def _snapshot(row: Room) -> dict[str, Any]:
    """What the audit may show: the address may be a secret."""
    return {
        "provider_id": row.provider_id,
        "name": row.name,
        "team_id": row.team_id,
        "least_severity": row.least_severity,
        "is_on": row.is_on,
    }


def _tell(row: Room, *, before: dict[str, Any], now: datetime, actor: str) -> None:
    publish(
        events.RoomChanged(room_id=row.pk, before=before, after=_snapshot(row), at=now, actor=actor)
    )
