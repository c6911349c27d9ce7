from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import make_rota

from evenfall.oncall import actions as on_call
from evenfall.oncall.logic.away import Kind
from evenfall.triage import actions, queries

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def test_leave_and_duty_leave_fewer_hours() -> None:
    """Ada is on call all week; Ben is away for two days and Eve has nothing else to do."""
    ada, ben, eve = make_user(), make_user("Ben"), make_user("Eve")
    team = make_team(members=(ada, ben, eve))
    make_rota(ada, team=team, now=NOW - timedelta(days=30))
    starts = datetime(2026, 3, 5, tzinfo=UTC)
    on_call.add_absence(
        user_id=ben.id,
        kind=Kind.HOLIDAY,
        starts_at=starts,
        ends_at=starts + timedelta(days=2),
        now=NOW,
        actor="system",
    )
    people = {one.name: one for one in queries.people_of_week(team.id, monday=MONDAY)}
    assert (people["Ben"].leave, people["Eve"].leave) == (16, 0)
    assert people["Eve"].hours == pytest.approx(40 * 0.7 * 0.2)
    assert people["Ben"].hours == pytest.approx((28 - 16) * 0.2)
    assert 0 < people["Ada"].on_call <= 1
    whole = queries.week_hours(team.id, monday=MONDAY)
    assert whole == pytest.approx(sum(one.hours for one in people.values()))


def test_hours_that_were_set_count_and_nobody_has_none() -> None:
    team = make_team()
    assert queries.week_hours(team.id, monday=MONDAY) is None
    wish = actions.ReviewWish(weekly_hours=7.5)
    actions.set_team_review(team_id=team.id, wish=wish, now=NOW, actor="system")
    assert queries.week_hours(team.id, monday=MONDAY) == 7.5
