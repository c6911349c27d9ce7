"""Asking people to read a prepared post: those who speak or work, and may post on the page."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission
from evenfall.identity.queries import TeamPeople
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News, Urgency
from evenfall.oncall import queries as oncall_queries
from evenfall.statuspages.actions.settling import subject
from evenfall.statuspages.models import Prepared

PURPOSE: Final = "confirm"
CHANNELS: Final = ("inbox", "email", "webpush")
"""No telephone: whoever is on call for such an incident is called for it anyway."""
MOST_LINES: Final = 50
_SPEAK: Final = frozenset({"commander", "communications"})


type _Waits = tuple[Prepared, IncidentView]


class _Directory:
    """Who is on call, who leads and who may post: asked once for each in a batch."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.on_call = cache(self._on_call)
        self.leads = cache(self._leads)
        self.administrators = cache(identity_queries.administrators)
        self.viewer = cache(identity_queries.viewer_by_id)

    def may_post(self, user_id: int, team_id: int | None) -> bool:
        viewer = self.viewer(user_id)
        return viewer is not None and viewer.can(Permission.RESPOND, team_id=team_id)

    def _on_call(self, team_id: int) -> tuple[int, ...]:
        rotas = [rota.id for rota in oncall_queries.rotas_of_team(team_id)]
        found = oncall_queries.on_call_at(rotas, at=self.now, with_next=False)
        return tuple(one.primary.user_id for one in found.values() if one.primary is not None)

    def _leads(self, team_id: int) -> tuple[int, ...]:
        return identity_queries.team_people([team_id]).get(team_id, TeamPeople()).leading_ids


def ask(waiting: Sequence[_Waits], *, now: datetime) -> dict[int, tuple[int, ...]]:
    """Plan notices to those who should confirm these; returns who they are, by the post's id.

    A person who should confirm several gets one notice that lists them.
    """
    directory = _Directory(now)
    people = {row.pk: _listeners(row, view, directory) for row, view in waiting}
    for_whom: dict[int, list[_Waits]] = {}
    for one in waiting:
        for user_id in people[one[0].pk]:
            for_whom.setdefault(user_id, []).append(one)
    news = [_news(some, user_id) for user_id, some in for_whom.items()]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now, kinds=CHANNELS)
    return people


def _listeners(row: Prepared, view: IncidentView, directory: _Directory) -> tuple[int, ...]:
    """The first of these groups in which somebody may post on the page."""
    team_id = row.page.team_id
    for group in _groups(row, view, directory):
        found = tuple(one for one in dict.fromkeys(group) if directory.may_post(one, team_id))
        if found:
            return found
    return ()


def _groups(row: Prepared, view: IncidentView, directory: _Directory) -> Iterator[Iterable[int]]:
    """Who speaks or commands; who has it; who is on call for it, or for the page; who leads."""
    held = incidents_queries.crew(view, now=directory.now).held
    yield (one.person.id for one in held if one.role.value in _SPEAK)
    yield () if view.holder is None else (view.holder.id,)
    teams = [one for one in dict.fromkeys((view.team_id, row.page.team_id)) if one is not None]
    for team_id in teams:
        yield directory.on_call(team_id)
    for team_id in reversed(teams):
        yield directory.leads(team_id)
    yield directory.administrators()


def _news(some: Sequence[_Waits], user_id: int) -> News:
    """One post is taken back from those not told yet when it is settled; a list is not."""
    first, _ = some[0]
    is_one = len(some) == 1
    return News(
        user_id=user_id,
        subject=subject(first) if is_one else f"prepared_posts:{first.pk}",
        urgency=Urgency.HIGH,
        content=_one(*some[0]) if is_one else _many(some),
    )


def _one(row: Prepared, view: IncidentView) -> Content:
    return Content(
        title=f"Tell readers of {row.page.title}?",
        lines=(
            f"#{view.id}: {view.headline}",
            f"A first post is prepared: “{row.title}”. Nobody sees it before you confirm it.",
        ),
        url=f"/status-pages/{row.page_id}/waiting/{row.pk}/",
        severity=view.loudness.value,
        tag=f"prepared-post-{row.pk}",
    )


def _many(some: Sequence[_Waits]) -> Content:
    worst = min((view for _, view in some), key=lambda view: view.severity)
    pages = {row.page_id: row.page.title for row, _ in some}
    one_page = len(pages) == 1
    of = next(iter(pages.values())) if one_page else f"{len(pages)} status pages"
    lines = [_line(*one, names_page=not one_page) for one in some[:MOST_LINES]]
    more = [f"… and {len(some) - MOST_LINES} more"] if len(some) > MOST_LINES else []
    return Content(
        title=f"Tell readers of {of}? {len(some)} posts wait",
        lines=(
            "First posts are prepared. Nobody sees them before you confirm them.",
            *lines,
            *more,
        ),
        url=f"/status-pages/{some[0][0].page_id}/" if one_page else "/status-pages/",
        severity=worst.loudness.value,
        tag=f"prepared-posts-{some[0][0].pk}",
    )


def _line(row: Prepared, view: IncidentView, *, names_page: bool) -> str:
    where = f"{row.page.title}: " if names_page else ""
    return f"{where}“{row.title}” (#{view.id}: {view.headline})"
