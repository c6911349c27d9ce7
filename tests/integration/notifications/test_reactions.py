"""A contact method that was refused for good: its owner hears of it."""

from datetime import datetime

import pytest
from tests.factories.identity import make_user
from tests.factories.notifications import make_contact_method

from evenfall.notifications import reactions
from evenfall.notifications.events import ContactMethodBroken
from evenfall.notifications.models import Notice
from evenfall.platform.events import Recorded

pytestmark = pytest.mark.django_db


def test_the_owner_is_asked_to_mend_it_by_what_still_works(now: datetime) -> None:
    ada = make_user("Ada")
    broken = make_contact_method(
        ada, kind="webpush", address="https://push.example/a", is_broken=True
    )
    make_contact_method(ada, kind="email", address="ada@example.org")
    fact = ContactMethodBroken(
        at=now,
        contact_method_id=broken.id,
        user_id=ada.id,
        channel="webpush",
        address=broken.address,
        reason="410 Gone",
    )

    reactions.ask_for_repair([Recorded(id=1, event=fact)], now=now)

    notices = Notice.objects.order_by("kind")
    assert [(n.kind, n.purpose, n.urgency, n.user_id) for n in notices] == [
        ("email", "repair", "low", ada.id),
        ("inbox", "repair", "low", ada.id),
    ]
    assert "410 Gone" in str(notices[0].content)
