"""What pages and API operations need before they act: who may, on what, and what to look for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from msgspec import Struct
from msgspec.structs import replace

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import Person, TeamView
from evenfall.incidents import ports, queries
from evenfall.incidents.actions import Decider
from evenfall.incidents.logic.duties import DUTIES, Duty
from evenfall.incidents.logic.roles import MEANING, CrewRole
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import State
from evenfall.incidents.logic.timeline import shown_of
from evenfall.incidents.queries import (
    AlertOfIncident,
    Crew,
    Filters,
    IncidentView,
    PromiseDesk,
    ProposedView,
    Relatives,
    Show,
    Similar,
    SuspectBoard,
    TaskBoard,
    TimelinePage,
    UpdateView,
)
from evenfall.paging.queries import PageView
from evenfall.platform.clock import utc_now
from evenfall.platform.journal import Entry
from evenfall.platform.pages import Page
from evenfall.platform.panels import Panel


def responder_of(request: HttpRequest, *incident_ids: int) -> Viewer:
    """Return the viewer when they may respond to all of these; else raise Forbidden."""
    viewer = viewer_of(request)
    known = queries.incidents(incident_ids)
    for number in incident_ids:
        view = known.get(number) or queries.incident(number)
        viewer.check(Permission.RESPOND, team_id=view.team_id)
    return viewer


def declarer_of(request: HttpRequest, *, service_id: int | None, team_id: int | None) -> Viewer:
    """Return the viewer when they may declare incidents for this service or team."""
    viewer = viewer_of(request)
    owner = team_id
    if owner is None and service_id is not None:
        owner = catalog_queries.service(service_id).team_id
    viewer.check(Permission.RESPOND, team_id=owner)
    return viewer


def decider(viewer: Viewer) -> Decider:
    """Whoever decides about a text that waits for approval."""
    administers = viewer.can(Permission.ADMINISTER)
    return Decider(user_id=viewer.user_id, actor=viewer.actor, administers=administers)


def filters_of(query: Mapping[str, str]) -> Filters:
    """Read the filters of a list from the address; what makes no sense filters nothing."""
    return Filters(
        show=_word(Show, query.get("state")) or Show.LIVE,
        severity=_word(Sev, query.get("severity")),
        service_id=number_of(query.get("service")),
        team_id=number_of(query.get("team")),
        environment=_word(Environment, query.get("environment")),
        text=query.get("q", "").strip(),
    )


class Tab(Struct, frozen=True, kw_only=True):
    """A view of the list; `count` is None where counting would cost more than it tells."""

    label: str
    href: str
    is_current: bool
    count: int | None = None


_ALWAYS: Final = frozenset({Show.LIVE, Show.OPEN, Show.ACKNOWLEDGED, Show.RESOLVED, Show.ALL})
_AFTERWARDS: Final = (Show.RESOLVED, Show.REVIEW, Show.CLOSED, Show.DECLINED, Show.MERGED)


def tabs_of(query: QueryDict, current: Show, counts: Mapping[State, int]) -> list[Tab]:
    """Return the tabs over the list; they keep the filters and leave the cursor behind.

    States that no incident is in have none; the filter leads there too.
    """
    live = sum(counts.values())
    shown = {
        Show.LIVE: ("Now", live),
        **{Show(state.value): (state.value.capitalize(), counts[state]) for state in counts},
        **{show: (show.value.capitalize(), None) for show in _AFTERWARDS},
        Show.ALL: ("All", None),
    }
    return [
        Tab(label=label, href=_address(query, show), is_current=show is current, count=count)
        for show, (label, count) in shown.items()
        if show in _ALWAYS or show is current or count
    ]


def _address(query: QueryDict, show: Show) -> str:
    changed = query.copy()
    changed.pop("cursor", None)
    changed["state"] = show.value
    return f"?{changed.urlencode()}"


class IncidentPage(Struct, frozen=True, kw_only=True):
    """All that the page of an incident shows; parts that nobody asked for are empty."""

    incident: IncidentView
    may_respond: bool
    topics: str
    pages: Sequence[PageView] = ()
    alerts: Page[AlertOfIncident] | None = None
    suspects: SuspectBoard | None = None
    relatives: Relatives | None = None
    similar: Sequence[Similar] = ()
    came_back: IncidentView | None = None
    service: ServiceView | None = None
    people: Sequence[Person] = ()
    teams: Sequence[TeamView] = ()
    severity_times: Sequence[tuple[Sev, timedelta]] = ()
    severities: Sequence[Duty] = tuple(DUTIES.values())
    crew: Crew | None = None
    board: TaskBoard | None = None
    desk: PromiseDesk | None = None
    last_update: UpdateView | None = None
    proposed: ProposedView | None = None
    may_decide: bool = False
    roles: Sequence[tuple[CrewRole, str]] = tuple(MEANING.items())
    panels: Sequence[Panel] = ()

    @property
    def running(self) -> Sequence[PageView]:
        return [page for page in self.pages if page.is_open]


def incident_page(
    incident_id: int, viewer: Viewer, *, only: str = "", cursor: str | None = None
) -> IncidentPage:
    """Read the page of an incident, or `only` one part of it; raises IncidentNotFound."""
    view = queries.incident(incident_id)
    may_respond = viewer.can(Permission.RESPOND, team_id=view.team_id)
    if only in _FETCHED:
        fetched = _FETCHED[only](view, viewer)
        return IncidentPage(incident=view, may_respond=may_respond, topics="", **fetched)
    whole = {} if only else _choices(view, may_respond=may_respond)
    facts = queries.steering_facts(incident_id)
    pages = queries.pages_of(incident_id, known=facts)
    shown = IncidentPage(
        incident=view,
        may_respond=may_respond,
        topics=" ".join([view.subject, *(f"page:{page.id}" for page in pages)]),
        pages=pages,
    )
    if only:
        return _decided(replace(shown, **_PARTS[only](view, cursor)), viewer)
    whole |= _aside(view, facts, may_respond=may_respond)
    for read in _PARTS.values():
        whole |= read(view, cursor)
    return _decided(replace(shown, **whole), viewer)


def _decided(shown: IncidentPage, viewer: Viewer) -> IncidentPage:
    """Say whether the viewer may approve what waits."""
    may = shown.proposed is not None and shown.proposed.may_be_decided_by(viewer)
    return replace(shown, may_decide=may and shown.may_respond)


_ALERTS: Final = 25
"""So many at a time: what they are about is said above, and a storm has hundreds."""
type _Read = Callable[[IncidentView, str | None], dict[str, Any]]
type _Fetch = Callable[[IncidentView, Viewer], dict[str, Any]]
_PARTS: Final[Mapping[str, _Read]] = {
    "now": lambda view, _cursor: {"service": _service(view)},
    "calls": lambda _view, _cursor: {},
    "crew": lambda view, _cursor: {"crew": queries.crew(view, now=utc_now())},
    "tasks": lambda view, _cursor: {"board": queries.task_board(view.id, now=utc_now())},
    "updates": lambda view, _cursor: _updates(view),
    "alerts": lambda view, cursor: {
        "alerts": queries.alerts_page(view.id, cursor=cursor, size=_ALERTS)
    },
    "story": lambda _view, _cursor: {},
}
# compared with hundreds of others, and what other domains know: the page does not wait for it
_FETCHED: Final[Mapping[str, _Fetch]] = {
    "suspects": lambda view, _viewer: {"suspects": queries.suspect_board(view)},
    "alike": lambda view, _viewer: {"similar": queries.mergeable(view, now=utc_now())},
    "side": lambda view, viewer: {"panels": ports.panels.read(view, viewer)},
}
PARTS: Final = frozenset({*_PARTS, *_FETCHED})
"""What of the page can be fetched by itself."""


def _updates(view: IncidentView) -> dict[str, Any]:
    return {
        "desk": queries.promise_desk(view, now=utc_now()),
        "last_update": next(iter(queries.updates(view.id, limit=1)), None),
        "proposed": queries.proposed_waiting(view.id),
    }


def _service(view: IncidentView) -> ServiceView | None:
    return None if view.service_id is None else catalog_queries.service(view.service_id)


def _choices(view: IncidentView, *, may_respond: bool) -> dict[str, Any]:
    """What the forms offer. Read before all else, which then knows these people and teams."""
    if not (may_respond and view.is_live):
        return {}
    return {
        "people": identity_queries.active_people(),
        "teams": identity_queries.teams(),
    }


def _aside(view: IncidentView, facts: Sequence[Entry], *, may_respond: bool) -> dict[str, Any]:
    relatives = queries.relatives(view.id)
    times = queries.severity_times(view, now=utc_now(), known=facts)
    return {
        "relatives": relatives,
        "came_back": relatives.earlier if may_respond and view.is_live else None,
        "severity_times": tuple(times.items()),
    }


_FILTERS: Final = {
    "all": "All",
    "pinned": "Pinned",
    "alerts": "Alerts",
    "pages": "Pages",
    "people": "People",
    "state": "State",
    "changes": "Changes",
    "updates": "Updates",
    "notes": "Notes",
}


class StoryShown(Struct, frozen=True, kw_only=True):
    """A page of the timeline with its filters; `query` is what the address says about them."""

    page: TimelinePage
    tabs: Sequence[Tab]
    word: str
    query: str
    earlier: str
    endings: Sequence[tuple[str, str]] = (
        ("md", "Markdown"),
        ("json", "JSON with images"),
        ("csv", "CSV"),
    )


def story_of(query: Mapping[str, str], of: IncidentPage, *, now: datetime) -> StoryShown:
    """Read the part of the timeline that the address asks for. Raises BadCursor."""
    shown, before = shown_of(query.get("show")), query.get("before")
    scope = queries.scope(of.incident, now=now, subjects=of.topics.split())
    page = queries.page_of(scope, shown=shown, before=before)
    return StoryShown(
        page=page,
        tabs=[
            Tab(label=label, href=_story_address(word), is_current=word == shown.word)
            for word, label in _FILTERS.items()
        ],
        word=shown.word,
        query=_story_address(shown.word, before),
        earlier=_story_address(shown.word, page.earlier) if page.earlier else "",
    )


def _story_address(word: str, before: str | None = None) -> str:
    return f"?{urlencode({'show': word, **({'before': before} if before else {})})}"


def number_of(text: str | None) -> int | None:
    """Read an id; None for anything else. Eighteen digits always fit a bigint."""
    return int(text) if text and text.isdecimal() and len(text) <= 18 else None  # noqa: PLR2004 - said above


def _word[W: StrEnum](words: type[W], text: str | None) -> W | None:
    return words(text) if text in {word.value for word in words} else None
