"""When what can wait has to: something on the way to a call is late."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.alerting import make_integration
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method, new_notice

from evenfall.alerting.models.signal_queue import put_signal
from evenfall.config.lanes import drains
from evenfall.config.patience import (
    DECIDES,
    LATE,
    OPENS_INCIDENTS,
    SOON,
    are_calls_behind,
    are_calls_waiting,
    gives_way,
)
from evenfall.notifications import actions
from evenfall.platform import events, reactions
from evenfall.platform.models import PendingReaction

pytestmark = pytest.mark.django_db
THEN = NOW + LATE + timedelta(milliseconds=1)


def test_a_quiet_house_is_not_behind(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        assert not are_calls_behind(THEN)


@pytest.mark.parametrize(("urgency", "is_behind"), [("high", True), ("low", False)])
def test_an_urgent_notice_that_waits_for_its_turn(urgency: str, *, is_behind: bool) -> None:
    user = make_user()
    make_contact_method(user)
    actions.plan_notices(notices=[new_notice(user, urgency=urgency)], now=NOW)
    assert not are_calls_behind(NOW)
    assert are_calls_behind(THEN) == is_behind


def test_a_signal_that_nobody_has_decided() -> None:
    sender = make_integration().id
    put_signal(
        integration_id=sender, format_name="json", body=b"{}", received_at=NOW, unparsed=False
    )
    assert not are_calls_behind(NOW)
    assert are_calls_behind(THEN)


@pytest.mark.parametrize(("lane", "is_behind"), [("paging", True), ("slow", False)])
def test_an_event_that_its_reactor_has_yet_to_take(lane: str, *, is_behind: bool) -> None:
    reactor = next(one.reactor for one in events.subscriptions() if one.lane == lane)
    PendingReaction.objects.create(reactor=reactor, event_id=1, event_at=NOW, due_at=NOW)
    assert not are_calls_behind(NOW)
    assert are_calls_behind(THEN) == is_behind
    assert reactions.is_behind(lane, before=THEN)


def test_signals_are_not_decided_before_those_who_wait_already_are_called() -> None:
    user = make_user()
    make_contact_method(user)
    soon = NOW + SOON + timedelta(milliseconds=1)
    sender = make_integration().id
    put_signal(
        integration_id=sender, format_name="json", body=b"{}", received_at=NOW, unparsed=False
    )
    assert not are_calls_waiting(soon)
    actions.plan_notices(notices=[new_notice(user)], now=NOW)
    assert not are_calls_waiting(NOW)
    assert are_calls_waiting(soon)


def test_what_may_be_kept_waiting() -> None:
    """Who opens incidents, and what rests by itself; no probe, no beat and nobody who calls.

    Who decides signals waits between the batches of a long row only.
    """
    held = {drain.name: way for drain in drains() if (way := gives_way(drain))}
    assert {name for name, way in held.items() if way.between_batches} == {DECIDES}
    waits = held.keys() - {DECIDES}
    assert {OPENS_INCIDENTS, "react.insights.pages", "patterns.compare"} <= waits
    never = ("alerting.", "notifications.", "paging.", "monitors.", "beat.", "chat.", "slo.")
    assert not {name for name in waits if name.startswith(never)}
