"""Maintenance that comes back becomes windows, which hold alerts like any other."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.alerting import make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_token, make_user

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.actions import RecurringDraft
from evenfall.alerting.drains.expire import end_what_is_over
from evenfall.alerting.drains.windows import plan_windows
from evenfall.alerting.models import Alert, MaintenanceWindow
from evenfall.platform.models import JournalEntry

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SUNDAY = datetime(2026, 3, 8, 0, 0, tzinfo=UTC)


def draft(**more: Any) -> RecurringDraft:
    said = {
        "name": "Sunday patches",
        "rule": "FREQ=WEEKLY;BYDAY=SU",
        "begins_on": date(2026, 3, 1),
        "begins_at": time(1),
        "length": 3 * HOUR,
        "zone": "Europe/Berlin",
        **more,
    }
    return RecurringDraft(**said)


def announce(**more: Any) -> int:
    return actions.create_recurring(draft=draft(**more), by_name="Ada", now=MONDAY, actor="user:1")


def windows() -> list[tuple[datetime, datetime]]:
    return list(MaintenanceWindow.objects.order_by("starts_at").values_list("starts_at", "ends_at"))


def test_a_week_ahead_a_window_is_written_once() -> None:
    number = announce()
    assert windows() == [(SUNDAY, SUNDAY + 3 * HOUR)]
    assert plan_windows(MONDAY + DAY).done == 0
    after = plan_windows(SUNDAY + HOUR)
    assert (after.done, len(windows())) == (1, 2)
    assert after.next_due == SUNDAY + 7 * DAY
    shown = queries.recurring_maintenance(number, now=MONDAY)
    assert [one.starts_at for one in shown.next][:2] == [SUNDAY, SUNDAY + 7 * DAY]
    # the fifth is after the clocks went forward
    assert shown.next[4].starts_at == SUNDAY + 28 * DAY - HOUR


def test_what_is_open_at_the_end_is_decided_again() -> None:
    service = make_service("Checkout")
    announce(service_ids=[service.pk])
    at = SUNDAY + HOUR
    send(make_integration(service=service), update(), at=at)
    end_what_is_over(at)
    receive(at)
    alert = Alert.objects.get()
    window = MaintenanceWindow.objects.get()
    assert alert.held_by == f"maintenance:{window.pk}"
    end_what_is_over(SUNDAY + 3 * HOUR)
    alert.refresh_from_db()
    assert (alert.held_by, alert.outcome) == ("", "page")


def test_one_time_is_called_off_and_the_others_stay() -> None:
    number = announce()
    window = MaintenanceWindow.objects.get()
    actions.end_maintenance(maintenance_id=window.pk, now=MONDAY, actor="user:1")
    plan_windows(SUNDAY)
    shown = queries.recurring_maintenance(number, now=MONDAY)
    assert [one.is_off for one in shown.next][:2] == [True, False]
    assert len(windows()) == 2


def test_ended_for_good_it_does_not_come_back_and_what_goes_on_goes_on() -> None:
    number = announce(rule="FREQ=DAILY", begins_at=time(12))
    assert len(windows()) == 8
    for _ in range(2):
        actions.end_recurring(recurring_id=number, now=MONDAY, actor="user:1")
    left = MaintenanceWindow.objects.filter(ends_at__gt=MONDAY)
    assert [row.day for row in left] == [MONDAY.date()]
    assert plan_windows(MONDAY + 9 * DAY).is_unused
    assert queries.recurring_maintenance(number, now=MONDAY).is_over
    assert queries.recurring_page(now=MONDAY).items == []


def test_what_began_while_nothing_ran_is_written_late() -> None:
    announce()
    MaintenanceWindow.objects.all().delete()
    assert plan_windows(SUNDAY + 14 * DAY + HOUR).done == 2
    assert windows()[0] == (SUNDAY + 14 * DAY, SUNDAY + 14 * DAY + 3 * HOUR)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"rule": "FREQ=SECONDLY"}, "rule"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
        ({"last_on": date(2026, 3, 1)}, "rule"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"length": timedelta(days=8)}, "length"),
        ({"exceptions": [date(2026, 1, 1) + n * DAY for n in range(401)]}, "exceptions"),
    ],
)
def test_what_cannot_come_back_says_which_field_is_wrong(said: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.RecurrenceNotValid) as caught:
        announce(**said)
    assert caught.value.field == field
    with pytest.raises(errors.NameMissing):
        announce(name=" ")
    with pytest.raises(errors.ServiceUnknown):
        announce(service_ids=[10**9])
    with pytest.raises(errors.MaintenanceNotFound):
        actions.end_recurring(recurring_id=10**9, now=MONDAY, actor="user:1")


def test_pages_announce_show_and_end(client: Client) -> None:
    client.force_login(make_user("Root", "admin"))
    said = {
        "name": "Patches",
        "begins_on": "2030-01-06",
        "begins_at": "01:00",
        "length_minutes": "120",
        "zone": "Europe/Berlin",
        "days": ["SU"],
        "every": "2",
        "exceptions": "2030-01-20, 2030-02-03",
    }
    assert client.get("/maintenance/recurring/new/").status_code == 200
    bad = client.post("/maintenance/recurring/new/", {**said, "exceptions": "tomorrow"})
    assert bad.status_code == 422
    assert "tomorrow is no date" in bad.content.decode()
    odd = client.post("/maintenance/recurring/new/", {**said, "custom": "FREQ=HOURLY"})
    assert "FREQ must be" in odd.content.decode()
    assert client.post("/maintenance/recurring/new/", said).status_code == 302
    shown = client.get("/maintenance/recurring/").content.decode()
    assert "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU" in shown
    assert "Not on 2030-01-20" in shown
    (one,) = queries.recurring_page(now=MONDAY).items
    client.post(f"/maintenance/recurring/{one.id}/end/")
    assert "Nothing comes back" in client.get("/maintenance/recurring/").content.decode()


def test_a_change_counts_from_the_next_time_on() -> None:
    number = announce(rule="FREQ=DAILY", begins_at=time(11), length=3 * HOUR, zone="UTC")
    # one is going on at noon, and that of Wednesday was called off
    off = MaintenanceWindow.objects.get(day=date(2026, 3, 4))
    actions.end_maintenance(maintenance_id=off.pk, now=MONDAY, actor="user:1")
    changed = draft(rule="FREQ=DAILY", begins_at=time(20), length=HOUR, zone="UTC", name="Later")

    actions.change_recurring(recurring_id=number, draft=changed, now=MONDAY, actor="user:2")

    running, *ahead = MaintenanceWindow.objects.filter(ended_by="").order_by("starts_at")
    assert (running.name, running.starts_at) == ("Sunday patches", MONDAY - HOUR)
    assert {(one.name, one.starts_at.hour) for one in ahead} == {("Later", 20)}
    # today's began already, and Wednesday stays off
    assert [one.day.day for one in ahead if one.day] == [3, 5, 6, 7, 8]
    shown = queries.recurring_maintenance(number, now=MONDAY)
    assert (shown.version, shown.name) == (2, "Later")
    entry = JournalEntry.objects.get(kind="alerting.recurring_maintenance_changed")
    assert (entry.data["before"]["begins_at"], entry.data["after"]["begins_at"]) == (
        "11:00",
        "20:00",
    )


def test_what_was_changed_meanwhile_or_is_over_is_not_changed() -> None:
    number = announce()
    change: dict[str, Any] = {"recurring_id": number, "now": MONDAY, "actor": "user:1"}
    actions.change_recurring(draft=draft(name="A"), version=1, **change)
    with pytest.raises(errors.MaintenanceChangedMeanwhile):
        actions.change_recurring(draft=draft(name="B"), version=1, **change)
    with pytest.raises(errors.RecurrenceNotValid):
        actions.change_recurring(draft=draft(last_on=date(2026, 3, 1)), **change)
    actions.end_recurring(**change)
    with pytest.raises(errors.MaintenanceIsOver):
        actions.change_recurring(draft=draft(), **change)
    with pytest.raises(errors.MaintenanceNotFound):
        actions.change_recurring(draft=draft(), **{**change, "recurring_id": 10**9})


def test_it_is_changed_on_its_page_and_over_the_api(client: Client) -> None:
    user = make_user("Root", "admin")
    client.force_login(user)
    number = actions.create_recurring(
        draft=draft(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU", exceptions=[date(2030, 1, 5)]),
        by_name="Ada",
        now=MONDAY,
        actor="user:1",
    )
    url = f"/maintenance/recurring/{number}/"
    page = client.get(url).content.decode()
    assert 'value="2026-03-01"' in page
    assert "2030-01-05" in page
    said = {"name": "Moved", "begins_on": "2026-03-01", "begins_at": "02:30", "zone": "UTC"}
    said |= {"length_minutes": "60", "every": "1", "version": "1"}
    assert client.post(url, said).status_code == 302
    again = client.post(url, said)
    assert "Somebody changed this maintenance" in again.content.decode()
    headers = {"Authorization": f"Bearer {make_token(user)}"}
    body = {**said, "rule": "FREQ=DAILY", "length_minutes": 30, "version": 2}
    api = f"/api/v1/maintenance/recurring/{number}"
    answer = client.put(api, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["version"]) == (200, 3), answer.content
    assert (
        client.put(api, body, content_type="application/json", headers=headers).status_code == 409
    )


def test_as_many_queries_for_one_as_for_three(django_assert_num_queries: Any) -> None:
    announce()
    with django_assert_num_queries(2):
        assert len(queries.recurring_page(now=MONDAY).items) == 1
    announce()
    announce()
    with django_assert_num_queries(2):
        assert len(queries.recurring_page(now=MONDAY).items) == 3
