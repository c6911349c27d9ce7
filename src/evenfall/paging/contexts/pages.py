"""What the pages about pages show."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.paging import queries
from evenfall.paging.logic import texts
from evenfall.paging.logic.sentences import short_why
from evenfall.paging.logic.words import Response, Status
from evenfall.paging.queries import PageView

ICONS = {
    Response.ACKNOWLEDGE: "ack",
    Response.ON_IT: "working",
    Response.NEED_HELP: "help",
    Response.ESCALATE: "escalate",
    Response.RESOLVE: "check",
    Response.NOT_ACTIONABLE: "quiet",
}
FOLLOWING = {
    Status.PAGING: (
        Response.ACKNOWLEDGE,
        Response.ON_IT,
        Response.NEED_HELP,
        Response.ESCALATE,
    ),
    Status.HELP: (Response.ACKNOWLEDGE, Response.ON_IT, Response.ESCALATE),
    Status.ACKNOWLEDGED: (Response.ON_IT, Response.NEED_HELP, Response.ESCALATE),
    Status.MOBILISED: (Response.NEED_HELP, Response.ESCALATE),
}


class Answer(Struct, frozen=True, kw_only=True):
    """A button. The first one of a page is the big one."""

    name: str
    label: str
    icon: str


def answers(responses: Sequence[Response]) -> list[Answer]:
    return [
        Answer(name=response.value, label=texts.LABELS[response], icon=ICONS[response])
        for response in responses
    ]


def may_answer(page: PageView, viewer: Viewer) -> bool:
    """People who were paged may answer whatever their role; others need RESPOND in the team."""
    was_paged = bool(queries.why_me(page.id, viewer.user_id))
    return was_paged or viewer.can(Permission.RESPOND, team_id=page.team_id)


def page_context(page: PageView, viewer: Viewer) -> dict[str, Any]:
    """The whole screen: what, since, why me, the answers, and below them the story."""
    return {
        "page": page,
        "subject_url": page.content.url,
        "subject": page.subject.replace(":", " ").capitalize(),
        "why_me": short_why(queries.why_me(page.id, viewer.user_id)),
        "answers": answers(FOLLOWING.get(page.status, ())) if may_answer(page, viewer) else [],
        "endings": answers((Response.RESOLVE, Response.NOT_ACTIONABLE)),
        "help_teams": identity_queries.teams() if page.is_open else [],
        "story": list(reversed(queries.page_story(page.id))),
        "live": f"page:{page.id} {page.subject}",
    }
