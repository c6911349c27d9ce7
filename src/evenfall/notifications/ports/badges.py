"""The number on the icon of the app: told by the domain that knows what waits for a person."""

from collections.abc import Collection, Mapping
from typing import Protocol


class BadgeSource(Protocol):
    """How many things wait for each of these people; who is left out has none."""

    def __call__(self, user_ids: Collection[int]) -> Mapping[int, int]: ...


_sources: dict[str, BadgeSource] = {}


def register_badge(name: str, source: BadgeSource) -> None:
    """Let a domain above count what waits for people."""
    _sources[name] = source


def badges(user_ids: Collection[int]) -> dict[int, int]:
    """The number for each of these people; empty where nobody counts."""
    found: dict[int, int] = {}
    for source in _sources.values():
        counted = source(user_ids)
        found = {user_id: found.get(user_id, 0) + counted.get(user_id, 0) for user_id in user_ids}
    return found
