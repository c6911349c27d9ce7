from datetime import date, datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.triage import make_item

from evenfall.identity.models import Team, User
from evenfall.notifications.models import Notice
from evenfall.platform import journal
from evenfall.triage import actions, queries
from evenfall.triage.actions import ReviewWish
from evenfall.triage.logic.priority import Level
from evenfall.triage.models import CapacityWeek, Item

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
MONDAY = date(2026, 3, 2)


@pytest.fixture
def lead() -> User:
    return make_user("Lea")


@pytest.fixture
def team(lead: User) -> Team:
    """Has six hours a week."""
    found = make_team("Shop")
    make_membership(found, lead, role="manager")
    make_membership(found, make_user("Ben"))
    wish = ReviewWish(weekly_hours=6)
    actions.set_team_review(team_id=found.id, wish=wish, now=NOW, actor="system")
    return found


def urgent(team: Team, now: datetime, hours: float | None = 8.0) -> Item:
    item = make_item(team=team, now=now, impact=Level.HIGH, urgency=Level.HIGH)
    Item.objects.filter(id=item.pk).update(effort_hours=hours)
    return item


def told(lead: User) -> int:
    return Notice.objects.filter(user=lead, kind="inbox", subject__startswith="team:").count()


def test_a_week_counts_what_is_urgent_and_work(team: Team) -> None:
    urgent(team, NOW)
    urgent(team, NOW + timedelta(days=6), hours=None)
    urgent(team, NOW + WEEK)
    make_item(team=team)
    gone = urgent(team, NOW)
    actions.decline(item_id=gone.pk, text="No", now=NOW, actor="system")
    load = queries.week_load(team.id, monday=MONDAY)
    assert (load.items, load.inflow, load.hours) == (2, 12, 6)
    nobody = make_team("Nobody")
    urgent(nobody, NOW)
    assert not queries.week_load(nobody.id, monday=MONDAY).is_over


def test_leads_are_told_once_and_again_only_after_a_week_that_was_fine(
    team: Team, lead: User
) -> None:
    for week in (0, 1, 2, 4, 5):
        urgent(team, NOW + week * WEEK)
    counts = []
    for week in range(1, 8):
        looks = [
            actions.watch_capacity(now=NOW + week * WEEK + timedelta(hours=hours))
            for hours in (0, 1, 48)
        ]
        counts.append(told(lead))
        assert [one.done for one in looks] == [1, 0, 0]
        assert looks[-1].next_due > NOW + week * WEEK
    assert counts == [0, 1, 1, 1, 1, 2, 2]
    facts = [one.kind for one in journal.entries(subject=f"team:{team.id}")]
    assert facts.count("triage.capacity_exceeded") == 2
    assert not queries.capacity(team.id).is_alarm


def test_after_an_outage_every_week_is_measured_and_people_hear_once(
    team: Team, lead: User
) -> None:
    for week in range(4):
        urgent(team, NOW + week * WEEK)
    actions.watch_capacity(now=NOW + WEEK)
    actions.watch_capacity(now=NOW + 4 * WEEK)
    rows = CapacityWeek.objects.filter(team=team, monday__gte=MONDAY)
    assert [row.told_at is not None for row in rows.order_by("monday")] == [False] * 3 + [True]
    assert told(lead) == 1


def test_the_queue_and_the_week_say_so(team: Team) -> None:
    for week in (0, 1):
        urgent(team, NOW + week * WEEK)
    actions.watch_capacity(now=NOW + 2 * WEEK)
    reader = signed_in(make_user(role="observer"))
    for path in (f"/triage/?team={team.id}", f"/triage/week/?team={team.id}"):
        shown = reader.get(path).content.decode()
        assert "More urgent work comes in than there are hours." in shown, path
        assert "With 2 hours more a week" in shown, path
    assert "More urgent work" not in reader.get("/triage/").content.decode()
