"""Newcomers are paged by mail from the start, where their address is proved."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.conf import LazySettings
from tests.factories.identity import make_user
from tests.factories.notifications import make_contact_method

from evenfall.identity.events import UserJoined
from evenfall.identity.models import User
from evenfall.notifications import queries, reactions
from evenfall.platform import journal
from evenfall.platform.events import Recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def _mail(settings: LazySettings) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, mail_host="mail.example.org")


def joined(user: User, via: str, now: datetime) -> Recorded[UserJoined]:
    event = UserJoined(user_id=user.id, via=via, after={}, at=now, actor=f"user:{user.id}")
    return Recorded(id=user.id, event=event)


@pytest.mark.usefixtures("_mail")
def test_proved_addresses_become_verified_contact_methods(now: datetime) -> None:
    ada, ben, first = make_user("Ada"), make_user("Ben"), make_user("First", "admin")
    events = [joined(ada, "invitation", now), joined(ben, "sso", now)]
    events.append(joined(first, "first_admin", now))
    for _ in range(2):  # a batch that comes twice changes nothing
        reactions.reach_newcomers(events, now=now)
    for user in (ada, ben):
        (method,) = queries.contact_methods(user.id)
        assert (method.address, method.state, method.is_primary) == (user.email, "verified", True)
        (fact,) = journal.entries(subject=f"user:{user.id}")
        assert fact.data["after"]["state"] == "verified"
    assert queries.contact_methods(first.id) == []


@pytest.mark.usefixtures("_mail")
def test_an_address_of_ones_own_choice_stays(now: datetime) -> None:
    ada = make_user("Ada")
    make_contact_method(ada, "email", address="elsewhere@example.org")
    reactions.reach_newcomers([joined(ada, "invitation", now)], now=now)
    assert [one.address for one in queries.contact_methods(ada.id)] == ["elsewhere@example.org"]


def test_nobody_is_paged_by_mail_where_mail_is_off(now: datetime) -> None:
    ada = make_user("Ada")
    reactions.reach_newcomers([joined(ada, "invitation", now)], now=now)
    assert queries.contact_methods(ada.id) == []
