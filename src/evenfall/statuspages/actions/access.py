"""The links of subscribers: signed, so that no sign-in is needed."""

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from evenfall.notifications import queries as notifications_queries
from evenfall.platform.crypto import BadSignature, sign, unsign
from evenfall.statuspages import errors
from evenfall.statuspages.logic.letters import Links
from evenfall.statuspages.models import Subscriber

CONFIRM_WITHIN: Final = timedelta(days=2)
_OWN: Final = "statuspages.subscriber"
_CONFIRM: Final = "statuspages.confirm"
_YEARS: Final = timedelta(days=3650)
"""Whoever finds an old mail can still unsubscribe."""


def own_token(subscriber_id: int, *, now: datetime) -> str:
    """What opens a subscription, to change it or to end it."""
    return sign(subscriber_id, purpose=_OWN, now=now, valid_for=_YEARS)


def subscriber_of(slug: str, token: str, *, now: datetime) -> int:
    """Whose link this is. Raises SubscriberNotFound, also once they are erased."""
    return _read(slug, token, _OWN, now)


def subscriber_to_confirm(slug: str, token: str, *, now: datetime) -> int:
    """Whose address this link proves. Raises SubscriberNotFound."""
    return _read(slug, token, _CONFIRM, now)


def links_of(subscriber_id: int, slug: str, *, page_url: str, now: datetime) -> Links:
    """Every link that a message to a subscriber can hold."""
    own = own_token(subscriber_id, now=now)
    confirm = sign(subscriber_id, purpose=_CONFIRM, now=now, valid_for=CONFIRM_WITHIN)
    return Links(
        page=page_url,
        manage=_absolute("subscription", slug, own),
        leave=_absolute("unsubscribe", slug, own),
        confirm=_absolute("confirm", slug, confirm),
    )


def _absolute(name: str, slug: str, token: str) -> str:
    return notifications_queries.absolute(reverse(f"statuspages:{name}", args=[slug, token]))


def _read(slug: str, token: str, purpose: str, now: datetime) -> int:
    try:
        subscriber_id: int = unsign(token, purpose=purpose, now=now)
    except BadSignature as error:
        raise errors.SubscriberNotFound from error
    if not Subscriber.objects.filter(id=subscriber_id, page__slug=slug).exists():
        raise errors.SubscriberNotFound
    return subscriber_id
