"""When a copy is made again, and what of it has to be stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(minutes=10)
SHORTEST_ROUND: Final = timedelta(minutes=1)
LEASE: Final = timedelta(seconds=90)
"""How long one writer may take; longer than all its time limits together."""


def next_round(stale_minutes: int, *, now: datetime) -> datetime:
    """When to store a copy although nothing changed: three times within its limit of age.

    So one failed round does not make readers see a warning.
    """
    return now + max(SHORTEST_ROUND, timedelta(minutes=stale_minutes) / 3)


def next_try(failures: int, *, now: datetime) -> datetime:
    """When to try again after so many failures in a row; pauses double up to ten minutes."""
    doubled = FIRST_PAUSE * (1 << min(failures - 1, 10))
    return now + min(doubled, LONGEST_PAUSE)


def to_store(
    names: Sequence[str], digests: Mapping[str, str], stored: Mapping[str, str]
) -> list[str]:
    """The names whose files are not stored as they are now, in the order given.

    The last one, the index, is stored whenever anything is: it tells readers of the rest.
    """
    changed = [name for name in names if stored.get(name) != digests[name]]
    last = names[-1]
    return changed if not changed or changed[-1] == last else [*changed, last]
