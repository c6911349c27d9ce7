"""What every action does first: wait for its turn, find, check."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import connection

from evenfall.identity import queries as identity_queries
from evenfall.patterns import errors
from evenfall.patterns.models import Pattern

MOST_TEXT: Final = 10_000
TITLE_LENGTH: Final = 200
_LOCK: Final = 0x5061_7474


def one_at_a_time() -> None:
    """Wait until nobody else puts incidents together; ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def lock(pattern_id: int) -> Pattern:
    """The pattern, after a wait for its turn. Raises PatternNotFound."""
    one_at_a_time()
    row = Pattern.objects.filter(id=pattern_id).first()
    if row is None:
        raise errors.PatternNotFound(pattern_id=pattern_id)
    return row


def about(row: Pattern, *, now: datetime, actor: str) -> dict[str, Any]:
    """The fields that all facts about a pattern share."""
    return {"pattern_id": row.pk, "title": row.title, "at": now, "actor": actor}


def active(user_ids: Collection[int]) -> list[int]:
    """Those of these people who can be told something, in this order."""
    people = identity_queries.people(user_ids)
    wanted = dict.fromkeys(user_ids)
    return [number for number in wanted if number in people and people[number].is_active]


def title_of(text: str) -> str:
    """One line. Raises TitleMissing."""
    title = " ".join(text.replace("\0", "").split())[:TITLE_LENGTH]
    if not title:
        raise errors.TitleMissing(field="title")
    return title


def text_of(text: str) -> str:
    return text.replace("\0", "").strip()[:MOST_TEXT]
