"""What pages and API operations need before they act: who may, on what."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.releases import queries
from evenfall.releases.actions import Reach
from evenfall.releases.logic.facts import FreezeFact
from evenfall.releases.logic.gates.approvals import groups_of
from evenfall.releases.logic.timetable import WEEKS, Cell, Departure, in_the_way, timetable
from evenfall.releases.logic.words import Scope
from evenfall.releases.queries import FreezeView, TrainView

RESPOND, MANAGE = Permission.RESPOND, Permission.MANAGE


def keeper_of_service(
    request: HttpRequest, service_id: int, permission: Permission = RESPOND
) -> Viewer:
    """The viewer, when they may do this for the service. Raises ServiceNotFound."""
    viewer = viewer_of(request)
    viewer.check(permission, team_id=catalog_queries.service(service_id).team_id)
    return viewer


def keeper_of_release(
    request: HttpRequest, release_id: int, permission: Permission = RESPOND
) -> Viewer:
    """The viewer, when they may do this for its service. Raises ReleaseNotFound."""
    return keeper_of_service(request, queries.release(release_id).service_id, permission)


def keeper_of_train(request: HttpRequest, train_id: int) -> Viewer:
    """The viewer, when they may work on each release on it. Raises TrainNotFound."""
    viewer = viewer_of(request)
    for one in queries.train(train_id, now=utc_now()).on_board:
        viewer.check(RESPOND, team_id=one.team_id)
    return viewer


def keeper_of_passage(
    request: HttpRequest, passage_id: int, permission: Permission = RESPOND
) -> Viewer:
    """The viewer, when they may do this for its service. Raises PassageNotFound."""
    return keeper_of_service(request, queries.passage(passage_id).service_id, permission)


def signer_of(request: HttpRequest, passage_id: int) -> Viewer:
    """The viewer, when they respond for a team that is asked to sign."""
    viewer = viewer_of(request)
    facts = queries.answer(passage_id, now=utc_now()).facts
    asked = [group.team_id for group in groups_of(facts)]
    if not any(viewer.can(RESPOND, team_id=one) for one in asked):
        viewer.check(RESPOND, team_id=facts.team_id)
    return viewer


def keeper_of_reach(request: HttpRequest, reach: Reach, permission: Permission = RESPOND) -> Viewer:
    """The viewer, when they may do this for the service, the team or the whole site."""
    viewer = viewer_of(request)
    scope = queries.scope_of(*reach.ids)
    viewer.check(permission, team_id=scope.owner_id)
    return viewer


def timetable_of(trains: Sequence[TrainView], *, zone: ZoneInfo, now: datetime) -> list[list[Cell]]:
    """The departures of these trains on four weeks, with the freezes of everything over them."""
    departures = [
        Departure(train_id=one.id, name=one.name, at=one.departs_at)
        for one in trains
        if one.departs_at is not None
    ]
    until = now + timedelta(weeks=WEEKS)
    freezes = [
        freeze_fact(one)
        for one in queries.freezes_of_time(starts_at=now, ends_at=until)
        if one.scope.kind is Scope.SITE and Environment.PROD in one.environments
    ]
    return timetable(departures, freezes, zone=zone, now=now)


def obstacles(train: TrainView, *, now: datetime) -> list[tuple[str, list[str]]]:
    """What keeps services from going when their train departs: names with reasons in words."""
    at = train.departs_at
    if at is None or at <= now:
        return []
    freezes = [
        one
        for one in queries.freezes_of_time(starts_at=at, ends_at=at + timedelta(seconds=1))
        if Environment.PROD in one.environments
    ]
    known = queries.windows()
    found = []
    for car in train.on_board:
        windows = queries.windows_for(
            known, service_id=car.service_id, team_id=car.team_id, environment=Environment.PROD
        )
        mine = [one for one in freezes if one.scope.covers(car.service_id, car.team_id)]
        why = in_the_way([one.window for one in windows], [freeze_fact(one) for one in mine], at=at)
        if why:
            found.append((car.service, why))
    return found


def freeze_fact(one: FreezeView) -> FreezeFact:
    return FreezeFact(
        id=one.id,
        scope=one.scope.name,
        reason=one.reason,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        exempt=one.exempt,
    )


def reach_of(scope: queries.ScopeView) -> Reach:
    return Reach(service_id=scope.service_id, team_id=scope.team_id)
