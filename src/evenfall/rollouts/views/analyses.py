"""Pages of analyses: what was found in a rollout and why, and what is measured at a target."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import Struct

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.rollouts import actions, queries
from evenfall.rollouts.actions import Tried, Which
from evenfall.rollouts.contexts import managed_target
from evenfall.rollouts.forms import LimitsForm, MetricForm
from evenfall.rollouts.logic.analysis import presets, words
from evenfall.rollouts.logic.analysis.findings import Finding
from evenfall.rollouts.logic.analysis.judging import Label
from evenfall.rollouts.logic.analysis.settings import written, written_metric
from evenfall.rollouts.logic.verdicts import Outcome
from evenfall.rollouts.queries import AnalysisView, MetricView, RunView

_MARKS: Final = {
    Outcome.PASS: "verified",
    Outcome.NO_DATA: "unknown",
    Outcome.INCONCLUSIVE: "pending",
    Outcome.FAIL: "failed",
}


class Told(Struct, frozen=True, kw_only=True):
    """A finding with its words: `mark` is the badge, `test` what was done."""

    finding: Finding
    name: str
    test: str
    mark: str
    word: str
    numbers: tuple[words.Said, ...]


class MetricPanel(Struct, frozen=True, kw_only=True):
    """One metric as it is shown; `have` of `need` values are there."""

    view: MetricView
    told: Told | None
    label: str
    picture: queries.Picture
    have: int
    need: int


class RunPanel(Struct, frozen=True, kw_only=True):
    view: RunView
    mark: str
    word: str
    fast: list[Told]
    metrics: list[MetricPanel]


@requires(Permission.VIEW)
@require_safe
def of_rollout(request: HttpRequest, rollout_id: int) -> HttpResponse:
    """GET /rollouts/5/analysis/: what was measured, what it says, and what would change it."""
    found = queries.rollout(rollout_id)
    team = found.target.service.team_id
    context = {
        "rollout": found,
        "runs": [_run(one, is_baseline=found.plan.baseline) for one in queries.runs(rollout_id)],
        "chart": queries.failures_chart(found, now=utc_now()),
        "may_change": viewer_of(request).can(Permission.MANAGE, team_id=team),
    }
    return render(request, "rollouts/analysis.html", context)


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def of_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """GET /rollouts/places/3/analysis/: what is measured there; POST changes the limits."""
    target, known = queries.target(target_id), queries.analysis(target_id)
    viewer = viewer_of(request)
    form = LimitsForm(
        request.POST or None,
        initial=LimitsForm.initial_of(known),
        objectives=queries.burn_objectives(target.service.id, target.environment),
    )

    def save() -> int:
        document = form.said(written(known.settings))
        which = Which(target_id=target_id, version=form.cleaned_data["version"])
        return actions.set_analysis(which=which, wish=document, now=utc_now(), actor=viewer.actor)

    if request.method == "POST":
        viewer.check(Permission.MANAGE, team_id=target.service.team_id)
        if attempt(form, save):
            messages.success(request, "Saved. It counts from the next rollout on.")
            return redirect("rollouts:target_analysis", target_id)
    context = {
        "target": target,
        "known": known,
        "form": form,
        "presets": presets.PRESETS,
        "may_change": viewer.can(Permission.MANAGE, team_id=target.service.team_id),
    }
    status = 422 if form.errors else 200
    return render(request, "rollouts/analysis_target.html", context, status=status)


@requires(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def metric(request: HttpRequest, target_id: int) -> HttpResponse:
    """GET, POST /rollouts/places/3/analysis/metric/?name=Errors or ?preset=http_errors.

    POST saves it; with `try` it only asks for both sides and shows what came back.
    """
    viewer, target = managed_target(request, target_id)
    known, name = queries.analysis(target_id), request.GET.get("name", "")
    form = MetricForm(request.POST or None, initial=_initial(request, known, name))
    tried: list[Tried] | None = None

    def look() -> list[Tried]:
        wish = form.said(_kept(known, name))
        return actions.try_metric(target_id=target_id, wish=wish, now=utc_now())

    def save() -> int:
        return _save(form, known, name, viewer)

    if request.method == "POST" and "try" in request.POST:
        tried = attempt(form, look)
    elif request.method == "POST" and attempt(form, save) is not None:
        messages.success(request, "Saved. It counts from the next rollout on.")
        return redirect("rollouts:target_analysis", target_id)
    context = {
        "target": target,
        "form": form,
        "name": name,
        "tried": tried,
        "chart": queries.series_chart(*(one.points for one in tried)) if tried else None,
    }
    status = 422 if form.errors else 200
    return render(request, "rollouts/analysis_metric.html", context, status=status)


@requires(Permission.MANAGE)
@require_POST
def remove_metric(request: HttpRequest, target_id: int) -> HttpResponse:
    """POST /rollouts/places/3/analysis/remove/ with `name`."""
    viewer, _ = managed_target(request, target_id)
    which = Which(target_id=target_id, version=queries.analysis(target_id).version)
    name = request.POST.get("name", "")
    actions.remove_metric(which=which, name=name, now=utc_now(), actor=viewer.actor)
    messages.success(request, "It is measured no more, from the next rollout on.")
    return redirect("rollouts:target_analysis", target_id)


def _save(form: MetricForm, known: AnalysisView, name: str, viewer: Viewer) -> int:
    return actions.set_metric(
        which=Which(target_id=known.target_id, version=form.cleaned_data["version"]),
        known_as=name,
        wish=form.said(_kept(known, name)),
        now=utc_now(),
        actor=viewer.actor,
    )


def _initial(request: HttpRequest, known: AnalysisView, name: str) -> dict[str, Any]:
    """The metric as it is, or what the chosen preset says."""
    preset = presets.preset(request.GET.get("preset", ""))
    said = _kept(known, name) or (preset.said if preset else {})
    return MetricForm.initial_of(said, known.version)


def _kept(known: AnalysisView, name: str) -> dict[str, Any]:
    """The metric as it is kept, with what the form does not ask for too; {} for a new one."""
    found = (written_metric(one) for one in known.settings.metrics if one.name == name)
    return next(found, {})


def _run(view: RunView, *, is_baseline: bool) -> RunPanel:
    outcome = view.outcome or Outcome.NO_DATA
    return RunPanel(
        view=view,
        mark=_MARKS[outcome],
        word=words.OUTCOMES[outcome],
        fast=[_told(one) for one in view.fast],
        metrics=[_metric(one, is_baseline=is_baseline) for one in view.metrics],
    )


def _metric(view: MetricView, *, is_baseline: bool) -> MetricPanel:
    have, need = view.samples
    return MetricPanel(
        view=view,
        told=_told(view.finding) if view.finding else None,
        label=words.LABELS[Label(view.label)] if view.label else "",
        picture=queries.picture(view, is_baseline=is_baseline),
        have=min(have, need),
        need=need,
    )


def _told(finding: Finding) -> Told:
    return Told(
        finding=finding,
        name=words.LANES[finding.lane],
        test=words.TESTS[finding.lane],
        mark=_MARKS[finding.outcome],
        word=words.OUTCOMES[finding.outcome],
        numbers=words.numbers_said(finding),
    )
