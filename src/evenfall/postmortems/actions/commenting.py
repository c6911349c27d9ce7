"""What people say about a post-mortem or one of its sections, and who hears of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.notifications.ports import Content
from evenfall.platform import markdown
from evenfall.platform.events import publish
from evenfall.postmortems import errors, events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.reminding import tell
from evenfall.postmortems.logic.mentions import Known, mentioned
from evenfall.postmortems.models import Comment, Postmortem, Section

MOST_COMMENT: Final = 10_000
_SHORT: Final = 200


@transaction.atomic
def add_comment(
    *, postmortem_id: int, text: str, section_id: int | None = None, now: datetime, actor: str
) -> int:
    """Say something about it or about a section (Markdown).

    Its owner hears of it, and whoever is named with “@name”. Raises PostmortemNotFound,
    SectionNotFound, TextMissing, TextTooLong.
    """
    said = loading.text_of(text, most=MOST_COMMENT).strip()
    if not said:
        raise errors.TextMissing(field="text")
    row = loading.lock(postmortem_id)
    section = _section(row, section_id)
    comment = Comment.objects.create(
        postmortem=row,
        section=section,
        actor=actor,
        text=said,
        html=markdown.to_html(said),
        written_at=now,
    )
    short = " ".join(said.split())[:_SHORT]
    told = _tell(row, comment, short, now)
    facts = loading.about(row, now=now, actor=actor)
    publish(events.Commented(**facts, text=short, section_id=section_id, user_ids=tuple(told)))
    return comment.pk


@transaction.atomic
def resolve_comment(
    *, postmortem_id: int, comment_id: int, is_resolved: bool = True, now: datetime, actor: str
) -> None:
    """Say that nothing is open about a comment any more, or that something is again.

    Raises PostmortemNotFound, CommentNotFound.
    """
    row = loading.lock(postmortem_id)
    comment = Comment.objects.filter(id=comment_id, postmortem=row).first()
    if comment is None:
        raise errors.CommentNotFound(comment_id=comment_id)
    if (comment.resolved_at is not None) == is_resolved:
        return
    comment.resolved_at, comment.resolved_by = (now, actor) if is_resolved else (None, "")
    comment.save(update_fields=["resolved_at", "resolved_by"])
    facts = loading.about(row, now=now, actor=actor)
    publish(events.CommentResolved(**facts, comment_id=comment_id, is_resolved=is_resolved))


def _section(row: Postmortem, section_id: int | None) -> Section | None:
    if section_id is None:
        return None
    section = Section.objects.filter(id=section_id, postmortem=row).first()
    if section is None:
        raise errors.SectionNotFound(section_id=section_id)
    return section


def _tell(row: Postmortem, comment: Comment, short: str, now: datetime) -> list[int]:
    """Each is told once; whoever wrote it is not."""
    people = {one.id: one for one in identity_queries.active_people()}
    known = {number: Known(one.name, one.email) for number, one in people.items()}
    named = mentioned(comment.text, known)
    owner = {one for one in people if one == row.owner_id}
    author = identity_queries.actor_names({comment.actor}).get(comment.actor, "Somebody")
    for listeners, words in ((named, "names you in a comment"), (owner - named, "comments")):
        to = {one for one in listeners if f"user:{one}" != comment.actor}
        tell(to, f"postmortem:{row.pk}", _content(row, comment, f"{author} {words}", short), now)
    return sorted(one for one in named | owner if f"user:{one}" != comment.actor)


def _content(row: Postmortem, comment: Comment, title: str, short: str) -> Content:
    return Content(
        title=f"{title}: {row.title}"[:_SHORT],
        lines=(short,),
        url=f"/postmortems/{row.pk}/#comment-{comment.pk}",
        tag=f"postmortem-{row.pk}",
    )


def tell_reviewers(row: Postmortem, to: Collection[int], now: datetime) -> None:
    """It waits for them."""
    content = Content(
        title=f"A post-mortem wants your review: {row.title}"[:_SHORT],
        lines=("Read it, say what you miss, then approve it or send it back.",),
        url=f"/postmortems/{row.pk}/",
        tag=f"postmortem-{row.pk}",
    )
    tell(to, f"postmortem:{row.pk}", content, now)
