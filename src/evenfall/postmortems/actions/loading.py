"""What every action does first: find, lock, check."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from evenfall.identity import queries as identity_queries
from evenfall.postmortems import errors
from evenfall.postmortems.logic.states import EDITABLE
from evenfall.postmortems.models import Action, Postmortem, Section
from evenfall.postmortems.queries.sight import seen

MOST_TEXT = 100_000
_LINK_LENGTH = 500
_LOCK_SPACE = 0x506F


def lock(postmortem_id: int) -> Postmortem:
    """The row, locked. Raises PostmortemNotFound."""
    rows = seen(Postmortem.objects.filter(id=postmortem_id))
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise errors.PostmortemNotFound(postmortem_id=postmortem_id)
    return row


def lock_section(postmortem_id: int, section_id: int) -> Section:
    """The row, locked together with its post-mortem. Raises SectionNotFound, NotEditable."""
    row = lock(postmortem_id)
    if row.state not in EDITABLE:
        raise errors.NotEditable(postmortem_id=postmortem_id, state=row.state.replace("_", " "))
    section = Section.objects.filter(id=section_id, postmortem=row).first()
    if section is None:
        raise errors.SectionNotFound(section_id=section_id)
    section.postmortem = row
    return section


def lock_action(action_id: int) -> Action:
    """The row, locked. Raises ActionNotFound."""
    rows = Action.objects.select_for_update(of=("self",)).select_related("postmortem")
    row = seen(rows.filter(id=action_id), "postmortem__incident_id").first()
    if row is None:
        raise errors.ActionNotFound(action_id=action_id)
    return row


def one_at_a_time(incident_id: int) -> None:
    """Wait until nobody else starts the post-mortem of this incident; ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, incident_id % 2**31])


def about(row: Postmortem, *, now: datetime, actor: str) -> dict[str, Any]:
    """The fields that all facts about a post-mortem share."""
    return {"postmortem_id": row.pk, "incident_id": row.incident_id, "at": now, "actor": actor}


def about_action(row: Action, *, now: datetime, actor: str) -> dict[str, Any]:
    return {
        **about(row.postmortem, now=now, actor=actor),
        "action_id": row.pk,
        "title": row.title,
    }


def is_active(user_id: int) -> bool:
    person = identity_queries.people([user_id]).get(user_id)
    return person is not None and person.is_active


def check_active(user_ids: Collection[int], *, field: str = "owner_id") -> None:
    """Raises OwnerNotActive unless all of them are active people."""
    people = identity_queries.people(user_ids)
    if not all(number in people and people[number].is_active for number in user_ids):
        raise errors.OwnerNotActive(field=field)


def text_of(text: str, *, most: int = MOST_TEXT) -> str:
    """The text as it is kept: one kind of line end, no NUL. Raises TextTooLong."""
    clean = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if len(clean) > most:
        raise errors.TextTooLong(field="text", most=most)
    return clean


def link_of(url: str, *, field: str) -> str:
    """The address, or "" for none. Raises LinkWrong."""
    clean = url.strip()
    is_web = clean.startswith(("https://", "http://")) and not any(map(str.isspace, clean))
    if clean and (not is_web or "\0" in clean or len(clean) > _LINK_LENGTH):
        raise errors.LinkWrong(field=field)
    return clean
