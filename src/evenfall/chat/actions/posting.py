"""Keeping one message for each incident and room: which are missing, which are behind."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Value, When
from django.db.models.functions import Coalesce

from evenfall.chat.logic import pacing
from evenfall.chat.logic.rooms import Wish, wants
from evenfall.chat.models import Post, PostKind, Room
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.incidents.queries import IncidentView
from evenfall.platform.wakeups import wake

DELIVER: Final = "chat.deliver"


def follow_incidents(*, incident_ids: Collection[int], now: datetime) -> None:
    """Let every room show what these incidents are now.

    However many incidents and changes: a fixed number of statements, and two for each room in
    which a new list begins. Nothing is sent here; the drain does that.
    """
    rooms = list(Room.objects.filter(is_on=True).order_by("id"))
    if not rooms:
        return
    views = incidents_queries.incidents(incident_ids)
    live = sorted(
        (view for view in views.values() if view.is_live and not view.is_private),
        key=lambda view: view.id,
    )
    with transaction.atomic():
        mark_behind(incident_ids=incident_ids, now=now)
        _add_missing(rooms, live, now)
        wake(DELIVER)


def mark_behind(*, incident_ids: Collection[int], now: datetime) -> None:
    """Their messages say something old from now on; so do those that list them."""
    mine = Post.objects.filter(incident_id__in=incident_ids)
    lists = mine.filter(listed_in__isnull=False).values("listed_in_id")
    for behind in (mine.filter(kind=PostKind.INCIDENT.value), Post.objects.filter(id__in=lists)):
        behind.filter(room__is_on=True).update(
            wanted=F("wanted") + 1,
            # a message that was given up gets a new chance with something new to say
            attempts=Case(
                When(due_at=None, then=0), default=F("attempts"), output_field=IntegerField()
            ),
            due_at=Coalesce(F("due_at"), Value(now)),
        )


def _add_missing(rooms: Sequence[Room], live: Sequence[IncidentView], now: datetime) -> None:
    everywhere = [room for room in rooms if room.incident_id is None]
    if not live or not everywhere:
        return
    known = set(
        Post.objects.filter(incident_id__in=[view.id for view in live]).values_list(
            "room_id", "incident_id"
        )
    )
    lately = _lately(now)
    for room in everywhere:
        new = [view for view in live if _wants(room, view) and (room.pk, view.id) not in known]
        own = pacing.own_messages(new=len(new), lately=lately.get(room.pk, 0))
        Post.objects.bulk_create(
            [_post(room, view.id, now) for view in new[:own]], ignore_conflicts=True
        )
        _list(room, new[own:], now)


def _wants(room: Room, view: IncidentView) -> bool:
    wish = Wish(room.team_id, Sev(room.least_severity))
    return wants(wish, team_id=view.team_id, severity=view.severity)


def _lately(now: datetime) -> dict[int, int]:
    """How many incidents got a message of their own in each room within the last minute."""
    rows = Post.objects.filter(kind=PostKind.INCIDENT.value, created_at__gt=now - pacing.MINUTE)
    return dict(rows.values_list("room_id").annotate(Count("id")).order_by())


def _post(room: Room, incident_id: int, now: datetime) -> Post:
    return Post(
        room=room,
        kind=PostKind.INCIDENT.value,
        incident_id=incident_id,
        due_at=now,
        created_at=now,
    )


def _list(room: Room, views: Sequence[IncidentView], now: datetime) -> None:
    """Put these into the list of the room that is not full yet, or into a new one."""
    if not views:
        return
    running = (
        Post.objects.filter(
            room=room, kind=PostKind.LIST.value, created_at__gt=now - pacing.LIST_FOR
        )
        .annotate(members=Count("listed"))
        .filter(members__lt=pacing.MOST_LISTED)
        .order_by("-id")
        .first()
    )
    post = running or Post.objects.create(
        room=room, kind=PostKind.LIST.value, due_at=now, created_at=now
    )
    listed = [
        Post(
            room=room,
            kind=PostKind.LISTED.value,
            incident_id=view.id,
            listed_in=post,
            created_at=now,
        )
        for view in views
    ]
    Post.objects.bulk_create(listed, ignore_conflicts=True)
    if running is not None:
        mark_behind(incident_ids=[view.id for view in views], now=now)
