"""How a page looks, over the API."""

from django.http import HttpRequest
from ninja import Router

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions, queries
from evenfall.statuspages.api.copy_schemas import StatusLookIn, StatusLookOut
from evenfall.statuspages.contexts import manager_of

router = Router(tags=["statuspages"])
_LOOK = "/status-pages/{int:status_page_id}/look"


@router.get(_LOOK, response=StatusLookOut, auth=api_auth(Permission.VIEW))
def get_status_look(request: HttpRequest, status_page_id: int) -> StatusLookOut:  # noqa: ARG001 - ninja passes it
    """The colour, languages and domain of a page."""
    queries.page(status_page_id)
    return StatusLookOut.of(queries.look(status_page_id))


@router.put(_LOOK, response=StatusLookOut, auth=api_auth(Permission.MANAGE))
def change_status_look(
    request: HttpRequest, status_page_id: int, body: StatusLookIn
) -> StatusLookOut:
    """Choose them anew; the logo is changed on the page."""
    viewer, _ = manager_of(request, status_page_id)
    actions.change_look(
        status_page_id=status_page_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return StatusLookOut.of(queries.look(status_page_id))
