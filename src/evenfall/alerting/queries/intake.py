"""What the front door turned away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db.models import Q
from msgspec import Struct

from evenfall.alerting.models import Integration, SignalBatch
from evenfall.platform.crypto import token_hash
from evenfall.platform.mail_in import MAILBOX_BEAT
from evenfall.platform.models import Beat

# `at` is the last refusal; `detail` holds "count", "since" and "ends_with"
UNKNOWN_KEYS = "alerting.unknown_keys"
# refusals further apart than this are two stories; so long the last one is shown
REMEMBERED = timedelta(hours=24)


class UnknownKeys(Struct, frozen=True, kw_only=True):
    """Requests refused because nobody has their key; times are UTC.

    `ends_with`: the end of the last such key, empty if it holds anything but letters and digits.
    """

    count: int
    since: datetime
    last_at: datetime
    ends_with: str


def unknown_keys(*, now: datetime) -> UnknownKeys | None:
    """The refusals that go on or were lately; None if there were none for a day."""
    beat = Beat.objects.filter(name=UNKNOWN_KEYS, at__gt=now - REMEMBERED).first()
    if beat is None:
        return None
    return UnknownKeys(
        count=beat.detail["count"],
        since=datetime.fromisoformat(beat.detail["since"]),
        last_at=beat.at,
        ends_with=beat.detail["ends_with"],
    )


def has_signals(*, before: datetime) -> bool:
    """Whether a signal that was received before this instant still waits to be decided."""
    return SignalBatch.objects.filter(received_from__lt=before).exists()


class KnownSender(Struct, frozen=True, kw_only=True):
    """Whose key it is; `key_hint` is the end of the key that was used."""

    integration_id: int
    key_hint: str
    mapping: Mapping[str, str]


def sender_of_key(key: str, *, kind: str, now: datetime) -> KnownSender | None:
    """The integration of this kind that a key lets in now; None where it lets nobody in.

    The key is looked up by its hash, and the hashes are compared in constant time.
    """
    digest = token_hash(key)
    found = Q(key_hash=digest) | Q(previous_key_hash=digest, previous_key_until__gt=now)
    row = Integration.objects.filter(found, kind=kind, is_enabled=True).first()
    if row is None:
        return None
    known = (row.key_hash, row.previous_key_hash or b"")
    fits = [compare_digest(bytes(one), digest) for one in known]
    if not any(fits):
        return None
    return KnownSender(integration_id=row.id, key_hint=f"…{key[-4:]}", mapping=row.mapping)


def mailbox_problem() -> str:
    """Why the mailbox could not be read the last time, "" where it could or there is none."""
    if not settings.EVENFALL.imap_host:
        return ""
    beat = Beat.objects.filter(name=MAILBOX_BEAT).first()
    return "" if beat is None else str(beat.detail.get("problem", ""))
