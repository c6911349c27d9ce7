"""Which alerts belong together. Grouping only bundles what follows: nothing ever waits for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

# Alerts of a service that come within half an hour of each other are most likely one problem.
DEFAULT_WINDOW = timedelta(minutes=30)
LONGEST_WINDOW = timedelta(days=7)
_KEY_BYTES = 12


class Group(Struct, frozen=True):
    """Alerts with the same `base`; `key` names this run of them."""

    base: str
    key: str
    last_alert_at: datetime


def group_base(*, owner: str, environment: str, keys: Mapping[str, str]) -> str:
    """Return what alerts must have in common: owner (service or integration) and key values."""
    return _base((owner, environment, *(f"{name}={keys[name]}" for name in sorted(keys))))


@lru_cache(maxsize=4096)  # each alert asks twice, and those of a service all ask the same
def _base(parts: tuple[str, ...]) -> str:
    digest = blake2b(digest_size=_KEY_BYTES)
    for part in parts:
        encoded = part.encode()
        # the length first, so that no two lists of parts give the same bytes
        digest.update(len(encoded).to_bytes(4))
        digest.update(encoded)
    return digest.hexdigest()


def join(base: str, group: Group | None, *, at: datetime, window: timedelta) -> Group:
    """Return the group that an alert at `at` joins: the known one, or a new one.

    Alerts opened in one pass carry the same `at`, so that they find the same new group without
    knowing of each other.
    """
    if group is not None and at - group.last_alert_at <= window:
        return Group(base, group.key, max(at, group.last_alert_at))
    return Group(base, f"{base}.{int(at.timestamp() * 1000):x}", at)
