"""Many pages for one person at once: after the first few, one digest a minute lists the rest.

Somebody's storm begins with the first page over the limit and lasts until a minute passed without
a digest: meanwhile nothing but digests comes. Nothing is dropped: a page that goes into a digest
is listed there, and its participation is stored with the digest as the reason why it had no
notice of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

LIMIT = 5
PERIOD = timedelta(minutes=1)


class Call(Struct, frozen=True, kw_only=True):
    """One person is to be notified about one page."""

    user_id: int
    page_id: int


class Split(Struct, frozen=True, kw_only=True):
    """Calls that get their own notices, and the pages that each person gets in a digest."""

    single: tuple[Call, ...]
    digests: Mapping[int, tuple[int, ...]]


def split(
    calls: Sequence[Call],
    *,
    recent: Mapping[int, int],
    in_storm: Collection[int] = (),
    limit: int = LIMIT,
) -> Split:
    """Keep the first `limit` calls of each person within PERIOD; gather the others by person.

    `recent` counts the calls a person had of their own during the last PERIOD, `in_storm` are
    those who get only digests for now. A single call over the limit becomes a digest of one: the
    rule stays the same for the reader.
    """
    used = {**recent, **dict.fromkeys(in_storm, limit)}
    single: list[Call] = []
    gathered: dict[int, list[int]] = {}
    for call in calls:
        if used.get(call.user_id, 0) < limit:
            used[call.user_id] = used.get(call.user_id, 0) + 1
            single.append(call)
        else:
            gathered.setdefault(call.user_id, []).append(call.page_id)
    digests = {user_id: tuple(page_ids) for user_id, page_ids in gathered.items()}
    return Split(single=tuple(single), digests=digests)


def is_storm(last_digest: datetime | None, *, now: datetime) -> bool:
    """Whether the digests of this person go on: one waits, or went out within a PERIOD."""
    return last_digest is not None and now < last_digest + PERIOD


def digest_starts_at(last_start: datetime | None, *, now: datetime) -> datetime:
    """When a digest may go out: at most one a PERIOD for each person.

    The answer equals `last_start` when that digest still waits: the pages join it.
    """
    if last_start is None or last_start + PERIOD <= now:
        return now
    return last_start if last_start > now else last_start + PERIOD
