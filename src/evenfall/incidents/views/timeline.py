"""The timeline: one entry with what can be said about it, notes, images."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.actions.noting import IMAGE_SIZE, MOST_IMAGES
from evenfall.incidents.contexts import number_of, responder_of
from evenfall.incidents.forms import NoteForm, RemarkForm
from evenfall.incidents.logic.timeline import Source, key_of
from evenfall.incidents.logic.versions import difference
from evenfall.incidents.queries import NoteView, TimelineEntry
from evenfall.platform import files
from evenfall.platform.clock import utc_now
from evenfall.platform.files import Upload
from evenfall.platform.forms import attempt


@requires(Permission.VIEW)
@require_safe
def one(request: HttpRequest, incident_id: int, entry: str) -> HttpResponse:
    """GET /incidents/17/entries/note-5/: what was said about it, and what it said before."""
    return _entry_page(request, queries.timeline_entry(incident_id, entry, now=utc_now()))


@requires(Permission.RESPOND)
@require_POST
def pin(request: HttpRequest, incident_id: int, entry: str) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.pin_entry(
        incident_id=incident_id,
        entry=entry,
        pinned="unpin" not in request.POST,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id, entry, show=request.POST.get("show", ""))


@requires(Permission.RESPOND)
@require_POST
def remark(request: HttpRequest, incident_id: int, entry: str) -> HttpResponse:
    viewer, form = responder_of(request, incident_id), RemarkForm(request.POST)

    def save() -> bool:
        actions.annotate_entry(
            incident_id=incident_id,
            entry=entry,
            text=form.cleaned_data["remark"],
            now=utc_now(),
            actor=viewer.actor,
        )
        return True

    if attempt(form, save):
        return _back(incident_id, entry)
    return _entry_page(
        request, queries.timeline_entry(incident_id, entry, now=utc_now()), remark_form=form
    )


@requires(Permission.RESPOND)
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Write a note. What is refused comes back with the text, so that no word is lost."""
    viewer = responder_of(request, incident_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST":
        number = attempt(
            form,
            lambda: actions.add_note(
                incident_id=incident_id,
                user_id=viewer.user_id,
                images=_uploads(request),
                now=utc_now(),
                actor=viewer.actor,
                **form.cleaned_data,
            ),
        )
        if number is not None:
            return _back(incident_id, f"note-{number}")
    context = {"incident": queries.incident(incident_id), "form": form}
    return render(request, "incidents/note.html", context, status=422 if form.errors else 200)


@requires(Permission.RESPOND)
@require_POST
def correct(request: HttpRequest, incident_id: int, note_id: int) -> HttpResponse:
    """Correct the text or the time, and attach more images; one form does all of it."""
    viewer = responder_of(request, incident_id)
    note = queries.note(incident_id, note_id)
    form = NoteForm(request.POST, initial=_filled(note))
    by = {"incident_id": incident_id, "note_id": note_id, "actor": viewer.actor, "now": utc_now()}
    kept = attempt(form, lambda: _correct(request, form, by))
    if kept is not None:
        return _back(incident_id, f"note-{note_id}")
    shown = queries.timeline_entry(incident_id, f"note-{note_id}", now=utc_now())
    return _entry_page(request, shown, note_form=form)


@requires(Permission.RESPOND)
@require_POST
def strike(request: HttpRequest, incident_id: int, note_id: int) -> HttpResponse:
    viewer = responder_of(request, incident_id)
    actions.strike_note(
        incident_id=incident_id,
        note_id=note_id,
        struck="restore" not in request.POST,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _back(incident_id, f"note-{note_id}")


@requires(Permission.VIEW)
@require_safe
def image(request: HttpRequest, incident_id: int, image_id: int) -> HttpResponse:
    """GET /incidents/17/images/3/: the image itself."""
    return files.answer(request, queries.image(incident_id, image_id))


def _correct(request: HttpRequest, form: NoteForm, by: dict[str, Any]) -> bool:
    """A time that nobody touched keeps the seconds that its field does not show."""
    filled = form.cleaned_data
    happened_at = filled["happened_at"] if "happened_at" in form.changed_data else None
    images = _uploads(request)
    if images:
        actions.attach_images(**by, images=images)
    actions.correct_note(**by, text=filled["text"], happened_at=happened_at)
    return True


def _uploads(request: HttpRequest) -> list[Upload]:
    return files.uploads(request, "images", most=MOST_IMAGES, most_size=IMAGE_SIZE)


def _entry_page(
    request: HttpRequest,
    shown: TimelineEntry,
    *,
    note_form: NoteForm | None = None,
    remark_form: RemarkForm | None = None,
) -> HttpResponse:
    number = request.resolver_match.kwargs["incident_id"] if request.resolver_match else 0
    view = queries.incident(number)
    viewer = viewer_of(request)
    context = {
        "incident": view,
        "entry": shown,
        "may_respond": viewer.can(Permission.RESPOND, team_id=view.team_id),
        "versions": _versions(request, number, shown.note),
        "note_form": note_form or (NoteForm(initial=_filled(shown.note)) if shown.note else None),
        "remark_form": remark_form or RemarkForm(initial={"remark": shown.annotation}),
    }
    refused = bool((note_form and note_form.errors) or (remark_form and remark_form.errors))
    return render(request, "incidents/entry.html", context, status=422 if refused else 200)


def _versions(
    request: HttpRequest, incident_id: int, note: NoteView | None
) -> Sequence[dict[str, Any]]:
    """Every version with its number; the one that the address asks for with what it changed."""
    if note is None or note.corrected_at is None:
        return []
    found = queries.note_versions(incident_id, note.id)
    asked = number_of(request.GET.get("version"))
    numbered = list(enumerate(reversed(found), start=1))
    return [
        {
            "number": number,
            "version": one,
            "pieces": difference(numbered[number - 2][1].text, one.text)
            if asked == number and number > 1
            else None,
        }
        for number, one in reversed(numbered)
    ]


def _filled(note: NoteView) -> dict[str, Any]:
    return {"text": note.text, "happened_at": note.happened_at}


def _back(incident_id: int, key: str, show: str = "") -> HttpResponse:
    answer = redirect("incidents:incident", incident_id)
    query = f"?show={show}" if show.isalpha() and show.isascii() else ""
    answer["Location"] += f"{query}#{key if key_of(key) else Source.FACT}"
    return answer
