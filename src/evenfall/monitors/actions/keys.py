"""The addresses at which monitors are told something: random, and stored as hashes."""

from evenfall.monitors.models import Beat, Monitor
from evenfall.platform.crypto import new_token, token_hash

PREFIX = "evm_"


def make_key(row: Monitor) -> str:
    """Give the monitor a new key and return it; the old one works no more."""
    key = new_token(PREFIX)
    hint = key[-4:]
    Beat.objects.update_or_create(
        monitor=row, defaults={"key_hash": token_hash(key), "key_hint": hint}
    )
    return key
