"""Who may change which page, and what the page of an incident shows of status pages."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents.ports import Panel, Sev
from evenfall.incidents.queries import IncidentView
from evenfall.statuspages import queries
from evenfall.statuspages.logic.words import Status
from evenfall.statuspages.queries import PageView, Part

_LIKELY: Final = {
    Sev.SEV1: Status.PARTIAL,
    Sev.SEV2: Status.PARTIAL,
    Sev.SEV3: Status.PARTIAL,
}


@dataclass(frozen=True, kw_only=True)
class PageLine:
    """A page in the list, and what the viewer may do with it."""

    page: PageView
    may_manage: bool


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A first post as it could be; a person reads and confirms it."""

    title: str
    text: str
    statuses: dict[int, Status]


def page_lines(viewer: Viewer) -> list[PageLine]:
    return [
        PageLine(page=page, may_manage=viewer.can(Permission.MANAGE, team_id=page.team_id))
        for page in queries.pages()
    ]


def manager_of(request: HttpRequest, status_page_id: int) -> tuple[Viewer, PageView]:
    """The viewer, when they may change this page. Raises StatusPageNotFound."""
    return _allowed(request, status_page_id, Permission.MANAGE)


def teller_of(request: HttpRequest, status_page_id: int) -> tuple[Viewer, PageView]:
    """The viewer, when they may tell readers something. Raises StatusPageNotFound."""
    return _allowed(request, status_page_id, Permission.RESPOND)


def draft(view: IncidentView, parts: list[Part]) -> Draft:
    """A first post about an incident: what is behind it stays inside."""
    likely = _LIKELY.get(view.severity, Status.DEGRADED)
    named = [part for part in parts if view.service_id in part.service_ids]
    names = " and ".join(part.name for part in named[:3]) or "some of our systems"
    return Draft(
        title=f"Problem with {names}",
        text=f"We are looking into a problem with {names}. "
        "We will tell you more as soon as we know more.",
        statuses={part.id: likely for part in named},
    )


def incident_panel(view: IncidentView, viewer: Viewer) -> Panel | None:
    """What readers were told of an incident, and where they could be; None without any page."""
    if view.is_private:
        return None
    posts = queries.posts_of_incident(view.id)
    told = {post.page_id for post in posts if post.retracted_at is None}
    pages = queries.pages() if view.is_live or posts else []
    may_tell = [
        page
        for page in pages
        if page.id not in told and viewer.can(Permission.RESPOND, team_id=page.team_id)
    ]
    suggested = queries.suggested(view.service_id)
    if not (posts or (view.is_live and pages)):
        return None
    return Panel(
        template="statuspages/parts/incident.html",
        context={
            "incident_id": view.id,
            "posts": posts,
            "suggested": [page for page in may_tell if page.id in suggested],
            "others": [page for page in may_tell if page.id not in suggested],
            "is_live": view.is_live,
        },
    )


def _allowed(
    request: HttpRequest, status_page_id: int, permission: Permission
) -> tuple[Viewer, PageView]:
    viewer, page = viewer_of(request), queries.page(status_page_id)
    viewer.check(permission, team_id=page.team_id)
    return viewer, page
