"""What pages and API operations need before they act: who may, on what, and what to show."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.platform import files
from evenfall.platform.files import Upload
from evenfall.platform.panels import Panel
from evenfall.postmortems import actions, queries
from evenfall.postmortems.logic import triggers
from evenfall.postmortems.logic.states import Doer, Step
from evenfall.postmortems.logic.wording import Hint
from evenfall.postmortems.queries import ActionView, PostmortemView

LABELS = {
    Step.SUBMIT: "Ask for review",
    Step.SEND_BACK: "Send back",
    Step.APPROVE: "Approve",
    Step.PUBLISH: "Publish",
    Step.CLOSE: "Close",
    Step.REOPEN: "Reopen",
    Step.WAIVE: "Not required",
    Step.REQUIRE: "Required after all",
}
WANT_REASON = frozenset({Step.SEND_BACK, Step.REOPEN, Step.WAIVE})
_MOST_HINTS = 3
_MANAGED = frozenset({Step.WAIVE, Step.REQUIRE})


class Button(Struct, frozen=True, kw_only=True):
    """A step that the page offers."""

    step: Step
    label: str
    wants_reason: bool
    is_main: bool


def buttons(view: PostmortemView, viewer: Viewer) -> list[Button]:
    """The steps of this state that the viewer's role allows; the rules may still refuse."""
    found = [step for step in view.steps if viewer.can(_needed(step), team_id=view.team_id)]
    return [
        Button(
            step=step,
            label=LABELS[step],
            wants_reason=step in WANT_REASON,
            is_main=step not in WANT_REASON | _MANAGED,
        )
        for step in found
    ]


def writer_of(request: HttpRequest, postmortem_id: int) -> Viewer:
    """The viewer, when they may work on it; else raise Forbidden or PostmortemNotFound."""
    viewer = viewer_of(request)
    view = queries.postmortem(postmortem_id)
    viewer.check(Permission.RESPOND, team_id=view.team_id)
    return viewer


def uploads_of(request: HttpRequest) -> list[Upload]:
    """The files of a form."""
    return files.uploads(request, "files", most=actions.MOST_FILES, most_size=actions.FILE_SIZE)


def commenter_of(request: HttpRequest, postmortem_id: int) -> Viewer:
    """The viewer, when they may say something about it."""
    viewer = viewer_of(request)
    viewer.check(Permission.FOLLOW, team_id=queries.postmortem(postmortem_id).team_id)
    return viewer


def mover_of(request: HttpRequest, postmortem_id: int, step: Step) -> tuple[Viewer, Doer]:
    """The viewer, when they may take this step, and what the rules need to know of them."""
    viewer = viewer_of(request)
    team_id = queries.postmortem(postmortem_id).team_id
    viewer.check(_needed(step), team_id=team_id)
    manages = viewer.can(Permission.MANAGE, team_id=team_id)
    return viewer, Doer(user_id=viewer.user_id, manages=manages)


def starter_of(request: HttpRequest, incident_id: int) -> Viewer:
    """The viewer, when they may respond to this incident. Raises IncidentNotFound."""
    viewer = viewer_of(request)
    view = incidents_queries.incident(incident_id)
    viewer.check(Permission.RESPOND, team_id=view.team_id)
    return viewer


def promiser_of(request: HttpRequest, action: ActionView) -> Viewer:
    """The viewer, when they may change this action: the owner may, wherever it belongs."""
    viewer = viewer_of(request)
    if viewer.user_id != action.owner_id:
        viewer.check(Permission.RESPOND, team_id=action.team_id)
    return viewer


def number_of(text: str) -> int | None:
    """The number that an address or a form names; None for anything that no row can have."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0  # noqa: PLR2004 - a bigint
    return number if 0 < number < 2**63 else None


def hinted(request: HttpRequest, hints: Sequence[Hint]) -> None:
    """Help with words, on the next page that the writer sees and for nobody else."""
    for one in hints[:_MOST_HINTS]:
        messages.info(request, f"“{one.found}”: {one.why} {one.suggestion}")


def team_ids(viewer: Viewer) -> list[int]:
    return identity_queries.team_ids_of(viewer.user_id)


def incident_panel(view: IncidentView, viewer: Viewer) -> Panel | None:
    """The post-mortem of an incident, or the button that makes one once it is over."""
    found = queries.postmortem_of(view.id)
    is_over = view.resolved_at is not None and not view.is_live and view.merged_into_id is None
    may_start = is_over and viewer.can(Permission.RESPOND, team_id=view.team_id)
    if found is None and not may_start:
        return None
    return Panel(
        template="postmortems/parts/incident.html",
        context={
            "incident_id": view.id,
            "postmortem": found,
            "reasons": _reasons(view) if found is None else [],
        },
    )


def _reasons(view: IncidentView) -> list[str]:
    return triggers.reasons(
        came_back=view.recurrence_of_id is not None,
        alert_count=view.alert_count,
        lasted=(view.resolved_at or view.opened_at) - view.opened_at,
    )


def _needed(step: Step) -> Permission:
    return Permission.MANAGE if step in _MANAGED else Permission.RESPOND
