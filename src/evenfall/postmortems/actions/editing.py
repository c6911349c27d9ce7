"""Writing: sections, templates, and which words one does not want to hear about."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from evenfall.platform.events import publish
from evenfall.postmortems import errors, events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.logic import merging
from evenfall.postmortems.logic import templates as logic
from evenfall.postmortems.logic.templates import Kind
from evenfall.postmortems.models import MutedWord, SectionVersion, TemplateText

MOST_MUTED: Final = 200
_WORD: Final = 80


@transaction.atomic
def save_section(
    *, postmortem_id: int, section_id: int, text: str, version: int, now: datetime, actor: str
) -> int:
    """Save a section and return its new version; the same text again changes nothing.

    `version` is what the writer started from. Locks the post-mortem. Raises SectionChanged where
    somebody saved meanwhile, NotEditable, SectionNotFound, MarksLeft, TextTooLong.
    """
    wanted = loading.text_of(text)
    if merging.has_marks(wanted):
        raise errors.MarksLeft(field="text")
    section = loading.lock_section(postmortem_id, section_id)
    if wanted == section.text:
        return section.version
    if version != section.version:
        raise errors.SectionChanged(version=version, latest=section.version)
    section.text, section.version = wanted, section.version + 1
    section.save(update_fields=["text", "version"])
    SectionVersion.objects.create(
        section=section, number=section.version, text=wanted, actor=actor, saved_at=now
    )
    publish(
        events.SectionSaved(
            **loading.about(section.postmortem, now=now, actor=actor),
            section_id=section.pk,
            title=section.title,
            version=section.version,
        )
    )
    return section.version


@transaction.atomic
def save_template(*, kind: str, text: str, now: datetime, actor: str) -> int:
    """Save a template and return its number. What was made from it before stays as it is.

    Raises TemplateNotFound, TemplateWrong, TextTooLong.
    """
    if kind not in set(Kind):
        raise errors.TemplateNotFound(kind=kind[:20])
    wanted = loading.text_of(text)
    if found := logic.problems(wanted):
        raise errors.TemplateWrong(field="text", problems=" ".join(found))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"template:{kind}"])
    last = TemplateText.objects.filter(kind=kind).order_by("-number").first()
    if last is not None and last.text == wanted:
        return last.number
    number = 1 if last is None else last.number + 1
    TemplateText.objects.create(kind=kind, number=number, text=wanted, actor=actor, saved_at=now)
    publish(events.TemplateSaved(template=kind, number=number, at=now, actor=actor))
    return number


@transaction.atomic
def mute_word(*, user_id: int, word: str) -> None:
    """Say nothing about this word to this person any more; 200 words are the most."""
    wanted = loading.text_of(word, most=10_000).strip()[:_WORD]
    if wanted and MutedWord.objects.filter(user_id=user_id).count() < MOST_MUTED:
        MutedWord.objects.get_or_create(user_id=user_id, word=wanted)


def unmute_words(*, user_id: int) -> None:
    """Hear about all words again."""
    MutedWord.objects.filter(user_id=user_id).delete()
