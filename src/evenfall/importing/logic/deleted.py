"""What was deleted in the other tool since it was imported, as far as an export can prove it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from evenfall.importing.logic.drafts import Held


def is_gone(user_id: int, starts_at: datetime, ends_at: datetime, theirs: Sequence[Held]) -> bool:
    """Whether the other tool itself says that this person does not have all of the stretch.

    `theirs` is who is on call there. Before its first span and after its last one it was not asked,
    so nothing follows from silence: an export of four weeks says nothing about the fifth.
    """
    if not theirs or not _is_spoken_of(starts_at, ends_at, theirs):
        return False
    mine = (held for held in theirs if held.person == user_id)
    parts = (min(held.ends_at, ends_at) - max(held.starts_at, starts_at) for held in mine)
    return sum((part for part in parts if part > timedelta()), timedelta()) < ends_at - starts_at


def _is_spoken_of(starts_at: datetime, ends_at: datetime, theirs: Sequence[Held]) -> bool:
    first = min(held.starts_at for held in theirs)
    return first <= starts_at and ends_at <= max(held.ends_at for held in theirs)
