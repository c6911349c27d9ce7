"""Metric sources: which there are, how they stand, their settings, and trying a query."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.platform.http import OutgoingFailed
from evenfall.telemetry import actions, queries
from evenfall.telemetry.forms import QueryForm, SourceForm
from evenfall.telemetry.ports import Answer, Query
from evenfall.telemetry.queries import SourceView

_SHOWN = 20
_LOOK_BACK = timedelta(hours=1)


@requires(Permission.VIEW)
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """GET /sources/"""
    context = {
        "sources": queries.sources(),
        "may_change": viewer_of(request).can(Permission.MANAGE),
    }
    return render(request, "telemetry/sources.html", context)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_source(request: HttpRequest) -> HttpResponse:
    """GET, POST /sources/new/"""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    form = SourceForm(request.POST or None)

    def save() -> int:
        return actions.add_source(wish=form.wish(), now=utc_now(), actor=viewer.actor)

    if request.method == "POST" and (number := attempt(form, save)):
        _try_it(request, number)
        return redirect("telemetry:source", number)
    return _form_page(request, form, None)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """GET, POST /sources/5/edit/"""
    viewer, found = viewer_of(request), queries.source(source_id)
    viewer.check(Permission.MANAGE)
    form = SourceForm(
        request.POST or None, known=found.has_secret, initial=SourceForm.initial_of(found)
    )

    def save() -> bool:
        actions.change_source(
            source_id=source_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        )
        return True

    if request.method == "POST" and attempt(form, save):
        _try_it(request, source_id)
        return redirect("telemetry:source", source_id)
    return _form_page(request, form, found)


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def one_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """GET /sources/5/: how it stands; POST tries a query, for those who manage the site."""
    viewer, found = viewer_of(request), queries.source(source_id)
    if request.method == "POST":
        viewer.check(Permission.MANAGE)
    form = QueryForm(request.POST or None)
    answer = attempt(form, lambda: _answer(form, source_id)) if request.method == "POST" else None
    context = {
        "source": found,
        "form": form,
        "answer": answer,
        "series": answer.series[:_SHOWN] if answer else (),
        "more": max(len(answer.series) - _SHOWN, 0) if answer else 0,
        "may_change": viewer.can(Permission.MANAGE),
    }
    status = 422 if form.errors else 200
    return render(request, "telemetry/source.html", context, status=status)


@requires(Permission.MANAGE)
@require_POST
def test_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """POST /sources/5/test/: ask the server what it is."""
    viewer_of(request).check(Permission.MANAGE)
    _try_it(request, source_id)
    return redirect("telemetry:source", source_id)


@requires(Permission.MANAGE)
@require_POST
def remove_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """POST /sources/5/remove/"""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    actions.remove_source(source_id=source_id, now=utc_now(), actor=viewer.actor)
    messages.success(request, "Removed. What asked it is unknown from now on.")
    return redirect("telemetry:sources")


def _try_it(request: HttpRequest, source_id: int) -> None:
    """Ask once and say how it went: a wrong address is best heard of now."""
    try:
        words = actions.try_source(source_id, now=utc_now())
    except OutgoingFailed as error:
        messages.error(request, f"It does not answer. {error.message}")
    else:
        messages.success(request, f"It answers: {words}")


def _answer(form: QueryForm, source_id: int) -> Answer:
    text, now = form.cleaned_data["query"], utc_now()
    actions.check_query(source_id, text)
    query = Query(text=text, at=now, start=now - _LOOK_BACK)
    return actions.read_metrics([(source_id, query)], now=now)[0]


def _form_page(request: HttpRequest, form: SourceForm, found: SourceView | None) -> HttpResponse:
    context = {"form": form, "source": found}
    status = 422 if form.errors else 200
    return render(request, "telemetry/source_form.html", context, status=status)
