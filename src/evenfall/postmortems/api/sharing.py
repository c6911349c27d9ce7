"""The public text, the PDF, and the report of actions over the API."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.tables import csv_text
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.api.routing import router
from evenfall.postmortems.contexts import writer_of
from evenfall.postmortems.queries import Keeping, PublicationView

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ONE = "/postmortems/{int:postmortem_id}"


class PublicationOut(Schema):
    postmortem_id: int
    url: str
    title: str
    text: str
    html: str
    is_public: bool
    is_indexed: bool
    published_at: datetime | None
    saved_at: datetime


class PublicationIn(Schema):
    text: str
    """Markdown. Nothing else goes out, but files that are marked public."""
    title: str = ""
    """Empty: the title of the post-mortem."""
    is_public: bool = False
    """Needs a post-mortem that is published or closed."""
    is_indexed: bool = False
    """Whether search engines may list it."""


class KeepingLineOut(Schema):
    label: str
    open: int
    overdue: int
    unverified: int
    finished: int
    in_time: float | None
    recurred: int


class KeepingOut(Schema):
    by_owner: list[KeepingLineOut]
    by_class: list[KeepingLineOut]
    by_age: list[KeepingLineOut]


@router.get(f"{_ONE}/publication", response=PublicationOut, auth=_VIEW)
def get_publication(request: HttpRequest, postmortem_id: int) -> PublicationView:  # noqa: ARG001 - ninja passes it
    """The public text, online or not."""
    return _publication(postmortem_id)


@router.put(f"{_ONE}/publication", response=PublicationOut, auth=_RESPOND)
def save_publication(
    request: HttpRequest, postmortem_id: int, body: PublicationIn
) -> PublicationView:
    """Write the public text, put it online or take it offline."""
    viewer = writer_of(request, postmortem_id)
    actions.save_publication(
        postmortem_id=postmortem_id, now=utc_now(), actor=viewer.actor, **dict(body)
    )
    return _publication(postmortem_id)


@router.get(f"{_ONE}/export.pdf", auth=_VIEW)
def export_pdf(request: HttpRequest, postmortem_id: int) -> HttpResponse:  # noqa: ARG001 - ninja passes it
    """The whole of it as a PDF; 409 where the extra for it is not installed."""
    made = queries.as_pdf(postmortem_id, now=utc_now())
    return HttpResponse(made, content_type="application/pdf")


@router.get("/postmortem-actions/keeping", response=KeepingOut, auth=_VIEW)
def report_keeping(request: HttpRequest, team_id: int | None = None) -> Keeping:  # noqa: ARG001 - ninja passes it
    """How promises are kept, by owner, class and age."""
    return queries.action_keeping(now=utc_now(), team_id=team_id)


@router.get("/postmortem-actions/export.csv", auth=_VIEW)
def export_actions(request: HttpRequest, team_id: int | None = None) -> HttpResponse:  # noqa: ARG001 - ninja passes it
    """Every action, one line each; times are UTC."""
    rows = queries.action_rows(now=utc_now(), team_id=team_id)
    text = csv_text(queries.CSV_HEAD, rows)
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


def _publication(postmortem_id: int) -> PublicationView:
    queries.postmortem(postmortem_id)
    found = queries.publication_of(postmortem_id)
    if found is None:
        raise errors.PublicationNotFound
    return found
