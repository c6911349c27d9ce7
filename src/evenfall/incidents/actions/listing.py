"""The table of who is called and who hears what, by how bad an incident is."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.severity import CAP, Sev, may_be
from evenfall.incidents.models import Listener
from evenfall.platform.events import publish


class ListenerWish(Struct, frozen=True, kw_only=True):
    """For incidents at least as bad as `severity`, of `team_id` or of any; who is one of both."""

    severity: Sev
    hears: Hears
    environment: Environment = Environment.PROD
    team_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None


def add_listener(*, wish: ListenerWish, now: datetime, actor: str) -> int:
    """Let them be called, or hear of it, from the next incident on; returns the id of the row.

    Incidents that are open already are looked at again as soon as something about them changes.
    Raises ListenerUnclear (nobody, or two), ListenerThere, SeverityTooHigh (outside production),
    UserNotFound, TeamNotFound.
    """
    if (wish.user_id is None) == (wish.group_id is None):
        raise errors.ListenerUnclear(field="user_id")
    if not may_be(wish.severity, wish.environment):
        raise errors.SeverityTooHigh(
            field="severity", environment=wish.environment.value, most=CAP.value
        )
    who, team = _who(wish.user_id, wish.group_id), _team(wish.team_id)
    row = Listener(
        severity=wish.severity.value,
        environment=wish.environment.value,
        team_id=wish.team_id,
        hears=wish.hears.value,
        user_id=wish.user_id,
        group_id=wish.group_id,
        added_at=now,
        added_by=actor,
    )
    with transaction.atomic():
        _insert(row)
        publish(events.ListenerAdded(**_about(row, who=who, team=team), at=now, actor=actor))
    return row.pk


def remove_listener(*, listener_id: int, now: datetime, actor: str) -> None:
    """Take a row out of the table; whoever rings because of it goes on. Raises ListenerNotFound."""
    with transaction.atomic():
        row = Listener.objects.select_for_update().filter(id=listener_id).first()
        if row is None:
            raise errors.ListenerNotFound(listener_id=listener_id)
        about = _about(row, who=_who(row.user_id, row.group_id), team=_team(row.team_id))
        row.delete()
        publish(events.ListenerRemoved(**about, at=now, actor=actor))


def _insert(row: Listener) -> None:
    """The unique constraint decides between two who add the same at once."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise errors.ListenerThere from error


def _who(user_id: int | None, group_id: int | None) -> str:
    if user_id is not None:
        return identity_queries.person(user_id).name
    return f"the team {_team(group_id)}"


def _team(team_id: int | None) -> str:
    return "" if team_id is None else identity_queries.team(team_id).name


def _about(row: Listener, *, who: str, team: str) -> dict[str, Any]:
    return {
        "listener_id": row.pk,
        "severity": row.severity,
        "environment": row.environment,
        "hears": row.hears,
        "who": who,
        "team": team,
    }
