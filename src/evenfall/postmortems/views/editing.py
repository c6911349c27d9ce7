"""Writing a section: its text, private hints, a clash with somebody else, its history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.postmortems import actions, errors, queries
from evenfall.postmortems.contexts import uploads_of, writer_of
from evenfall.postmortems.forms import SectionForm

_HINTS = "postmortems/parts/hints.html"
_MOST = 100_000


@requires(Permission.RESPOND)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, postmortem_id: int, section_id: int) -> HttpResponse:
    """GET, POST /postmortems/5/sections/9/: edit; who comes late sees both texts.

    Files that come along are attached, and the text ends with what shows them, whatever button
    was pressed: a preview draws them too.
    """
    viewer = writer_of(request, postmortem_id)
    found = queries.section(postmortem_id, section_id)
    sent = request.POST if request.method == "POST" else None
    form = SectionForm(sent, initial={"text": found.text, "version": found.version})
    if sent is not None and request.FILES:
        form = attempt(form, lambda: _with_files(request, form, postmortem_id)) or form

    def save() -> HttpResponse:
        said = form.cleaned_data
        try:
            actions.save_section(
                postmortem_id=postmortem_id,
                section_id=section_id,
                text=said["text"],
                version=said["version"],
                now=utc_now(),
                actor=viewer.actor,
            )
        except errors.SectionChanged:
            return _clash(request, form, postmortem_id, section_id)
        answer = redirect("postmortems:one", postmortem_id)
        answer["Location"] += f"#section-{section_id}"
        return answer

    wants_save = sent is not None and not {"check", "preview"} & sent.keys()
    if wants_save and not form.errors and (answer := attempt(form, save)) is not None:
        return answer
    return _page(request, form, viewer, postmortem_id, section_id)


@requires(Permission.RESPOND)
@never_cache
@require_POST
def hints(request: HttpRequest, postmortem_id: int, section_id: int) -> HttpResponse:
    """POST …/hints/: help with the words, for the writer alone. Nothing is stored."""
    viewer = writer_of(request, postmortem_id)
    text = request.POST.get("text", "")[:_MOST]
    found = queries.section_hints(postmortem_id, section_id, text, user_id=viewer.user_id)
    view = queries.section(postmortem_id, section_id)
    return render(request, _HINTS, {"hints": found, "section": view})


@requires(Permission.VIEW)
@require_safe
def versions(request: HttpRequest, postmortem_id: int, section_id: int) -> HttpResponse:
    """GET …/versions/: every saved text with what it changed."""
    context = {
        "section": queries.section(postmortem_id, section_id),
        "postmortem": queries.postmortem(postmortem_id),
        "versions": queries.versions(postmortem_id, section_id),
    }
    return render(request, "postmortems/versions.html", context)


@requires(Permission.RESPOND)
@require_POST
def mute(request: HttpRequest, postmortem_id: int, section_id: int) -> HttpResponse:
    """POST …/mute/: say nothing about a word any more, or about all of them again."""
    queries.section(postmortem_id, section_id)
    viewer = viewer_of(request)
    if "all" in request.POST:
        actions.unmute_words(user_id=viewer.user_id)
    else:
        actions.mute_word(user_id=viewer.user_id, word=request.POST.get("word", ""))
    return redirect("postmortems:section", postmortem_id, section_id)


def _with_files(request: HttpRequest, form: SectionForm, postmortem_id: int) -> SectionForm:
    """Attach the files that came, and return the form with the text that shows them."""
    viewer, said = viewer_of(request), form.cleaned_data
    numbers = actions.attach_files(
        postmortem_id=postmortem_id,
        files=uploads_of(request),
        now=utc_now(),
        actor=viewer.actor,
    )
    kept = {one.id: one.mark for one in queries.attachments(postmortem_id)}
    marks = [kept[number] for number in numbers if kept[number] not in said["text"]]
    text = "\n\n".join(filter(None, [said["text"].rstrip(), *marks]))
    return SectionForm({"text": text, "version": said["version"]})


def _clash(
    request: HttpRequest, form: SectionForm, postmortem_id: int, section_id: int
) -> HttpResponse:
    said = form.cleaned_data
    found = queries.clash(postmortem_id, section_id, mine=said["text"], version=said["version"])
    merged = SectionForm(initial={"text": found.proposal, "version": found.section.version})
    context = {
        "clash": found,
        "form": merged,
        "section": found.section,
        "postmortem": queries.postmortem(postmortem_id),
    }
    return render(request, "postmortems/clash.html", context, status=409)


def _page(
    request: HttpRequest, form: SectionForm, viewer: Viewer, postmortem_id: int, section_id: int
) -> HttpResponse:
    text = str(form["text"].value() or "")[:_MOST]
    kept = [one for one in queries.attachments(postmortem_id) if one.removed_at is None]
    context = {
        "form": form,
        "section": queries.section(postmortem_id, section_id),
        "postmortem": queries.postmortem(postmortem_id),
        "hints": queries.section_hints(postmortem_id, section_id, text, user_id=viewer.user_id),
        "muted": sorted(queries.muted_words(viewer.user_id)),
        "preview": queries.preview(text, postmortem_id=postmortem_id)
        if "preview" in request.POST
        else None,
        "attachments": kept,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "postmortems/section.html", context, status=status)
