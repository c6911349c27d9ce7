"""Alerts that have been over for long are forgotten in small steps."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.factories.alerting import NIGHT, make_integration, receive, send, update

from evenfall.alerting import actions, jobs
from evenfall.alerting.models import Alert, AlertDecision, EndNotice
from evenfall.platform import journal, retention

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def opened_and_resolved() -> None:
    """Five old alerts, of which "still" is open and "late" was resolved lately; a young one."""
    integration = make_integration()
    names = ("a", "still", "b", "late", "c")
    send(integration, *(update(key=name) for name in names))
    receive()
    for name, days in (("a", 1), ("b", 2), ("c", 3), ("late", 390)):
        send(integration, update("resolve", key=name), at=NIGHT + days * DAY)
        receive(NIGHT + days * DAY)
    send(integration, update(key="young"), at=NIGHT + 399 * DAY)
    receive(NIGHT + 399 * DAY)


def left() -> list[str]:
    return list(Alert.objects.order_by("id").values_list("dedup_key", flat=True))


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_only_alerts_that_are_over_for_long_go(limit: int) -> None:
    opened_and_resolved()
    gone = Alert.objects.get(dedup_key="a")
    before = NIGHT + 300 * DAY
    deleted = retention.walk(
        lambda after_id: actions.forget_alerts(before=before, after_id=after_id, limit=limit)
    )
    assert deleted == 3
    assert left() == ["still", "late", "young"]
    assert journal.entries(subject=f"alert:{gone.id}")


def test_what_is_kept_about_an_alert_goes_with_it() -> None:
    """Also the word that a policy would end it, which names its alert by a foreign key."""
    opened_and_resolved()
    gone, stays = (Alert.objects.get(dedup_key=key) for key in ("a", "still"))
    for one in (gone, stays):
        EndNotice.objects.create(alert=one, ends_at=NIGHT, told_at=NIGHT, why="It is quiet.")
    actions.forget_alerts(before=NIGHT + 300 * DAY)
    connection.check_constraints()
    assert list(EndNotice.objects.values_list("alert_id", flat=True)) == [stays.id]
    assert set(AlertDecision.objects.values_list("alert_id", flat=True)) == set(
        Alert.objects.values_list("id", flat=True)
    )


def test_a_step_takes_one_statement_and_stops_at_young_alerts(
    django_assert_num_queries: Any,
) -> None:
    opened_and_resolved()
    before = NIGHT + 300 * DAY
    first = actions.forget_alerts(before=before, limit=5)
    assert first.deleted == 3
    assert first.last_id is not None
    with django_assert_num_queries(3):  # with the two of its transaction
        rest = actions.forget_alerts(before=before, after_id=first.last_id)
    assert rest == retention.Step(deleted=0, last_id=None)


def test_the_nightly_job_keeps_what_is_within_the_history() -> None:
    opened_and_resolved()
    jobs.forget_old_alerts(timestamp=0)
    assert "still" in left()


def test_nothing_to_forget_is_over_at_once() -> None:
    assert actions.forget_alerts(before=NIGHT) == retention.Step(deleted=0, last_id=None)
