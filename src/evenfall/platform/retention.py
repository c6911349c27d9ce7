"""Old rows go in small steps along the primary key: no long lock, no index of its own.

Ids grow with time, so a walk from the smallest id meets everything old first and may stop at the
first step that holds nothing but young rows. A step that fails is simply taken again.
"""

from collections.abc import Callable

from msgspec import Struct

AT_ONCE = 1000


class Step(Struct, frozen=True):
    """`deleted` rows went; the walk goes on behind `last_id`, None when nothing old is left."""

    deleted: int
    last_id: int | None


def walk(step: Callable[[int], Step]) -> int:
    """Take steps until one says that it is over; each gets the id to go on behind."""
    deleted, after_id = 0, 0
    while True:
        taken = step(after_id)
        deleted += taken.deleted
        if taken.last_id is None:
            return deleted
        after_id = taken.last_id
