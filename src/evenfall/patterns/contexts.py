"""What pages and API operations need before they act: who may, on what, and what to show."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest
from msgspec import Struct

from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.patterns import queries
from evenfall.patterns.logic.signs import Sign
from evenfall.patterns.logic.states import State
from evenfall.patterns.queries import PatternFilters
from evenfall.platform.clock import utc_now
from evenfall.platform.panels import Panel

TONES: Final = {
    State.SUSPECTED: "pending",
    State.CONFIRMED: "open",
    State.MENDING: "fixing",
    State.MENDED: "resolved",
    State.ACCEPTED: "closed",
}
SIGN_WORDS: Final = {
    Sign.OFTEN: "Comes again and again",
    Sign.NOT_MENDED: "The fix did not hold",
    Sign.ESCAPED: "Came to production",
}
STEP_WORDS: Final = {
    State.CONFIRMED: "It is one problem",
    State.MENDING: "Somebody mends it",
    State.MENDED: "It is mended",
    State.ACCEPTED: "We live with it",
}


class StepButton(Struct, frozen=True, kw_only=True):
    """A state that the page offers; `wants_reason` where one is asked for."""

    state: State
    label: str
    wants_reason: bool


def step_buttons(state: State, steps: tuple[State, ...]) -> list[StepButton]:
    return [
        StepButton(
            state=one,
            label="It is not mended" if state is State.MENDED else STEP_WORDS[one],
            wants_reason=one is State.ACCEPTED,
        )
        for one in steps
    ]


def filters_of(query: Mapping[str, str]) -> PatternFilters:
    """Read the filters of the list; what makes no sense filters nothing."""
    state, team = query.get("state", ""), query.get("team", "")
    return PatternFilters(
        state=State(state) if state in set(State) else None,
        team_id=number_of(team),
        text=query.get("q", "").replace("\0", "").strip()[:200],
    )


def number_of(text: str) -> int | None:
    """Read an id; None for anything else. Eighteen digits always fit a bigint."""
    plain = text.strip().removeprefix("#")
    is_number = plain.isascii() and plain.isdecimal() and len(plain) <= 18  # noqa: PLR2004 - said above
    return int(plain) if is_number else None


def keeper_of(request: HttpRequest, pattern_id: int) -> Viewer:
    """The viewer, when they may work on this pattern; one without a team is of the site."""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.pattern(pattern_id).team_id)
    return viewer


def taker_of(request: HttpRequest, pattern_id: int, team_id: int | None) -> Viewer:
    """The viewer, when they may work on it and give it to this team."""
    viewer = keeper_of(request, pattern_id)
    if team_id is not None and team_id != queries.pattern(pattern_id).team_id:
        viewer.check(Permission.RESPOND, team_id=team_id)
    return viewer


def judge_of(request: HttpRequest, incident_id: int) -> Viewer:
    """The viewer, when they may respond to this incident. Raises IncidentNotFound."""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=incidents_queries.incident(incident_id).team_id)
    return viewer


def incident_panel(view: IncidentView, viewer: Viewer) -> Panel | None:
    """What was seen before that is like this incident; None where nothing is."""
    found = queries.similar_to(view.id, now=utc_now())
    pattern = queries.pattern_of(view.id)
    if not found and pattern is None:
        return None
    return Panel(
        template="patterns/parts/incident.html",
        context={
            "incident_id": view.id,
            "pattern": pattern,
            "tone": TONES[pattern.state] if pattern else "",
            "found": found,
            "may_judge": viewer.can(Permission.RESPOND, team_id=view.team_id),
        },
    )
