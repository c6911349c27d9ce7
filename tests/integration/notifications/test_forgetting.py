"""Notices that are done with for long are forgotten in small steps."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_user
from tests.factories.notifications import new_notice

from evenfall.notifications import actions, jobs
from evenfall.notifications.models import Attempt, Notice, ResponseUse
from evenfall.platform import retention

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def planned(subject: str, state: str, *, days: int) -> Notice:
    at = NOW + days * DAY
    wish = new_notice(make_user(), "inbox", subject=subject, due_at=at)
    (number,) = actions.plan_notices(notices=[wish], now=at)
    Notice.objects.filter(id=number).update(state=state)
    return Notice.objects.get(id=number)


@pytest.mark.parametrize("limit", [1, 1000])
def test_only_notices_that_are_done_with_for_long_go(limit: int) -> None:
    old = planned("page:1", "delivered", days=0)
    planned("page:2", "planned", days=0)
    planned("page:3", "cancelled", days=1)
    young = planned("page:4", "failed", days=399)
    Notice.objects.filter(id=young.id).update(fallback_for=old)
    ResponseUse.objects.create(notice=old, action="acknowledge", used_at=NOW)
    for notice in (old, young):
        Attempt.objects.create(
            notice=notice, number=1, handed_over_at=NOW, answered_at=NOW, accepted=True
        )
    deleted = retention.walk(
        lambda after_id: actions.forget_notices(
            before=NOW + 300 * DAY, after_id=after_id, limit=limit
        )
    )
    assert deleted == 2
    assert list(Notice.objects.order_by("id").values_list("subject", "fallback_for")) == [
        ("page:2", None),
        ("page:4", None),
    ]
    assert not ResponseUse.objects.exists()
    assert [attempt.notice_id for attempt in Attempt.objects.all()] == [young.id]


def test_the_nightly_job_keeps_what_nobody_sent_yet() -> None:
    planned("page:2", "planned", days=0)
    jobs.forget_old_notices(timestamp=0)
    assert Notice.objects.count() == 1
