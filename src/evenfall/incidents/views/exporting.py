"""Documents to keep."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries
from evenfall.platform.clock import utc_now


@requires(Permission.VIEW)
@require_safe
def page_chain(_request: HttpRequest, page_id: int) -> JsonResponse:
    """GET /pages/5/chain.json: the whole chain of a page, as a file."""
    document = queries.as_document(queries.page_chain(page_id), now=utc_now())
    answer = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="page-{page_id}.json"'
    return answer
