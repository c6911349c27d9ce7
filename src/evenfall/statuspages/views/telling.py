"""Pages on which people tell readers something: posts, their updates, maintenance."""

from typing import Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.statuspages import actions, errors, forms, queries
from evenfall.statuspages.contexts import draft, teller_of
from evenfall.statuspages.queries import PageView, Part, PostView, WorkView

_DIGITS: Final = 18
"""What fits the number of an incident."""


@requires(Permission.VIEW)
@require_GET
def posts(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET /status-pages/3/posts/"""
    viewer, shown = viewer_of(request), queries.page(status_page_id)
    context = {
        "page": shown,
        "found": queries.posts_page(status_page_id, cursor=request.GET.get("cursor")),
        "may_tell": viewer.can(Permission.RESPOND, team_id=shown.team_id),
    }
    return render(request, "statuspages/posts.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_post(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/posts/new/?incident=17: a draft to confirm."""
    viewer, shown = teller_of(request, status_page_id)
    now = utc_now()
    parts = queries.parts(status_page_id, now=now)
    initial = _draft(request.GET.get("incident", ""), shown, parts)
    form = forms.PostForm(parts, request.POST or None, initial=initial)

    def save() -> int:
        return actions.start_post(
            status_page_id=status_page_id,
            title=form.cleaned_data["title"],
            first=form.update_wish(now=now),
            incident_id=form.cleaned_data["incident_id"],
            impact=form.said_impact,
            now=now,
            actor=viewer.actor,
        )

    if _is_sent(request) and (post_id := attempt(form, save)):
        messages.success(request, "Readers see it now.")
        return redirect("statuspages:post", status_page_id, post_id)
    return _form(request, "statuspages/post_form.html", form, page=shown)


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, status_page_id: int, post_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/posts/9/: what was told; posting tells more."""
    viewer, shown = viewer_of(request), queries.page(status_page_id)
    found, now = queries.post(status_page_id, post_id), utc_now()
    may_tell = viewer.can(Permission.RESPOND, team_id=shown.team_id)
    parts = queries.parts(status_page_id, now=now)
    form = forms.UpdateForm(parts, request.POST or None, initial={"state": found.state.value})

    def save() -> int:
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
        return actions.post_update(
            status_page_id=status_page_id,
            post_id=post_id,
            wish=form.update_wish(now=now),
            now=now,
            actor=viewer.actor,
        )

    if request.method == "POST":
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
        if _is_sent(request) and attempt(form, save) is not None:
            messages.success(request, "Readers see it now.")
            return redirect("statuspages:post", status_page_id, post_id)
    return _form(
        request,
        "statuspages/post.html",
        form,
        page=shown,
        post=found,
        edits=queries.edits(post_id),
        may_tell=may_tell and found.retracted_at is None,
        retract_form=forms.RetractForm(),
    )


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def edit_update(
    request: HttpRequest, status_page_id: int, post_id: int, update_id: int
) -> HttpResponse:
    """GET, POST /status-pages/3/posts/9/updates/12/: correct what was said."""
    viewer, shown = teller_of(request, status_page_id)
    found, now = queries.post(status_page_id, post_id), utc_now()
    update = next((one for one in found.updates if one.id == update_id), None)
    if update is None:
        raise errors.PostNotFound
    parts = queries.parts(status_page_id, now=now)
    initial = forms.UpdateForm.initial_of(update)
    form = forms.UpdateForm(parts, request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.edit_update(
            status_page_id=status_page_id,
            post_id=post_id,
            update_id=update_id,
            wish=form.update_wish(now=now),
            now=now,
            actor=viewer.actor,
        )
        return redirect("statuspages:post", status_page_id, post_id)

    if _is_sent(request) and (answer := attempt(form, save)):
        return answer
    return _form(request, "statuspages/post_form.html", form, page=shown, post=found, edited=update)


@requires(Permission.RESPOND)
@require_POST
def retract_post(request: HttpRequest, status_page_id: int, post_id: int) -> HttpResponse:
    viewer, _ = teller_of(request, status_page_id)
    form = forms.RetractForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say to readers why it was wrong, in up to 300 characters.")
        return redirect("statuspages:post", status_page_id, post_id)
    actions.retract_post(
        status_page_id=status_page_id,
        post_id=post_id,
        reason=form.cleaned_data["reason"],
        now=utc_now(),
        actor=viewer.actor,
    )
    messages.success(request, "Retracted. The page says so.")
    return redirect("statuspages:post", status_page_id, post_id)


@requires(Permission.VIEW)
@require_GET
def works(request: HttpRequest, status_page_id: int) -> HttpResponse:
    """GET /status-pages/3/maintenance/"""
    viewer, shown = viewer_of(request), queries.page(status_page_id)
    context = {
        "page": shown,
        "found": queries.works_page(status_page_id, cursor=request.GET.get("cursor")),
        "may_tell": viewer.can(Permission.RESPOND, team_id=shown.team_id),
    }
    return render(request, "statuspages/works.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new_work(request: HttpRequest, status_page_id: int) -> HttpResponse:
    viewer, shown = teller_of(request, status_page_id)
    now = utc_now()
    form = forms.WorkForm(queries.parts(status_page_id, now=now), request.POST or None)

    def save() -> int:
        return actions.plan_work(
            status_page_id=status_page_id, wish=form.wish(), now=now, actor=viewer.actor
        )

    if _is_sent(request) and (work_id := attempt(form, save)):
        messages.success(request, "Announced.")
        return redirect("statuspages:work", status_page_id, work_id)
    return _form(request, "statuspages/work_form.html", form, page=shown)


@requires(Permission.VIEW)
@require_GET
def work(request: HttpRequest, status_page_id: int, work_id: int) -> HttpResponse:
    """GET /status-pages/3/maintenance/5/"""
    viewer, shown = viewer_of(request), queries.page(status_page_id)
    found = queries.work(status_page_id, work_id)
    context = {
        "page": shown,
        "work": found,
        "may_tell": viewer.can(Permission.RESPOND, team_id=shown.team_id),
    }
    return render(request, "statuspages/work.html", context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def edit_work(request: HttpRequest, status_page_id: int, work_id: int) -> HttpResponse:
    """GET, POST /status-pages/3/maintenance/5/edit/: a moved window is told."""
    viewer, shown = teller_of(request, status_page_id)
    found, now = queries.work(status_page_id, work_id), utc_now()
    parts = queries.parts(status_page_id, now=now)
    initial = forms.WorkForm.initial_of(found)
    form = forms.WorkForm(parts, request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.change_work(
            status_page_id=status_page_id,
            work_id=work_id,
            wish=form.wish(),
            now=now,
            actor=viewer.actor,
        )
        return redirect("statuspages:work", status_page_id, work_id)

    if _is_sent(request) and (answer := attempt(form, save)):
        return answer
    return _form(request, "statuspages/work_form.html", form, page=shown, work=found)


@requires(Permission.RESPOND)
@require_POST
def step_work(request: HttpRequest, status_page_id: int, work_id: int) -> HttpResponse:
    """POST /status-pages/3/maintenance/5/step/: start, verify, end or cancel it, or a note."""
    viewer, _ = teller_of(request, status_page_id)
    form = forms.WorkStep(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose what happened to the maintenance.")
        return redirect("statuspages:work", status_page_id, work_id)
    state, text, now = form.said_state, form.cleaned_data["text"], utc_now()
    about = {"status_page_id": status_page_id, "work_id": work_id}
    if state is None:
        actions.note_work(**about, text=text, now=now, actor=viewer.actor)
    else:
        actions.step_work(**about, state=state, text=text, now=now, actor=viewer.actor)
    return redirect("statuspages:work", status_page_id, work_id)


def _is_sent(request: HttpRequest) -> bool:
    """Whether somebody means it; "preview" only shows what it would look like."""
    return request.method == "POST" and "preview" not in request.POST


def _draft(incident: str, page: PageView, parts: list[Part]) -> dict[str, object]:
    """What a new post says at first, of this incident if there is one."""
    if not incident.isdecimal() or len(incident) > _DIGITS:
        return {}
    view = incidents_queries.incidents([int(incident)]).get(int(incident))
    if view is None:
        return {}
    suggested = draft(view, page, parts)
    said = forms.PostForm.initial_statuses(suggested.statuses)
    return {
        "title": suggested.title,
        "text": suggested.text,
        "incident_id": view.id,
        "next_in": "30",
        **said,
    }


def _form(
    request: HttpRequest,
    template: str,
    form: Form,
    *,
    page: PageView,
    **context: object | PostView | WorkView,
) -> HttpResponse:
    is_preview = "preview" in request.POST and form.is_valid()
    preview = markdown.to_html(form.cleaned_data["text"]) if is_preview else ""
    context = {"form": form, "page": page, "preview": preview, **context}
    status = 422 if form.errors else 200
    return render(request, template, context, status=status)
