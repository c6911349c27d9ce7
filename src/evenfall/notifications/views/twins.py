"""One tap: a number that is proved for one channel is used for the other too."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions
from evenfall.platform.clock import utc_now


@requires(Permission.OWN)
@require_POST
def add_twin(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    made = actions.add_twin(
        contact_method_id=contact_method_id, user_id=viewer_of(request).user_id, now=utc_now()
    )
    messages.success(request, "Done. Send a test page to see how it arrives.")
    return redirect("notifications:contact_method", made)
