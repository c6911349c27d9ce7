"""The public text: written by colleagues, read by everybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import public, requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.files import answer
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, queries
from evenfall.postmortems.contexts import writer_of
from evenfall.postmortems.forms import PublicationForm
from evenfall.postmortems.logic.states import SHARED


@public("what was published to the public is for everybody")
@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /lessons/checkout-was-down-5/."""
    found = queries.publication(slug)
    context = {"lesson": found, "site": identity_queries.site()}
    shown = render(request, "postmortems/lesson.html", context)
    shown["Cache-Control"] = "public, max-age=60"
    if not found.is_indexed:
        shown["X-Robots-Tag"] = "noindex"
    return shown


@public("what was published to the public is for everybody")
@require_safe
def public_file(request: HttpRequest, slug: str, attachment_id: int) -> HttpResponse:
    """GET /lessons/checkout-was-down-5/attachments/7/: kept briefly, for it may be taken back."""
    return answer(request, queries.public_file(slug, attachment_id), cache="public, max-age=60")


@requires(Permission.RESPOND)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET, POST /postmortems/5/public/: what everybody may read, with a preview."""
    viewer = writer_of(request, postmortem_id)
    view, found = queries.postmortem(postmortem_id), queries.publication_of(postmortem_id)
    form = PublicationForm(
        request.POST if request.method == "POST" else None,
        initial={
            "title": found.title if found else view.title,
            "text": found.text if found else queries.public_proposal(postmortem_id),
            "is_indexed": found.is_indexed if found else False,
            "is_public": view.is_public,
        },
    )

    def save() -> bool:
        actions.save_publication(
            postmortem_id=postmortem_id, now=utc_now(), actor=viewer.actor, **form.cleaned_data
        )
        return True

    wants_preview = "preview" in request.POST
    if request.method == "POST" and not wants_preview and attempt(form, save):
        messages.success(request, "Saved.")
        return redirect("postmortems:publication", postmortem_id)
    context = {
        "form": form,
        "postmortem": view,
        "publication": found,
        "can_be_public": view.state in SHARED,
        "preview": _preview(form, postmortem_id) if wants_preview else "",
        "files": queries.attachments(postmortem_id),
    }
    status = 422 if form.is_bound and form.errors and not wants_preview else 200
    return render(request, "postmortems/publication.html", context, status=status)


def _preview(form: PublicationForm, postmortem_id: int) -> str:
    text = str(form["text"].value() or "")
    return queries.preview(text, postmortem_id=postmortem_id, only_public=True)
