"""Another way to the same person, at once, when one way turned out to be closed."""

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

PREFERENCE: Final = (
    "webpush",
    "pushover",
    "ntfy",
    "unifiedpush",
    "sms",
    "voice",
    "slack",
    "telegram",
    "mattermost",
    "teams",
    "email",
    "apprise",
    "webhook",
)


class Way(Struct, frozen=True, kw_only=True):
    contact_method_id: int
    kind: str
    is_primary: bool = False


def _rank(way: Way) -> tuple[int, bool, int]:
    known = PREFERENCE.index(way.kind) if way.kind in PREFERENCE else len(PREFERENCE)
    return known, not way.is_primary, way.contact_method_id


def another_way(ways: Sequence[Way], *, tried: Collection[int]) -> Way | None:
    """The best working contact method that this message has not used yet; None when all have.

    `tried` are the ids of contact methods that already have a notice for the same subject,
    whatever became of it: one that is planned for later keeps its place in the person's rules.
    """
    return min((way for way in ways if way.contact_method_id not in tried), key=_rank, default=None)
