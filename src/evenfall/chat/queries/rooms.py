"""Reads of rooms and of what they show."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Min
from django.db.models.functions import Coalesce, Greatest
from msgspec import Struct

from evenfall.chat import errors, ports
from evenfall.chat.models import Opening, OpeningState, Post, PostKind, Room
from evenfall.identity import queries as identity_queries
from evenfall.incidents.ports import Sev
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.queries import ProviderView


class RoomView(Struct, frozen=True, kw_only=True):
    """A room as managers see it; `address` is "" where whoever knows it may write there.

    `incident_id` is set for a room that was opened for one incident. `tool` is the label of the
    chat tool, `provider` the name of its account.
    """

    id: int
    name: str
    address: str
    provider_id: int
    provider: str
    tool: str
    team_id: int | None
    team: str
    incident_id: int | None
    least_severity: Sev
    is_on: bool
    off_reason: str
    last_posted_at: datetime | None
    last_error: str
    created_at: datetime


class Place(Struct, frozen=True, kw_only=True):
    """Where an incident is shown. `state` is shown, waiting or failed; `error` says why."""

    room_id: int
    room: str
    tool: str
    state: str
    error: str
    shown_at: datetime | None
    is_listed: bool


class OpeningView(Struct, frozen=True, kw_only=True):
    """The room of its own of an incident; `state` is asked, open or failed."""

    name: str
    state: OpeningState
    url: str
    missing: tuple[str, ...]
    error: str


def rooms() -> list[RoomView]:
    """The rooms that managers added, by name; those opened for an incident are left out."""
    return _views(Room.objects.filter(incident=None).order_by("name", "id"))


def room(room_id: int) -> RoomView:
    """Raises RoomNotFound."""
    found = _views(Room.objects.filter(id=room_id))
    if not found:
        raise errors.RoomNotFound(room_id=room_id)
    return found[0]


def chat_accounts() -> list[ProviderView]:
    """The accounts of chat tools that are on: what a room can be added to."""
    types = {service.type for service in ports.chat_services()}
    return [one for one in notifications_queries.providers() if one.type in types and one.is_on]


def can_open_rooms() -> bool:
    able = {service.type for service in ports.chat_services() if service.can_open_rooms}
    return any(account.type in able for account in chat_accounts())


def places_of(incident_id: int) -> list[Place]:
    """The rooms that show this incident, or are going to, by name; not the one opened for it."""
    rows = Post.objects.filter(incident_id=incident_id, room__incident=None).select_related(
        "room", "listed_in"
    )
    providers = {one.id: one.label for one in notifications_queries.providers()} if rows else {}
    return [
        _place(row, providers.get(row.room.provider_id, ""))
        for row in sorted(rows, key=lambda row: (row.room.name, row.pk))
    ]


def opening_of(incident_id: int) -> OpeningView | None:
    row = Opening.objects.filter(incident_id=incident_id).first()
    if row is None:
        return None
    return OpeningView(
        name=row.name,
        state=OpeningState(row.state),
        url=row.url,
        missing=tuple(row.missing),
        error=row.last_error,
    )


def next_post_due(now: datetime) -> datetime | None:
    """When the next message may go; None where none waits."""
    waiting = Post.objects.filter(due_at__isnull=False, room__is_on=True)
    at = Greatest("due_at", Coalesce(F("room__quiet_until"), now), Coalesce(F("lease_until"), now))
    found: datetime | None = waiting.aggregate(at=Min(at))["at"]
    return found


def _place(row: Post, tool: str) -> Place:
    message = row.listed_in or row
    state = "shown" if message.shown else "waiting"
    if not message.shown and (message.due_at is None or not row.room.is_on):
        state = "failed"
    return Place(
        room_id=row.room_id,
        room=row.room.name,
        tool=tool,
        state=state,
        error=message.last_error,
        shown_at=message.shown_at,
        is_listed=row.kind == PostKind.LISTED.value,
    )


def _views(rows: Collection[Room]) -> list[RoomView]:
    rows = list(rows)
    if not rows:
        return []
    teams = identity_queries.teams({row.team_id for row in rows if row.team_id is not None})
    names = {team.id: team.name for team in teams}
    providers = {one.id: one for one in notifications_queries.providers()}
    return [_view(row, names, providers[row.provider_id]) for row in rows]


def _view(row: Room, teams: dict[int, str], provider: ProviderView) -> RoomView:
    service = ports.chat_service(provider.type)
    is_secret = service is None or service.room_is_secret
    return RoomView(
        id=row.pk,
        name=row.name,
        address="" if is_secret else row.address,
        provider_id=row.provider_id,
        provider=provider.name,
        tool=provider.label,
        team_id=row.team_id,
        team=teams.get(row.team_id or 0, ""),
        incident_id=row.incident_id,
        least_severity=Sev(row.least_severity),
        is_on=row.is_on,
        off_reason=row.off_reason,
        last_posted_at=row.last_posted_at,
        last_error=row.last_error,
        created_at=row.created_at,
    )
