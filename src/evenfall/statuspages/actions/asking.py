"""Asking people to read a prepared post: those who speak or work, and may post on the page."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Role
from evenfall.identity.queries import TeamPeople
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Content, NewNotice, Urgency
from evenfall.oncall import queries as oncall_queries
from evenfall.statuspages.actions.settling import subject
from evenfall.statuspages.models import Prepared

PURPOSE: Final = "confirm"
CHANNELS: Final = ("inbox", "email", "webpush")
"""No telephone: whoever is on call for such an incident is called for it anyway."""
_SPEAK: Final = frozenset({"commander", "communications"})


def ask(row: Prepared, view: IncidentView, *, now: datetime) -> tuple[int, ...]:
    """Plan notices to those who should confirm it; returns who they are."""
    people = _listeners(row, view, now)
    kinds = notifications_queries.reachable_kinds(people) if people else {}
    notices = [
        _notice(row, view, user_id, kind, now)
        for user_id in people
        for kind in CHANNELS
        if kind in kinds[user_id]
    ]
    notifications_actions.plan_notices(notices=notices, now=now)
    return people


def _listeners(row: Prepared, view: IncidentView, now: datetime) -> tuple[int, ...]:
    """The first of these groups in which somebody may post on the page."""
    for group in _groups(row, view, now):
        found = tuple(one for one in dict.fromkeys(group) if _may_post(one, row.page.team_id))
        if found:
            return found
    return ()


def _groups(row: Prepared, view: IncidentView, now: datetime) -> Iterator[Iterable[int]]:
    """Who speaks or commands; who has it; who is on call for it, or for the page; who leads."""
    held = incidents_queries.crew(view, now=now).held
    yield (one.person.id for one in held if one.role.value in _SPEAK)
    yield () if view.holder is None else (view.holder.id,)
    teams = [one for one in dict.fromkeys((view.team_id, row.page.team_id)) if one is not None]
    for team_id in teams:
        yield _on_call(team_id, now)
    people = identity_queries.team_people(teams)
    for team_id in reversed(teams):
        team = people.get(team_id, TeamPeople())
        yield team.lead_ids or team.member_ids
    yield (one.id for one in identity_queries.active_people() if one.role is Role.ADMIN)


def _on_call(team_id: int, now: datetime) -> Iterable[int]:
    rotas = [rota.id for rota in oncall_queries.rotas_of_team(team_id)]
    found = oncall_queries.on_call_at(rotas, at=now, with_next=False)
    return [one.primary.user_id for one in found.values() if one.primary is not None]


def _may_post(user_id: int, team_id: int | None) -> bool:
    viewer = identity_queries.viewer_by_id(user_id)
    return viewer is not None and viewer.can(Permission.RESPOND, team_id=team_id)


def _notice(row: Prepared, view: IncidentView, user_id: int, kind: str, now: datetime) -> NewNotice:
    content = Content(
        title=f"Tell readers of {row.page.title}?",
        lines=(
            f"#{view.id}: {view.headline}",
            f"A first post is prepared: “{row.title}”. Nobody sees it before you confirm it.",
        ),
        url=f"/status-pages/{row.page_id}/waiting/{row.pk}/",
        severity=view.loudness.value,
        tag=f"prepared-post-{row.pk}",
    )
    return NewNotice(
        user_id=user_id,
        subject=subject(row),
        purpose=PURPOSE,
        kind=kind,
        urgency=Urgency.HIGH.value,
        due_at=now,
        content=content,
    )
