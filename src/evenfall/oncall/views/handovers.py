"""The hand-over of a rota: what the next one should know, and the note that is left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall import actions, forms, queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, rota_id: int) -> HttpResponse:
    """Everybody reads; who may respond for the team leaves a note."""
    viewer, now = viewer_of(request), utc_now()
    rota = queries.rota(rota_id)
    shown = queries.handover(rota, now=now)
    form = forms.HandoverNoteForm(
        request.POST or None, initial={"text": shown.note_of(viewer.user_id)}
    )
    if request.method == "POST":
        viewer.check(Permission.RESPOND, team_id=rota.team_id)
        if attempt(form, lambda: _write(viewer, rota_id, form)):
            messages.success(request, "Your note is kept. It goes to whoever takes over.")
            return redirect("oncall:handover", rota_id)
    context = {
        "rota": rota,
        "handover": shown,
        "form": form,
        "may_respond": viewer.can(Permission.RESPOND, team_id=rota.team_id),
    }
    return render(request, "oncall/handover.html", context, status=422 if form.errors else 200)


def _write(viewer: Viewer, rota_id: int, form: forms.HandoverNoteForm) -> bool:
    actions.write_handover_note(
        rota_id=rota_id,
        user_id=viewer.user_id,
        text=form.cleaned_data["text"],
        now=utc_now(),
        actor=viewer.actor,
    )
    return True
