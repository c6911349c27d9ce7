"""Starting a post-mortem, its steps, its people, its words, what others say about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.contexts import (
    commenter_of,
    hinted,
    mover_of,
    number_of,
    starter_of,
    writer_of,
)
from evenfall.postmortems.forms import PeopleForm, WordsForm
from evenfall.postmortems.logic.states import Step


@requires(Permission.RESPOND)
@require_POST
def start(request: HttpRequest, incident_id: int) -> HttpResponse:
    """POST /incidents/17/postmortem/: make the draft, and lead to it or to the one there is."""
    viewer = starter_of(request, incident_id)
    known = queries.postmortem_of(incident_id)
    if known is not None:
        return redirect("postmortems:one", known.id)
    number = actions.start_postmortem(
        incident_id=incident_id, owner_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    messages.success(request, "Here is the draft. Facts are filled in; the rest is yours.")
    return redirect("postmortems:one", number)


@requires(Permission.RESPOND)
@require_POST
def move(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """POST /postmortems/5/steps/: take a step, or say why it is not possible."""
    wanted = request.POST.get("step", "")
    if wanted not in set(Step):
        raise Http404
    viewer, doer = mover_of(request, postmortem_id, Step(wanted))
    try:
        actions.move_postmortem(
            postmortem_id=postmortem_id,
            step=Step(wanted),
            doer=doer,
            reason=request.POST.get("reason", ""),
            is_public="is_public" in request.POST,
            now=utc_now(),
            actor=viewer.actor,
        )
    except errors.StepNotPossible as error:
        messages.error(request, error.message)
    return redirect("postmortems:one", postmortem_id)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET, POST /postmortems/5/people/: owner and reviewers."""
    viewer = writer_of(request, postmortem_id)
    view = queries.postmortem(postmortem_id)
    form = PeopleForm(
        request.POST or None,
        people=identity_queries.active_people(),
        initial={
            "owner_id": view.owner.id if view.owner else None,
            "reviewer_ids": [one.id for one in view.reviewers],
        },
    )

    def save() -> bool:
        said = form.cleaned_data
        actions.set_people(
            postmortem_id=postmortem_id,
            owner_id=said["owner_id"],
            reviewer_ids=said["reviewer_ids"],
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if request.method == "POST" and attempt(form, save):
        return redirect("postmortems:one", postmortem_id)
    context = {"form": form, "postmortem": view, "title": "Owner and reviewers"}
    return _form(request, context)


@requires(Permission.RESPOND)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """GET, POST /postmortems/5/words/: tags and contributing factors."""
    viewer = writer_of(request, postmortem_id)
    view = queries.postmortem(postmortem_id)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        initial={"tags": ", ".join(view.tags), "factors": "\n".join(view.factors)},
    )

    def save() -> bool:
        actions.set_tags_and_factors(
            postmortem_id=postmortem_id,
            tags=form.tag_list(),
            factor_names=form.factor_list(),
            now=utc_now(),
            actor=viewer.actor,
        )
        named = queries.postmortem(postmortem_id).factors
        hinted(request, queries.factor_hints(named, user_id=viewer.user_id))
        return True

    if request.method == "POST" and attempt(form, save):
        return redirect("postmortems:one", postmortem_id)
    alike = {name: queries.similar_factors(name) for name in view.factors}
    context = {
        "form": form,
        "postmortem": view,
        "title": "Tags and factors",
        "alike": {name: near for name, near in alike.items() if near},
        "known": queries.factor_names()[:30],
    }
    return _form(request, context)


@requires(Permission.FOLLOW)
@require_POST
def comment(request: HttpRequest, postmortem_id: int) -> HttpResponse:
    """POST /postmortems/5/comments/: whoever reads it may say something."""
    viewer = commenter_of(request, postmortem_id)
    section_id = number_of(request.POST.get("section_id", ""))
    actions.add_comment(
        postmortem_id=postmortem_id,
        text=request.POST.get("text", ""),
        section_id=section_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    answer = redirect("postmortems:one", postmortem_id)
    answer["Location"] += "#comments" if section_id is None else f"#section-{section_id}"
    return answer


@requires(Permission.FOLLOW)
@require_POST
def resolve(request: HttpRequest, postmortem_id: int, comment_id: int) -> HttpResponse:
    """POST /postmortems/5/comments/7/: nothing is open about it any more, or something is again."""
    viewer = commenter_of(request, postmortem_id)
    actions.resolve_comment(
        postmortem_id=postmortem_id,
        comment_id=comment_id,
        is_resolved="again" not in request.POST,
        now=utc_now(),
        actor=viewer.actor,
    )
    answer = redirect("postmortems:one", postmortem_id)
    answer["Location"] += f"#comment-{comment_id}"
    return answer


def _form(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    status = 422 if getattr(form, "errors", None) else 200
    return render(request, "postmortems/form.html", context, status=status)
