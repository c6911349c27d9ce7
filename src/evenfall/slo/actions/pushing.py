"""Counts that others send: good and total of minutes, each message once."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.slo import errors
from evenfall.slo.actions.counting import store_counts
from evenfall.slo.logic.spec import Origin
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import floor_minute
from evenfall.slo.models import Indicator, Push
from evenfall.slo.models.columns import KEY_LENGTH

MOST_MINUTES: Final = 1440
OLDEST: Final = timedelta(days=31)
KEYS_LIVE: Final = timedelta(days=35)
"""Longer than counts may be late: a key is known as long as its counts could come again."""
_AHEAD: Final = timedelta(minutes=2)
_MOST: Final = 1e15


class PushedMinute(Struct, frozen=True, kw_only=True):
    """Good and total that came to be in the minute of `at`."""

    at: datetime
    good: float
    total: float


@transaction.atomic
def push_counts(
    *, indicator_id: int, key: str, minutes: Sequence[PushedMinute], now: datetime
) -> bool:
    """Add counts to an indicator; return False when this key was there before.

    Several senders add up. Raises IndicatorNotFound, NotPushed, ObjectiveUnclear, TimesUnclear.
    """
    row = Indicator.objects.filter(id=indicator_id, archived_at=None).first()
    if row is None:
        raise errors.IndicatorNotFound(indicator=indicator_id)
    if row.origin != Origin.PUSHED.value:
        raise errors.NotPushed
    counts = _checked(minutes, now)
    try:
        with transaction.atomic():
            Push.objects.create(indicator=row, key=_key(key), at=now)
    except IntegrityError:
        return False
    store_counts({row.series_id: counts}, add=True)
    return True


def forget_pushes(*, now: datetime) -> int:
    """The keys of messages that cannot come again; return how many."""
    return Push.objects.filter(at__lt=now - KEYS_LIVE).delete()[0]


def _key(text: str) -> str:
    key = text.strip()
    if not key or len(key) > KEY_LENGTH or "\0" in key:
        reason = "A key has 1 to 100 letters; send the same again and it counts once."
        raise errors.ObjectiveUnclear(field="key", reason=reason)
    return key


def _checked(minutes: Sequence[PushedMinute], now: datetime) -> dict[datetime, Tally]:
    if not 1 <= len(minutes) <= MOST_MINUTES:
        reason = f"Send 1 to {MOST_MINUTES} minutes at once."
        raise errors.ObjectiveUnclear(field="minutes", reason=reason)
    found: dict[datetime, Tally] = {}
    for one in minutes:
        if not (math.isfinite(one.total) and 0 <= one.good <= one.total <= _MOST):
            reason = "A minute has a total of 0 or more, and as many good ones at most."
            raise errors.ObjectiveUnclear(field="minutes", reason=reason)
        if not now - OLDEST <= one.at <= now + _AHEAD:
            reason = "A minute is at most 31 days old, and not to come."
            raise errors.TimesUnclear(field="minutes", reason=reason)
        at = floor_minute(one.at)
        found[at] = found.get(at, Tally()) + Tally(one.good, one.total)
    return found
