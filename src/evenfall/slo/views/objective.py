"""One objective: its figures, its pictures, its queries, and its counts as a table."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.slo import contexts, queries
from evenfall.slo.forms import CorrectionForm, ExceptionForm, ReviewForm
from evenfall.slo.logic.windows import Bounds, floor_minute
from evenfall.slo.queries import graphs, sums

_MINUTES_BACK = timedelta(days=35)
_HEAD = ("at", "indicator", "good", "total")


class _Echo:
    """What a csv writer writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET /objectives/5/"""
    return page(request, objective_id)


def page(
    request: HttpRequest, objective_id: int, refused: ExceptionForm | None = None
) -> HttpResponse:
    """The page of an objective; with an exception that was refused, as it was asked for."""
    view, now, viewer = queries.objective(objective_id), utc_now(), viewer_of(request)
    context = {
        "view": view,
        "standing": view.standing,
        "bar": contexts.bar_of(view),
        "target": contexts.target_words(view.spec.promise),
        "window": contexts.window_words(view.spec.promise.window),
        "measured": contexts.measured(view),
        "corrections": queries.corrections(objective_id),
        "exceptions": queries.exceptions(objective_id, now=now),
        "firings": queries.firings(objective_id, limit=20),
        "states": contexts.states_of(objective_id),
        "may_manage": viewer.can(Permission.MANAGE, team_id=view.service.team_id),
        "may_respond": viewer.can(Permission.RESPOND, team_id=view.service.team_id),
        "viewer_id": viewer.user_id,
        "correction_form": CorrectionForm(prefix="correction"),
        "exception_form": refused or ExceptionForm(prefix="exception"),
        "review_form": ReviewForm(),
    }
    return render(request, "slo/objective.html", context, status=422 if refused else 200)


@requires(Permission.VIEW)
@require_safe
def pictures(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET /objectives/5/pictures/: what is left of the budget, and errors; fetched by the page."""
    view = queries.objective(objective_id)
    context = {"view": view, "pictures": contexts.pictures(view)}
    return render(request, "slo/parts/pictures.html", context)


@requires(Permission.VIEW)
@require_safe
def burns(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET /objectives/5/burns/: how fast it burned; a piece of the page that is fetched."""
    view = queries.objective(objective_id)
    context = {"view": view, "burns": contexts.burns(view)}
    return render(request, "slo/parts/burns.html", context)


@requires(Permission.VIEW)
@require_safe
def days(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET /objectives/5/days/: the table behind the charts; fetched when somebody opens it."""
    context = {"days": contexts.days(queries.objective(objective_id))}
    return render(request, "slo/parts/days.html", context)


@requires(Permission.VIEW)
@require_safe
def causes(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET /objectives/5/causes/: who spent the budget; a piece of the page that is fetched."""
    context = {"spending": contexts.spending(objective_id, now=utc_now())}
    return render(request, "slo/parts/causes.html", context)


@requires(Permission.VIEW)
@require_safe
def counts(request: HttpRequest, objective_id: int) -> HttpResponse:
    """GET /objectives/5/counts.csv?by=minute: hours of the window, or the last minutes.

    Minutes are of 35 days at most, of a composite fewer: so many rows stay a few megabytes.
    """
    view, now = queries.objective(objective_id), floor_minute(utc_now())
    is_minutes = request.GET.get("by") == "minute"
    rows = _rows(view, now=now, is_minutes=is_minutes)
    writer = csv.writer(_Echo())
    lines = (writer.writerow(row) for row in (_HEAD, *rows))
    answer = HttpResponse("".join(lines), content_type="text/csv")
    width = "minutes" if is_minutes else "hours"
    answer["Content-Disposition"] = f'attachment; filename="{view.slug}-{width}.csv"'
    return answer


def _rows(view: queries.ObjectiveView, *, now: Any, is_minutes: bool) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - a time
    item = graphs.tracked_at(view.id, at=now)
    names = contexts.series_names(view)
    ids = [track.series_id for track in item.tracks]
    if is_minutes:
        since = max(item.over.since, now - _MINUTES_BACK / max(1, len(ids)))
        found = sums.minutes(ids, Bounds(floor_minute(since), now))
    else:
        found = graphs.hour_sums(ids, item.over)
    for number in ids:
        for at, tally in sorted(found[number].items()):
            yield (
                at.isoformat(),
                names.get(number, view.slug),
                f"{tally.good:g}",
                f"{tally.total:g}",
            )
