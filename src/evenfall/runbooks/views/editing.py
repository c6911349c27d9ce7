"""Writing runbooks in the browser. Who saves on an old version sees both texts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.contexts import owner_choices, writer_for, written_by
from evenfall.runbooks.forms import EXAMPLE, LinksForm, RunbookForm, initial_of
from evenfall.runbooks.logic import checklist
from evenfall.runbooks.logic.diffs import difference
from evenfall.runbooks.logic.documents import MOST_TEXT
from evenfall.runbooks.ports import number_of, owner_word
from evenfall.runbooks.queries import RunbookView, UseView


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET, POST /runbooks/new/?missing=5: a first version, perhaps of one that was missed."""
    missed = _missed(request)
    owners = owner_choices(viewer_of(request))
    start = {"text": EXAMPLE if "example" in request.GET else "", "base": 0}
    start |= {"title": missed.text[:200]} if missed else {}
    form = RunbookForm(request.POST or None, owners=owners, initial=start)
    if request.method == "POST" and "preview" not in request.POST:
        made = attempt(form, lambda: _create(request, form, missed))
        if made is not None:
            return redirect("runbooks:runbook", queries.runbook(made, now=utc_now()).slug)
    return _form(request, form, missed=missed)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/edit/."""
    viewer, found = written_by(request, runbook)
    owners = owner_choices(viewer, found.owner)
    start = initial_of(found, owner_word(found.owner))
    form = RunbookForm(request.POST or None, owners=owners, initial=start)
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        if (form.cleaned_data["base"] or 0) != found.number:
            return _both(request, form, found)
        if attempt(form, lambda: _save(request, form, found)):
            messages.success(request, "Saved.")
            return redirect("runbooks:runbook", found.slug)
    return _form(request, form, runbook=found)


@requires(Permission.RESPOND)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """POST /runbooks/preview/: the text as it will look; nothing is saved."""
    return render(request, "runbooks/parts/preview.html", {"preview": _shown(request)})


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, runbook: str) -> HttpResponse:
    """GET, POST /runbooks/disk-full/links/: which services and alerts it is for."""
    viewer, found = written_by(request, runbook)
    now = queries.links(found.id)
    services = {one.id: one.name for one in catalog_queries.services().values()}
    services |= {one.id: one.name for one in now.services}
    start = {"services": [one.id for one in now.services], "alerts": "\n".join(now.alerts)}
    form = LinksForm(request.POST or None, services=services, initial=start)

    def save() -> bool:
        actions.set_links(
            runbook_id=found.id,
            service_ids=form.cleaned_data["services"],
            alerts=form.cleaned_data["alerts"].splitlines(),
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Saved. Incidents that fit show this runbook now.")
        return redirect("runbooks:runbook", found.slug)
    context = {"form": form, "runbook": found}
    return render(request, "runbooks/links.html", context, status=422 if form.errors else 200)


@requires(Permission.RESPOND)
@require_POST
def archive(request: HttpRequest, runbook: str) -> HttpResponse:
    viewer, found = written_by(request, runbook)
    actions.archive_runbook(runbook_id=found.id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Archived. Its versions stay, and it can be restored.")
    return redirect("runbooks:runbook", found.slug)


@requires(Permission.RESPOND)
@require_POST
def restore(request: HttpRequest, runbook: str) -> HttpResponse:
    viewer, found = written_by(request, runbook)
    actions.restore_runbook(runbook_id=found.id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Restored.")
    return redirect("runbooks:runbook", found.slug)


def _missed(request: HttpRequest) -> UseView | None:
    number = number_of(request.GET.get("missing"))
    return queries.missing_one(number) if number is not None else None


def _create(request: HttpRequest, form: RunbookForm, missed: UseView | None) -> int:
    """Write it; one that was missed is off the list, and tied to the service it was missed for."""
    wish, now = form.wish(), utc_now()
    viewer = writer_for(request, wish.owner)
    runbook_id = actions.create_runbook(wish=wish, now=now, actor=viewer.actor)
    if missed:
        actions.settle_missing(use_id=missed.id, now=now, actor=viewer.actor)
    if missed and missed.service_id is not None:
        ids = [missed.service_id]
        actions.set_links(
            runbook_id=runbook_id, service_ids=ids, alerts=(), now=now, actor=viewer.actor
        )
    return runbook_id


def _save(request: HttpRequest, form: RunbookForm, found: RunbookView) -> int:
    wish = form.wish()
    if wish.owner != found.owner:
        writer_for(request, wish.owner)
    return actions.save_runbook(
        runbook_id=found.id,
        base=found.number,
        wish=wish,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )


def _both(request: HttpRequest, form: RunbookForm, found: RunbookView) -> HttpResponse:
    """Somebody saved meanwhile: both texts, and one that holds what both wrote."""
    mine, base = checklist.cleaned(form.cleaned_data["text"]), form.cleaned_data["base"] or 0
    try:
        merged = queries.proposal(runbook_id=found.id, base=base, text=mine)
    except errors.VersionNotFound:
        merged = queries.proposal(runbook_id=found.id, base=found.number, text=mine)
    data = request.POST.copy()
    data["text"], data["base"] = merged.text, str(found.number)
    again = RunbookForm(data, owners=owner_choices(viewer_of(request), found.owner))
    saved = queries.version(found.id, found.number)
    context = {
        "form": again,
        "runbook": found,
        "saved": saved,
        "mine": mine,
        "clashes": merged.clashes,
        "lines": difference(saved.text, mine),
    }
    return render(request, "runbooks/form.html", context, status=409)


def _form(request: HttpRequest, form: RunbookForm, **context: object) -> HttpResponse:
    if "preview" in request.POST:
        context["preview"] = _shown(request)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "runbooks/form.html", {"form": form, **context}, status=status)


def _shown(request: HttpRequest) -> str:
    text = request.POST.get("text", "")[:MOST_TEXT]
    return mark_safe(checklist.to_html(text, checklist.plain_box))  # noqa: S308 - cleaned there
