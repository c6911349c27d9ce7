from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.triage import make_item

from evenfall.notifications.models import Notice
from evenfall.oncall import actions as on_call
from evenfall.oncall.logic.away import Kind
from evenfall.platform import journal
from evenfall.triage import actions, drains
from evenfall.triage.logic.states import Reason
from evenfall.triage.models import Item, ItemEvent, Warned

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told(item: Item) -> list[tuple[str, int]]:
    entries = journal.entries(subject=f"item:{item.pk}")
    return [
        (entry.data["clock"], entry.data["percent"])
        for entry in entries
        if entry.kind == "triage.promise_at_risk"
    ]


def test_each_level_is_told_once_and_in_time() -> None:
    """A P3 of Monday 12:00 UTC: its first response is due in four hours of business time."""
    team = make_team(members=(make_user(),), leads=(make_user("Lea"),))
    item = make_item(team=team)
    assert Item.objects.get().next_due_at == NOW + 3 * HOUR  # half of it, after lunch
    assert drains.remind(NOW + 2 * HOUR).done == 0
    assert drains.remind(NOW + 3 * HOUR).done == 1
    assert drains.remind(NOW + 3 * HOUR).done == 0
    assert told(item) == [("first_response", 50)]
    drains.remind(NOW + 4 * HOUR)
    drains.remind(NOW + 4.6 * HOUR)
    result = drains.remind(NOW + 5 * HOUR)
    assert [level for _, level in told(item)] == [50, 75, 90, 100]
    assert result.next_due is not None
    assert result.next_due > NOW + 5 * HOUR
    assert Notice.objects.filter(subject=f"item:{item.pk}").exists()


def test_after_an_outage_only_the_highest_level_is_told() -> None:
    item = make_item(team=make_team(members=(make_user(),)))
    while drains.remind(NOW + 6 * HOUR).done:
        pass
    assert told(item) == [("first_response", 100)]
    assert Warned.objects.count() == 1


def test_nobody_to_tell_is_no_failure() -> None:
    make_item(team=make_team())
    assert drains.remind(NOW + 6 * HOUR).done == 1
    assert not Notice.objects.exists()


def test_a_pause_that_is_too_long_ends_by_itself() -> None:
    item = make_item(team=make_team(members=(make_user(),)))
    actions.answer(item_id=item.pk, text="We wait.", now=NOW, actor="system")
    actions.pause(item_id=item.pk, reason=Reason.VENDOR, now=NOW, actor="system")
    ends = Item.objects.get().next_due_at
    assert ends is not None
    assert ends == NOW + timedelta(days=7)  # five business days later
    drains.remind(ends)
    item.refresh_from_db()
    assert item.state == "new"
    assert ItemEvent.objects.filter(what="resumed", actor="system").count() == 1
    drains.remind(ends + HOUR)
    assert ItemEvent.objects.filter(what="resumed").count() == 1


def test_what_has_ended_is_never_due() -> None:
    item = make_item()
    actions.decline(item_id=item.pk, text="No.", now=NOW, actor="system")
    result = drains.remind(NOW + timedelta(days=99))
    assert (result.done, result.next_due) == (0, None)


def test_for_a_contact_who_is_absent_the_stand_in_is_told() -> None:
    kim, stand_in = make_user("Kim"), make_user("Sam")
    item = make_item(team=make_team(members=(kim,)))
    details = actions.Details(technical_contact_id=kim.pk, technical_stand_in_id=stand_in.pk)
    actions.change_item(item_id=item.pk, details=details, now=NOW, actor="system")
    on_call.add_absence(
        user_id=kim.pk,
        kind=Kind.HOLIDAY,
        starts_at=NOW + 2 * HOUR,
        ends_at=NOW + 48 * HOUR,
        now=NOW,
        actor="system",
    )
    drains.remind(NOW + 3 * HOUR)
    notices = Notice.objects.filter(subject=f"item:{item.pk}")
    assert set(notices.values_list("user_id", flat=True)) == {stand_in.pk}
