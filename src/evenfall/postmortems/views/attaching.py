"""Images and documents of a post-mortem: the page about them, the files themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.files import answer
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, queries
from evenfall.postmortems.contexts import uploads_of, writer_of
from evenfall.postmortems.forms import FilesForm


@requires(Permission.VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET, POST /postmortems/5/attachments/: all of them; writers attach more."""
    viewer, view = viewer_of(request), queries.postmortem(postmortem_id)
    form = FilesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        viewer = writer_of(request, postmortem_id)
        made = attempt(
            form,
            lambda: actions.attach_files(
                postmortem_id=postmortem_id,
                files=uploads_of(request),
                now=utc_now(),
                actor=viewer.actor,
            ),
        )
        if made is not None:
            return redirect("postmortems:attachments", postmortem_id)
    may_write = viewer.can(Permission.RESPOND, team_id=view.team_id)
    context = {
        "form": form,
        "postmortem": view,
        "attachments": queries.attachments(postmortem_id),
        "may_write": may_write,
        "may_attach": may_write and view.is_editable,
    }
    status = 422 if form.errors else 200
    return render(request, "postmortems/attachments.html", context, status=status)


@requires(Permission.VIEW)
@require_safe
def attachment(request: HttpRequest, postmortem_id: int, attachment_id: int) -> HttpResponse:
    """GET /postmortems/5/attachments/7/: an image to look at, or a document to download."""
    return answer(request, queries.attachment_file(postmortem_id, attachment_id))


@requires(Permission.RESPOND)
@require_POST
def share(request: HttpRequest, postmortem_id: int, attachment_id: int) -> HttpResponse:
    """POST …/attachments/7/public/: for readers of the public text, or with `inside` not."""
    viewer = writer_of(request, postmortem_id)
    actions.share_attachment(
        postmortem_id=postmortem_id,
        attachment_id=attachment_id,
        is_public="inside" not in request.POST,
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("postmortems:attachments", postmortem_id)


@requires(Permission.RESPOND)
@require_POST
def remove(request: HttpRequest, postmortem_id: int, attachment_id: int) -> HttpResponse:
    """POST …/attachments/7/remove/: its bytes are forgotten, who did it stays."""
    viewer = writer_of(request, postmortem_id)
    actions.remove_attachment(
        postmortem_id=postmortem_id,
        attachment_id=attachment_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "Removed. The page still says what it was and who removed it.")
    return redirect("postmortems:attachments", postmortem_id)
