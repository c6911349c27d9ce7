"""Answers that people give with a button in a chat tool."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from evenfall.chat import queries
from evenfall.chat.ports import Reply
from evenfall.identity.permissions import Permission, Viewer, asked_by
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents import queries as incidents_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import Response
from evenfall.paging.queries import PageView
from evenfall.platform.errors import DomainError

SAID: Final[Mapping[Response, str]] = MappingProxyType(
    {
        Response.ACKNOWLEDGE: "You acknowledged {what}. Nobody else is called.",
        Response.ON_IT: "You are on it: {what}.",
        Response.ESCALATE: "{what}: the next people are called.",
        Response.NEED_HELP: "{what}: more people are called to help you.",
        Response.RESOLVE: "You resolved {what}.",
        Response.NOT_ACTIONABLE: "You resolved {what}: nobody should have been called.",
    }
)
_MOST_DIGITS: Final = 18  # they always fit a bigint


def answer_from_chat(*, kind: str, address: str, subject: str, action: str, now: datetime) -> Reply:
    """Do what a button says, as the person who is known by this contact method.

    `subject` and `action` are those of the card ("incident:17") or of the message ("page:5",
    "digest:3", "rehearsal:2"). Never raises for what people do: the reply says what happened, or
    why nothing did. The slice has proved before that the tool itself says who tapped.
    """
    viewer = queries.viewer_by(kind, address)
    if viewer is None:
        return stranger(kind)
    noun, _, number = subject.partition(":")
    act = _ACTS.get(noun)
    if act is None or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return Reply(text="This message is too old to be answered. Open it in Evenfall.", ok=False)
    if action not in set(Response):
        return Reply(text=f"Evenfall knows no answer {action!r}.", ok=False)
    return politely(partial(act, int(number), Response(action), viewer, kind, now))


def stranger(kind: str) -> Reply:
    """How to become known."""
    where = notifications_queries.absolute(f"/profile/contact-methods/add/{kind}/")
    return Reply(
        text="Evenfall does not know who you are here. Link this account to your profile, then "
        f"try again: {where}",
        ok=False,
    )


def politely(act: Callable[[], Reply]) -> Reply:
    """What goes wrong is told to whoever asked, in the words of the error."""
    try:
        return act()
    except DomainError as error:
        return Reply(text=error.message, ok=False)


def answer_incident(
    incident_id: int, response: Response, viewer: Viewer, via: str, now: datetime
) -> Reply:
    """Answer for an incident; raises what incidents and paging raise, and Forbidden."""
    with asked_by(viewer):
        view = incidents_queries.incident(incident_id)
    viewer.check(Permission.RESPOND, team_id=view.team_id)
    what = f"#{view.id} {view.title}"
    move = _MOVES.get(response)
    if move is not None:
        move(
            incident_id=incident_id,
            user_id=viewer.user_id,
            now=now,
            actor=viewer.actor,
            via=via,
        )
        return Reply(text=SAID[response].format(what=what))
    running = [page for page in paging_queries.pages_for([view.subject]) if page.is_open]
    if not running:
        return Reply(text=f"Nobody is being called for {what} at the moment.", ok=False)
    return _respond(running[0], response, viewer, via, now, what=what)


def _answer_page(
    page_id: int, response: Response, viewer: Viewer, via: str, now: datetime
) -> Reply:
    """Whoever was paged may answer, whatever their role."""
    page = paging_queries.page(page_id)
    if not paging_queries.why_me(page_id, viewer.user_id):
        viewer.check(Permission.RESPOND, team_id=page.team_id)
    return _respond(page, response, viewer, via, now, what=page.content.title)


def _answer_digest(
    digest_id: int, response: Response, viewer: Viewer, via: str, now: datetime
) -> Reply:
    answered = paging_actions.respond_to_digest(
        digest_id=digest_id,
        response=response,
        user_id=viewer.user_id,
        via=via,
        now=now,
        actor=viewer.actor,
    )
    if not answered:
        return Reply(text="All of these are over already.", ok=False)
    return Reply(text=SAID[response].format(what=f"all {len(answered)} pages of this message"))


def _answer_rehearsal(
    user_id: int, response: Response, viewer: Viewer, via: str, now: datetime
) -> Reply:
    """A rehearsal is known by the id of the person whose rules it follows."""
    del response, via
    if user_id != viewer.user_id:
        return Reply(text="This rehearsal is somebody else's.", ok=False)
    paging_actions.answer_rehearsal(user_id=user_id, now=now)
    return Reply(text="Your answer came back: this works. The rest of the rehearsal is not sent.")


def _respond(
    page: PageView, response: Response, viewer: Viewer, via: str, now: datetime, *, what: str
) -> Reply:
    if not page.is_open:
        return Reply(text=f"{what}: this page is over already.", ok=False)
    paging_actions.respond(
        page_id=page.id,
        response=response,
        user_id=viewer.user_id,
        via=via,
        now=now,
        actor=viewer.actor,
    )
    return Reply(text=SAID[response].format(what=what))


_MOVES: Final[Mapping[Response, Callable[..., None]]] = MappingProxyType(
    {
        Response.ACKNOWLEDGE: incidents_actions.acknowledge_incident,
        Response.ON_IT: incidents_actions.mobilise_incident,
        Response.RESOLVE: incidents_actions.resolve_incident,
        Response.NOT_ACTIONABLE: partial(incidents_actions.resolve_incident, not_actionable=True),
    }
)
type _Act = Callable[[int, Response, Viewer, str, datetime], Reply]
_ACTS: Final[Mapping[str, _Act]] = MappingProxyType(
    {
        "incident": answer_incident,
        "page": _answer_page,
        "digest": _answer_digest,
        "rehearsal": _answer_rehearsal,
    }
)
