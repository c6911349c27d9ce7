"""Templates: what each kind of post-mortem asks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, queries
from evenfall.postmortems.forms import TemplateForm
from evenfall.postmortems.logic.templates import Fill


@requires(Permission.VIEW)
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """GET /postmortems/templates/."""
    context = {
        "templates": queries.templates(),
        "may_edit": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "postmortems/templates.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """GET, POST /postmortems/templates/full/: they are of the whole site."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    found = queries.template(kind)
    form = TemplateForm(
        request.POST if request.method == "POST" else None, initial={"text": found.text}
    )

    def save() -> int:
        text = form.cleaned_data["text"]
        return actions.save_template(kind=kind, text=text, now=utc_now(), actor=viewer.actor)

    wants_preview = "preview" in request.POST
    if request.method == "POST" and not wants_preview and attempt(form, save) is not None:
        messages.success(request, "Saved. New drafts use it; those that exist stay as they are.")
        return redirect("postmortems:templates")
    text = str(form["text"].value() or "")
    context = {
        "form": form,
        "template": found,
        "fills": list(Fill),
        "preview": queries.template_preview(text) if wants_preview else None,
    }
    status = 422 if form.is_bound and form.errors and not wants_preview else 200
    return render(request, "postmortems/template.html", context, status=status)
