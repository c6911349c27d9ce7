"""Who may change which page, and what the page of an incident shows of status pages."""

from django.http import HttpRequest
from msgspec import Struct

from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents.queries import IncidentView
from evenfall.platform.panels import Panel
from evenfall.statuspages import queries
from evenfall.statuspages.logic.drafting import first_words, likely
from evenfall.statuspages.logic.phrases import phrases
from evenfall.statuspages.logic.words import Status
from evenfall.statuspages.queries import PageView, Part, PreparedView


class PageLine(Struct, frozen=True, kw_only=True):
    """A page in the list, what the viewer may do with it, and how many posts wait there."""

    page: PageView
    may_manage: bool
    waiting: int


class Draft(Struct, frozen=True, kw_only=True):
    """A first post as it could be; a person reads and confirms it."""

    title: str
    text: str
    statuses: dict[int, Status]


class WaitingLine(Struct, frozen=True, kw_only=True):
    """A prepared post, and whether the viewer may decide about it."""

    prepared: PreparedView
    may_tell: bool


def page_lines(viewer: Viewer) -> list[PageLine]:
    waiting = queries.waiting_counts()
    return [
        PageLine(
            page=page,
            may_manage=viewer.can(Permission.MANAGE, team_id=page.team_id),
            waiting=waiting.get(page.id, 0),
        )
        for page in queries.pages()
    ]


def waiting_lines(found: list[PreparedView], viewer: Viewer) -> list[WaitingLine]:
    return [
        WaitingLine(prepared=one, may_tell=viewer.can(Permission.RESPOND, team_id=one.team_id))
        for one in found
    ]


def manager_of(request: HttpRequest, status_page_id: int) -> tuple[Viewer, PageView]:
    """The viewer, when they may change this page. Raises StatusPageNotFound."""
    return _allowed(request, status_page_id, Permission.MANAGE)


def teller_of(request: HttpRequest, status_page_id: int) -> tuple[Viewer, PageView]:
    """The viewer, when they may tell readers something. Raises StatusPageNotFound."""
    return _allowed(request, status_page_id, Permission.RESPOND)


def draft(view: IncidentView, page: PageView, parts: list[Part]) -> Draft:
    """A first post about an incident, in the first language of the page."""
    named = [part for part in parts if view.service_id in part.service_ids]
    language = queries.look(page.id).languages[0]
    said = first_words([part.name for part in named], phrases(language))
    status = likely(view.severity)
    return Draft(title=said.title, text=said.text, statuses={part.id: status for part in named})


def incident_panel(view: IncidentView, viewer: Viewer) -> Panel | None:
    """What readers were told of an incident, and where they could be; None without any page."""
    if view.is_private:
        return None
    pages = queries.pages()
    posts = queries.posts_of_incident(view.id) if pages else []
    if not pages or not (view.is_live or posts):
        return None
    waiting = waiting_lines(queries.waiting_of_incident(view.id), viewer) if view.is_live else []
    told = {post.page_id for post in posts if post.retracted_at is None}
    told |= {line.prepared.page_id for line in waiting}
    may_tell = [
        page
        for page in pages
        if page.id not in told and viewer.can(Permission.RESPOND, team_id=page.team_id)
    ]
    suggested = queries.suggested(view.service_id)
    return Panel(
        template="statuspages/parts/incident.html",
        context={
            "incident_id": view.id,
            "posts": posts,
            "waiting": waiting,
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
