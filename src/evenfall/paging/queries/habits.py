"""How people want to be reached, and how much they were reached lately: read once for a batch."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection
from msgspec import Struct

from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.queries.rules import with_defaults


class Habits(Struct, frozen=True, kw_only=True):
    """`calls` are those with a notice of their own; `last_digest` may still wait to go out."""

    rules: tuple[PersonRule, ...]
    calls: int
    last_digest: datetime | None


# By hand and in one go, since it is on the way of every page.
_HABITS: Final = """
SELECT paged.id,
       (SELECT count(*) FROM paging_participation
         WHERE user_id = paged.id AND at > %(since)s AND digest_id IS NULL AND is_reachable),
       (SELECT max(starts_at) FROM paging_digest WHERE user_id = paged.id),
       (SELECT coalesce(json_agg(json_build_object(
                   'urgency', urgency, 'kind', kind, 'delay_minutes', delay_minutes,
                   'hours', hours, 'team_id', team_id) ORDER BY urgency, position), '[]')::text
          FROM paging_personal_rule WHERE user_id = paged.id)
  FROM unnest(%(people)s::bigint[]) AS paged (id)
"""
_RULES: Final = msgspec.json.Decoder(tuple[PersonRule, ...])


def habits_of(
    user_ids: Collection[int], *, kinds: Mapping[int, Collection[str]], since: datetime
) -> dict[int, Habits]:
    """The rules of each person, as `rules_of`, and the calls they got after the instant."""
    if not user_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HABITS, {"people": list(user_ids), "since": since})
        return {
            user_id: Habits(
                rules=with_defaults(_RULES.decode(rules), kinds.get(user_id, ())),
                calls=calls,
                last_digest=last,
            )
            for user_id, calls, last, rules in cursor.fetchall()
        }
