"""The name of a release, as those who report changes write it."""

from collections.abc import Mapping
from typing import Any, Final

NAME_LENGTH: Final = 80
_KEYS: Final = ("release", "version", "tag", "build")


def release_name(service: str, details: Mapping[str, Any], external_id: str) -> str:
    """What a deploy of this service calls itself ("checkout 1.4.2"); "" where it has no name."""
    named = (details.get(key) for key in _KEYS)
    found = next((str(one) for one in named if isinstance(one, str | int) and str(one)), "")
    plain = " ".join((found or external_id).split())
    return f"{service} {plain}"[:NAME_LENGTH] if plain else ""
