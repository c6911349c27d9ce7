"""One release: its stages as a track, the gates, and what people do with it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import markdown
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import Conflict, Invalid, NotFound
from evenfall.releases import actions, ports, queries
from evenfall.releases.actions import Evidence, Outcome
from evenfall.releases.contexts import keeper_of_passage, signer_of
from evenfall.releases.forms import KIND_WORDS, DowntimeForm, ExceptionForm
from evenfall.releases.logic.gates import TITLES
from evenfall.releases.logic.gates.approvals import groups_of
from evenfall.releases.logic.states import RUNNING, State
from evenfall.releases.queries import Answer, PassageView, ReleaseView

STEPS = {
    "begin": "Begin the deploy",
    "anyway": "It is deployed anyway",
    "deployed": "It is deployed",
    "proven": "The watch is over",
    "failed": "It failed",
    "rolled_back": "It was rolled back",
    "cancel": "Do not go there",
    "again": "Try again",
}
_OFFERED = {
    State.PLANNED: ("begin", "anyway", "cancel"),
    State.GATED: ("begin", "anyway", "cancel"),
    State.APPROVED: ("begin", "cancel"),
    State.DEPLOYING: ("deployed", "failed"),
    State.DEPLOYED: ("proven", "rolled_back", "failed"),
    State.PROVEN: ("rolled_back", "again"),
    State.FAILED: ("again", "rolled_back"),
    State.ROLLED_BACK: ("again",),
    State.CANCELLED: ("again",),
}
_WANT_REASON = frozenset({"failed", "rolled_back", "cancel"})


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, release_id: int) -> HttpResponse:
    """GET /releases/5/?passage=9; with `part=beside` only what is fetched by the page."""
    passage = request.GET.get("passage", "")
    if request.GET.get("part") == "beside":
        return _beside(request, release_id, passage)
    return page(request, release_id, passage)


def page(
    request: HttpRequest, release_id: int, passage: str, refused: ExceptionForm | None = None
) -> HttpResponse:
    """The page of a release; with an exception that was refused, as it was asked for."""
    view, viewer, now = queries.release(release_id), viewer_of(request), utc_now()
    track = newest(queries.passages_of(release_id))
    shown = chosen(track, passage)
    context: dict[str, Any] = {
        "release": view,
        "kind": KIND_WORDS[view.kind],
        "notes": markdown.to_html(view.notes),
        "track": track,
        "shown": shown,
        "beside_url": f"?passage={shown.id if shown else ''}&part=beside",
        "stopped": queries.stopped([view.service_id]).get(view.service_id),
        "exceptions": [(one, one.state(now)) for one in queries.exceptions_of_release(release_id)],
        "train": queries.train(view.train_id, now=now) if view.train_id else None,
        "may_act": viewer.can(Permission.RESPOND, team_id=view.team_id),
        "may_sign_exceptions": viewer.can(Permission.MANAGE, team_id=view.team_id),
        "viewer_id": viewer.user_id,
    }
    if shown is not None:
        context |= _shown(view, shown, viewer)
    if refused is not None:
        context |= {"exception_form": refused, "asks_exception": True}
    return render(request, "releases/one.html", context, status=422 if refused else 200)


def _beside(request: HttpRequest, release_id: int, passage: str) -> HttpResponse:
    """What else is known of a release: its rollout, downtime, what happened."""
    view, viewer, now = queries.release(release_id), viewer_of(request), utc_now()
    shown = chosen(newest(queries.passages_of(release_id)), passage)
    context: dict[str, Any] = {
        "shown": shown,
        "story": queries.story(release_id),
        "may_act": viewer.can(Permission.RESPOND, team_id=view.team_id),
    }
    if shown is not None:
        planned = {"starts_at": shown.planned_at, "minutes": shown.planned_downtime_minutes}
        context |= {
            "panels": ports.panels.read(shown, viewer),
            "downtime": queries.downtime(shown, now=now),
            "downtime_form": DowntimeForm(windows=_windows(shown), initial=planned),
        }
    return render(request, "releases/parts/beside.html", context)


@requires(Permission.RESPOND)
@require_POST
def step(request: HttpRequest, passage_id: int) -> HttpResponse:
    """POST /passages/9/steps/ with `step` and, where it is asked for, `reason`."""
    viewer, wanted = keeper_of_passage(request, passage_id), request.POST.get("step", "")
    if wanted not in STEPS:
        raise Http404
    reason = request.POST.get("reason", "")
    return back(request, passage_id, lambda: _step(passage_id, wanted, reason, viewer))


@requires(Permission.RESPOND)
@require_POST
def sign(request: HttpRequest, passage_id: int) -> HttpResponse:
    """POST /passages/9/sign-off/ with `word`: yes, no or back; and `comment`."""
    viewer, word = signer_of(request, passage_id), request.POST.get("word", "")
    if word not in {"yes", "no", "back"}:
        raise Http404
    by: dict[str, Any] = {
        "passage_id": passage_id,
        "user_id": viewer.user_id,
        "now": utc_now(),
        "actor": viewer.actor,
    }

    def save() -> None:
        if word == "back":
            actions.take_back(**by)
        else:
            comment = request.POST.get("comment", "")
            actions.sign_off(is_yes=word == "yes", comment=comment, **by)

    return back(request, passage_id, save)


@requires(Permission.RESPOND)
@require_POST
def tick(request: HttpRequest, passage_id: int) -> HttpResponse:
    """POST /passages/9/checklist/ with `item`, `done`, `text` and `link`."""
    viewer, posted = keeper_of_passage(request, passage_id), request.POST
    return back(
        request,
        passage_id,
        lambda: actions.tick(
            passage_id=passage_id,
            item=posted.get("item", ""),
            is_done=posted.get("done") == "1",
            evidence=Evidence(text=posted.get("text", ""), link=posted.get("link", "")),
            now=utc_now(),
            actor=viewer.actor,
        ),
    )


@requires(Permission.RESPOND)
@require_POST
def plan_downtime(request: HttpRequest, passage_id: int) -> HttpResponse:
    """POST /passages/9/downtime/ with `starts_at` and `minutes`, or `maintenance`."""
    viewer = keeper_of_passage(request, passage_id)
    form = DowntimeForm(request.POST, windows=_windows(queries.passage(passage_id)))
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(address(passage_id))
    return back(
        request,
        passage_id,
        lambda: actions.plan_downtime(
            passage_id=passage_id, wish=form.wish(), now=utc_now(), actor=viewer.actor
        ),
    )


def _windows(passage: PassageView) -> list[tuple[int, str]]:
    """The announced maintenance windows to choose from."""
    return [(one.id, one.name) for one in queries.announced(passage.service_id, now=utc_now())]


def newest(passages: Sequence[PassageView]) -> list[PassageView]:
    """The last try of each stage, in the order of the stages."""
    return list({view.stage: view for view in passages}.values())


def chosen(track: Sequence[PassageView], text: str) -> PassageView | None:
    """The one asked for, else the first that does not run yet, else the last."""
    asked = next((view for view in track if str(view.id) == text), None)
    waiting = next((view for view in track if view.state not in RUNNING), None)
    return asked or waiting or (track[-1] if track else None)


def back(request: HttpRequest, passage_id: int, act: Callable[[], object]) -> HttpResponse:
    """Back to the page; what was refused is said at the top of it."""
    try:
        act()
    except (Conflict, Invalid, NotFound) as error:
        messages.error(request, error.message)
    return redirect(address(passage_id))


def address(passage_id: int) -> str:
    """The page of a release with this passage open. Raises PassageNotFound."""
    view = queries.passage(passage_id)
    return reverse("releases:one", args=[view.release_id], query={"passage": passage_id})


def _shown(view: ReleaseView, shown: PassageView, viewer: Viewer) -> dict[str, Any]:
    """What the page says of the passage that is open."""
    answer = queries.answer(shown.id, now=utc_now())
    results = answer.results if shown.is_waiting else queries.kept_answers(shown.id)
    mine = next((one for one in answer.facts.sign_offs if one.user_id == viewer.user_id), None)
    gates = [(_title(one), one, _word(one)) for one in results]
    return {
        "verdict": answer.verdict if shown.is_waiting else shown.verdict,
        "gates": gates,
        "answer": answer,
        "sign_offs": answer.facts.sign_offs,
        "groups": [
            (answer.facts.teams.get(g.team_id, ""), g.need) for g in groups_of(answer.facts)
        ],
        "my_word": mine,
        "may_sign": shown.is_waiting and _may_sign(view, answer, viewer),
        "checklist": [
            (item, answer.facts.ticks.get(item.key)) for item in answer.facts.rules.checklist
        ],
        "results": sorted(answer.facts.results.items()),
        "steps": [(one, STEPS[one], one in _WANT_REASON) for one in _OFFERED[shown.state]],
        "asks_exception": shown.is_waiting and bool(answer.closed),
    }


def _may_sign(view: ReleaseView, answer: Answer, viewer: Viewer) -> bool:
    asked = [group.team_id for group in groups_of(answer.facts)]
    is_mine = view.author_id == viewer.user_id
    return not is_mine and any(
        one in viewer.team_roles and viewer.can(Permission.RESPOND, team_id=one) for one in asked
    )


def _title(one: Any) -> str:  # noqa: ANN401 - an answer, fresh or kept
    return TITLES.get(_field(one, "name"), "")


def _word(one: Any) -> str:  # noqa: ANN401 - an answer, fresh or kept
    return "exception" if _field(one, "exception") else str(_field(one, "verdict"))


def _field(one: Any, name: str) -> Any:  # noqa: ANN401 - an answer, fresh or kept
    return one[name] if isinstance(one, dict) else getattr(one, name)


def _step(passage_id: int, wanted: str, reason: str, viewer: Viewer) -> None:
    by: dict[str, Any] = {"passage_id": passage_id, "now": utc_now(), "actor": viewer.actor}
    if wanted in {"begin", "anyway"}:
        actions.begin_deploy(observed=wanted == "anyway", **by)
    elif wanted == "cancel":
        actions.cancel_passage(reason=reason, **by)
    elif wanted == "proven":
        actions.mark_proven(**by)
    elif wanted == "rolled_back":
        actions.mark_rolled_back(reason=reason, **by)
    elif wanted == "failed":
        actions.mark_failed(reason=reason, **by)
    elif wanted == "deployed":
        actions.finish_deploy(outcome=Outcome.DEPLOYED, **by)
    else:
        view = queries.passage(passage_id)
        actions.plan_passage(
            release_id=view.release_id, stage=view.stage, now=utc_now(), actor=viewer.actor
        )
