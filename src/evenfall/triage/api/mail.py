"""The addresses of a team for mail, over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.mail_in import address_of
from evenfall.triage import actions, contexts, queries
from evenfall.triage.api import mail_schemas as schemas
from evenfall.triage.api.routing import router
from evenfall.triage.ports import MAIL_WORD

_MANAGE = api_auth(Permission.MANAGE)
_SOURCES = "/triage/teams/{int:team_id}/mail-sources"
_SOURCE = f"{_SOURCES}/{{int:mail_source_id}}"


@router.get(_SOURCES, response=schemas.MailSourcesOut, auth=_MANAGE)
def list_mail_sources(request: HttpRequest, team_id: int) -> dict[str, Any]:
    """The addresses that the team takes mail at, with how much came to each."""
    contexts.manager_of(request, team_id)
    identity_queries.team(team_id)
    return {"items": queries.mail_sources(team_id)}


@router.post(_SOURCES, response={201: schemas.NewMailSourceOut}, auth=_MANAGE)
def open_mail_source(
    request: HttpRequest, team_id: int, body: schemas.MailSourceIn
) -> Status[dict[str, Any]]:
    """Make an address; mail to it becomes items. The key cannot be shown again."""
    viewer = contexts.manager_of(request, team_id)
    source_id, key = actions.open_mail_source(
        team_id=team_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    made = {"id": source_id, "address": address_of(f"{MAIL_WORD}{key}"), "key": key}
    return Status(201, made)


@router.get(f"{_SOURCE}/refused", response=schemas.RefusedMailsOut, auth=_MANAGE)
def list_refused_mails(request: HttpRequest, team_id: int, mail_source_id: int) -> dict[str, Any]:
    """The last mails of no use, with the reasons."""
    contexts.manager_of(request, team_id)
    source = queries.mail_source(team_id, mail_source_id)
    return {"items": queries.refused_mails(source.id)}


@router.delete(_SOURCE, response={204: None}, auth=_MANAGE)
def close_mail_source(request: HttpRequest, team_id: int, mail_source_id: int) -> Status[None]:
    """Let the address take nothing from now on; its items stay."""
    viewer = contexts.manager_of(request, team_id)
    actions.close_mail_source(
        team_id=team_id, source_id=mail_source_id, now=utc_now(), actor=viewer.actor
    )
    return Status(204, None)
