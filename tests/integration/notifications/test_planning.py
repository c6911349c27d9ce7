from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice, states

from evenfall.notifications import actions, queries
from evenfall.notifications.models import Notice
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


def kinds_planned() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("id").values_list("kind", "state"))


def test_a_notice_goes_to_every_verified_contact_method_of_its_kind() -> None:
    ada = make_user()
    first, second = make_contact_method(ada), make_contact_method(ada)
    make_contact_method(ada, is_verified=False)
    make_contact_method(ada, is_broken=True)
    make_contact_method(ada, "webhook")
    make_contact_method(make_user("Ben"))

    ids = actions.plan_notices(notices=[new_notice(ada)], now=NOW)

    rows = Notice.objects.filter(id__in=ids).order_by("id")
    assert [row.contact_method_id for row in rows] == [first.id, second.id]
    assert {row.state for row in rows} == {"planned"}


def test_low_urgency_goes_to_the_primary_one_only() -> None:
    ada = make_user()
    make_contact_method(ada)
    primary = make_contact_method(ada, is_primary=True)

    (notice_id,) = actions.plan_notices(notices=[new_notice(ada, urgency="low")], now=NOW)

    assert Notice.objects.get(id=notice_id).contact_method_id == primary.id


def test_nobody_to_reach_is_a_visible_failure() -> None:
    ada = make_user()

    (notice_id,) = actions.plan_notices(notices=[new_notice(ada)], now=NOW)

    (notice,) = queries.notices_for("page:5")
    assert (notice.id, notice.state) == (notice_id, "failed")
    assert notice.reason == "no verified contact method of kind email"
    (entry,) = journal.entries(subject="page:5")
    assert entry.kind == "notifications.notice_failed"


def test_a_page_that_cannot_go_out_takes_another_way_at_once() -> None:
    ada = make_user()
    push = make_contact_method(ada, "webpush")

    actions.plan_notices(notices=[new_notice(ada)], now=NOW)

    assert kinds_planned() == [("email", "failed"), ("webpush", "planned")]
    failed, fallback = queries.notices_for("page:5")
    assert (fallback.fallback_for_id, fallback.address) == (failed.id, push.address)
    (entry,) = journal.entries(subject="page:5")
    assert entry.data["fallback_id"] == fallback.id


def test_another_way_that_is_planned_already_is_not_taken_twice() -> None:
    ada = make_user()
    make_contact_method(ada, "webpush")

    actions.plan_notices(
        notices=[new_notice(ada), new_notice(ada, "webpush", due_at=NOW + timedelta(minutes=2))],
        now=NOW,
    )

    assert kinds_planned() == [("email", "failed"), ("webpush", "planned")]


@pytest.mark.parametrize(("purpose", "urgency"), [("shift", "high"), ("page", "low")])
def test_only_pages_of_high_urgency_look_for_another_way(purpose: str, urgency: str) -> None:
    ada = make_user()
    make_contact_method(ada, "webpush")

    actions.plan_notices(notices=[new_notice(ada, purpose=purpose, urgency=urgency)], now=NOW)

    assert kinds_planned() == [("email", "failed")]


@pytest.mark.parametrize(
    ("broken", "verified", "state"), [(True, True, "broken"), (False, False, "unverified")]
)
def test_a_named_contact_method_must_work(broken: bool, verified: bool, state: str) -> None:
    ada = make_user()
    method = make_contact_method(ada, is_broken=broken, is_verified=verified)

    actions.plan_notices(notices=[new_notice(ada, contact_method=method)], now=NOW)

    (notice,) = queries.notices_for("page:5")
    assert (notice.state, notice.reason) == ("failed", f"the contact method is {state}")


def test_a_contact_method_of_somebody_else_is_not_used() -> None:
    ada = make_user()
    theirs = make_contact_method(make_user("Ben"))

    actions.plan_notices(notices=[new_notice(ada, contact_method=theirs)], now=NOW)

    (notice,) = queries.notices_for("page:5")
    assert notice.reason == "the contact method was removed"


def test_the_inbox_needs_no_contact_method() -> None:
    actions.plan_notices(notices=[new_notice(make_user(), "inbox")], now=NOW)
    assert kinds_planned() == [("inbox", "planned")]


def test_planning_nothing_does_nothing() -> None:
    assert actions.plan_notices(notices=[], now=NOW) == []


@pytest.mark.parametrize("people", [1, 30])
def test_planning_costs_the_same_for_one_and_for_many(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    users = [make_user(f"P{number}") for number in range(people)]
    for user in users:
        make_contact_method(user)
    wishes = [new_notice(user) for user in users]

    with django_assert_num_queries(3):  # methods, insert, wake
        ids = actions.plan_notices(notices=wishes, now=NOW)

    assert len(ids) == people


def test_cancelling_takes_back_what_is_planned_and_says_why() -> None:
    ada = make_user()
    make_contact_method(ada)
    actions.plan_notices(notices=[new_notice(ada), new_notice(ada, subject="page:6")], now=NOW)

    count = actions.cancel_notices(subjects=["page:5"], reason="acknowledged by Ada", now=NOW)

    assert count == 1
    assert (states("page:5"), states("page:6")) == (["cancelled"], ["planned"])
    (entry,) = journal.entries(subject="page:5")
    assert entry.data["reason"] == "acknowledged by Ada"


def test_cancelling_nothing_does_nothing() -> None:
    assert actions.cancel_notices(subjects=[], reason="", now=NOW) == 0
    assert actions.cancel_notices(subjects=["page:5"], reason="", now=NOW) == 0
