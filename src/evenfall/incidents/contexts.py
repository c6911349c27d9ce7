"""What pages and API operations need before they act: who may, on what, and what to look for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest, QueryDict

from evenfall.alerting.ports import Severity
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.changes.queries import ChangeView
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import Person, TeamView
from evenfall.incidents import ports, queries
from evenfall.incidents.logic.states import State
from evenfall.incidents.ports import Panel
from evenfall.incidents.queries import (
    AlertOfIncident,
    Filters,
    IncidentView,
    NoteView,
    Show,
    Told,
)
from evenfall.paging.queries import PageView
from evenfall.platform.pages import Page


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


def filters_of(query: Mapping[str, str]) -> Filters:
    """Read the filters of a list from the address; what makes no sense filters nothing."""
    return Filters(
        show=_word(Show, query.get("state")) or Show.LIVE,
        severity=_word(Severity, query.get("severity")),
        service_id=number_of(query.get("service")),
        team_id=number_of(query.get("team")),
        environment=_word(Environment, query.get("environment")),
        text=query.get("q", "").strip(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A view of the list; `count` is None where counting would cost more than it tells."""

    label: str
    href: str
    is_current: bool
    count: int | None = None


def tabs_of(query: QueryDict, current: Show, counts: Mapping[State, int]) -> list[Tab]:
    """Return the tabs over the list; they keep the filters and leave the cursor behind."""
    live = sum(counts.values())
    shown = {
        Show.LIVE: ("Now", live),
        Show.OPEN: ("Open", counts[State.OPEN]),
        Show.ACKNOWLEDGED: ("Acknowledged", counts[State.ACKNOWLEDGED]),
        Show.RESOLVED: ("Resolved", None),
        Show.ALL: ("All", None),
    }
    return [
        Tab(label=label, href=_address(query, show), is_current=show is current, count=count)
        for show, (label, count) in shown.items()
    ]


def _address(query: QueryDict, show: Show) -> str:
    changed = query.copy()
    changed.pop("cursor", None)
    changed["state"] = show.value
    return f"?{changed.urlencode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """All that the page of an incident shows; parts that nobody asked for are empty."""

    incident: IncidentView
    may_respond: bool
    topics: str
    pages: Sequence[PageView] = ()
    alerts: Page[AlertOfIncident] | None = None
    story: Sequence[Told] = ()
    notes: Sequence[NoteView] = ()
    changes: Sequence[ChangeView] = ()
    merged: Sequence[IncidentView] = ()
    similar: Sequence[IncidentView] = ()
    service: ServiceView | None = None
    people: Sequence[Person] = ()
    teams: Sequence[TeamView] = ()
    severities: Sequence[Severity] = tuple(Severity)
    panels: Sequence[Panel] = ()

    @property
    def running(self) -> Sequence[PageView]:
        return [page for page in self.pages if page.is_open]


def incident_page(
    incident_id: int, viewer: Viewer, *, only: str = "", cursor: str | None = None
) -> IncidentPage:
    """Read the page of an incident, or `only` one part of it; raises IncidentNotFound."""
    view = queries.incident(incident_id)
    pages = queries.pages_of(incident_id)
    may_respond = viewer.can(Permission.RESPOND, team_id=view.team_id)
    shown = IncidentPage(
        incident=view,
        may_respond=may_respond,
        topics=" ".join([view.subject, *(f"page:{page.id}" for page in pages)]),
        pages=pages,
    )
    if only:
        return replace(shown, **_PARTS[only](view, cursor))
    whole = _aside(view, may_respond=may_respond)
    whole["panels"] = ports.panels(view, viewer)
    for read in _PARTS.values():
        whole |= read(view, cursor)
    return replace(shown, **whole)


type _Read = Callable[[IncidentView, str | None], dict[str, Any]]
_PARTS: Final[Mapping[str, _Read]] = {
    "now": lambda view, _cursor: {"service": _service(view)},
    "calls": lambda _view, _cursor: {},
    "alerts": lambda view, cursor: {"alerts": queries.alerts_page(view.id, cursor=cursor)},
    "story": lambda view, _cursor: {"story": queries.incident_story(view.id)},
    "notes": lambda view, _cursor: {"notes": queries.notes(view.id)},
}


def _service(view: IncidentView) -> ServiceView | None:
    return None if view.service_id is None else catalog_queries.service(view.service_id)


def _aside(view: IncidentView, *, may_respond: bool) -> dict[str, Any]:
    known = {
        "changes": queries.suspected_changes(view),
        "merged": queries.merged_into(view.id),
    }
    if not (may_respond and view.is_live):
        return known
    return {
        **known,
        "similar": queries.similar_incidents(view.title, service_id=view.service_id, but=view.id),
        "people": identity_queries.active_people(),
        "teams": identity_queries.teams(),
    }


def number_of(text: str | None) -> int | None:
    """Read an id; None for anything else. Eighteen digits always fit a bigint."""
    return int(text) if text and text.isdecimal() and len(text) <= 18 else None  # noqa: PLR2004 - said above


def _word[W: StrEnum](words: type[W], text: str | None) -> W | None:
    return words(text) if text in {word.value for word in words} else None
