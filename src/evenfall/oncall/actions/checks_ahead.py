"""Mending what is wrong with the weeks to come."""

from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, queries
from evenfall.oncall.actions.overrides import add_override
from evenfall.oncall.logic.spec import OverrideKind

MOST_GAPS = 200
FALLBACK = "Fills a gap"


@transaction.atomic
def fill_gaps(*, rota_id: int, user_id: int, now: datetime, actor: str) -> list[int]:
    """Put somebody on call in every gap that begins in six weeks; return the ids of the overrides.

    They only add: where somebody else comes to be on call, nothing is taken from them. Of more
    than 200 gaps the first 200 are filled. Raises `NoGaps` and what `add_override` raises.
    """
    gaps = queries.gaps_ahead(rota_id, now=now)
    if not gaps:
        raise errors.NoGaps
    return [
        add_override(
            rota_id=rota_id,
            kind=OverrideKind.ADD,
            user_id=user_id,
            starts_at=gap.starts_at,
            ends_at=gap.ends_at,
            note=FALLBACK,
            now=now,
            actor=actor,
        )
        for gap in gaps[:MOST_GAPS]
    ]
