"""Secrets that a channel needs once for the whole installation."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from evenfall.notifications.models import ChannelSecret


def channel_secret(*, kind: str, make: Callable[[], str], now: datetime) -> str:
    """The secret of this kind of channel, made with `make` on first use.

    Races with other processes on their first start: a unique index lets one of them through and
    the others read what it made.
    """
    found = ChannelSecret.objects.filter(kind=kind).first()
    if found is not None:
        return found.value
    try:
        with transaction.atomic():
            return ChannelSecret.objects.create(kind=kind, value=make(), created_at=now).value
    except IntegrityError:
        return ChannelSecret.objects.get(kind=kind).value
