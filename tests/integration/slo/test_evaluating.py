"""Each minute: budgets, states and alerts out of counts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW, make_user
from tests.factories.objectives import (
    MINUTE,
    count,
    evaluated,
    make_indicator,
    make_objective,
)

from evenfall.alerting.models.signal_queue import take_signals
from evenfall.platform.models import JournalEntry
from evenfall.slo import actions, queries
from evenfall.slo.actions import CorrectionWish
from evenfall.slo.actions.counting import store_counts
from evenfall.slo.logic.spec import Member, Method, NoData, Span, Unit, Window
from evenfall.slo.logic.states import BudgetState, CorrectionKind
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import Bounds
from evenfall.slo.models import Count, DaySum, Firing, HourSum, Objective, Standing
from evenfall.slo.queries.sums import Asked, window_sums

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def standing(objective: Objective) -> Standing:
    return Standing.objects.get(objective=objective)


def firing() -> dict[str, str]:
    return dict(Firing.objects.filter(ended_at=None).values_list("kind", "pair"))


def signals() -> str:
    """What was told since the last time."""
    return "".join(one.body.decode() for one in take_signals())


def test_sums_follow_every_change_of_a_minute() -> None:
    one = make_indicator()
    count(one, minutes=200, total=10, bad=1)
    count(one, minutes=3, total=10, bad=4)
    assert Count.objects.count() == 200
    for width in (HourSum, DaySum):
        rows = width.objects.values_list("good", "total")
        assert sum(total for _, total in rows) == 2000
        assert sum(good for good, _ in rows) == 1800 - 9


def test_windows_are_exact_to_the_minute() -> None:
    one = make_indicator()
    since = NOW - timedelta(days=3, minutes=17)
    minutes = {since + n * MINUTE: Tally(1, 1 + n % 3) for n in range(3 * 1440 + 17)}
    store_counts({one.series_id: minutes})
    whole = ((0, 5), (3, 61), (0, 1000), (59, 4000), (17, 4337), (100, 100))
    # corrections may begin and end in the middle of a minute
    between = ((0.5, 5.2), (2.99, 61.01), (0.5, 1000), (17, 4336.5), (100.1, 100.9))
    for first, last in (*whole, *between):
        over = Bounds(since + first * MINUTE, since + last * MINUTE)
        mine = [tally for at, tally in minutes.items() if over.holds(at)]
        found = window_sums([Asked(one.series_id, over)]).get(Asked(one.series_id, over), Tally())
        assert found == Tally(sum(t.good for t in mine), sum(t.total for t in mine))


def test_a_budget_without_data_is_unknown() -> None:
    objective = make_objective()
    assert evaluated() == 1
    row = standing(objective)
    assert (row.state, row.spent, row.good, row.total) == ("UNKNOWN", None, None, None)
    assert evaluated() == 0


def test_what_was_spent_is_said() -> None:
    objective = make_objective(target=0.99)
    assert objective.indicator is not None
    count(objective.indicator, minutes=1000, bad=0.5)
    evaluated()
    row = standing(objective)
    assert row.total == 100_000
    assert row.spent == pytest.approx(0.5)
    assert row.state == BudgetState.OK.value
    assert row.burn == pytest.approx(0.5)
    # half of the budget at a burn of one half: a whole period
    assert row.exhausted_at == NOW + timedelta(days=30)


def test_states_change_as_events_and_hold_until_enough_is_back() -> None:
    objective = make_objective(target=0.99)
    indicator = objective.indicator
    assert indicator is not None
    count(indicator, until=NOW, minutes=100, bad=2)
    evaluated()
    assert standing(objective).state == "FROZEN"
    count(indicator, until=NOW + HOUR, minutes=60)
    count(indicator, until=NOW + 2 * HOUR, minutes=50)
    evaluated(NOW + 2 * HOUR)
    # 200 of 21,000 are bad: 4.8 % of the budget are back, which is not enough
    assert standing(objective).spent == pytest.approx(200 / 210)
    assert standing(objective).state == "FROZEN"
    count(indicator, until=NOW + 3 * HOUR, minutes=60)
    evaluated(NOW + 3 * HOUR)
    assert standing(objective).state == "OK"
    told = JournalEntry.objects.filter(kind="slo.budget_state_changed").order_by("id")
    assert [(one.data["before"], one.data["after"]) for one in told] == [
        ("UNKNOWN", "FROZEN"),
        ("FROZEN", "OK"),
    ]


def test_a_page_fires_with_its_windows_and_ends() -> None:
    objective = make_objective(target=0.999, now=NOW - DAY)
    indicator = objective.indicator
    assert indicator is not None
    count(indicator, minutes=600)
    count(indicator, minutes=10, bad=50)
    evaluated()
    assert firing() == {"page": "page quick", "exhausted": ""}
    row = Firing.objects.get(kind="page")
    assert (row.long, row.short, row.factor) == (60, 5, 14.4)
    assert row.burn_long == pytest.approx(500 / 6000 / 0.001)
    body = signals()
    assert f"objective-{objective.pk}-page" in body
    assert f"/objectives/{objective.pk}/" in body
    assert "/objectives/pictures/" in body
    assert "page quick" in body
    count(indicator, until=NOW + 40 * MINUTE, minutes=40)
    evaluated(NOW + 40 * MINUTE)
    assert "page" not in firing()
    # the ticket, which the page had kept quiet, is told now
    assert firing()["ticket"] == "ticket quick"
    assert "resolved" in signals()


def test_while_no_data_comes_a_page_goes_on_and_the_lack_is_told() -> None:
    objective = make_objective(target=0.999, now=NOW - DAY)
    assert objective.indicator is not None
    count(objective.indicator, minutes=60, bad=50)
    evaluated()
    evaluated(NOW + 3 * HOUR)
    assert firing() == {"page": "page quick", "exhausted": "", "absent": ""}
    assert "no data since 2026-03-02 12:00" in signals()


def test_an_archived_objective_is_told_as_over() -> None:
    objective = make_objective(now=NOW - DAY)
    evaluated()
    assert firing() == {"absent": ""}
    actions.archive_objective(objective_id=objective.pk, now=NOW, actor="system")
    assert firing() == {}
    assert evaluated(NOW + HOUR) == 0


def test_corrections_with_a_reason_complaints_4_13_14() -> None:
    """Complaints 4, 13, 14: weekly and ad-hoc maintenance does not count, and it is said why."""
    objective = make_objective(target=0.9)
    assert objective.indicator is not None
    count(objective.indicator, minutes=100)
    count(objective.indicator, until=NOW - 20 * MINUTE, minutes=20, bad=100)
    wish = CorrectionWish(
        kind=CorrectionKind.MAINTENANCE,
        starts_at=NOW - 40 * MINUTE - timedelta(days=7),
        ends_at=NOW - 30 * MINUTE - timedelta(days=7),
        reason="Database upgrade",
        weeks=2,
    )
    by = make_user("Ana")
    first, second = actions.correct(
        objective_id=objective.pk, wish=wish, by=by.pk, now=NOW, actor="user:1"
    )
    evaluated()
    row = standing(objective)
    assert row.spent_raw == pytest.approx(2)
    assert row.spent == pytest.approx(1000 / 9000 / 0.1)
    assert row.total == 9000
    shown = queries.corrections(objective.pk)[0]
    assert (shown.reason, shown.by, shown.id) == ("Database upgrade", "Ana", second)
    actions.withdraw_correction(
        objective_id=objective.pk, correction_id=second, by=by.pk, now=NOW, actor="user:1"
    )
    actions.withdraw_correction(
        objective_id=objective.pk, correction_id=first, by=by.pk, now=NOW, actor="user:1"
    )
    evaluated(NOW + MINUTE)
    assert standing(objective).spent == pytest.approx(2)
    assert queries.history(objective.pk, now=NOW)[-1][1] == pytest.approx(-1)


@pytest.mark.parametrize(
    ("method", "spent"), [(Method.TIMESLICES, 2 / 12), (Method.RATIO_TIMESLICES, 1.6 / 12)]
)
def test_slices_are_made_of_minutes_and_again_of_late_ones(method: Method, spent: float) -> None:
    promise = {"method": method, "slice_minutes": 5, "slice_target": 0.9}
    objective = make_objective(target=0.5, promise=promise)
    assert objective.indicator is not None
    at = NOW + 2 * MINUTE
    count(objective.indicator, minutes=60)
    count(objective.indicator, minutes=10, bad=80)
    evaluated(at)
    row = standing(objective)
    assert row.total == 12
    assert row.spent == pytest.approx(spent / 0.5)
    count(objective.indicator, minutes=10)
    evaluated(at + MINUTE)
    assert standing(objective).spent == 0


def test_a_slice_without_data_can_be_bad() -> None:
    promise = {"method": Method.TIMESLICES, "slice_minutes": 30, "no_data": NoData.BAD}
    hour = Window(span=Span(2, Unit.HOUR))
    objective = make_objective(target=0.5, window=hour, promise=promise)
    evaluated(NOW + 2 * MINUTE)
    row = standing(objective)
    assert (row.good, row.total) == (0, 3)


def test_members_of_a_composite_burn_together() -> None:
    one, two = make_indicator(), make_indicator(name="Other")
    members = (
        Member(indicator_id=one.pk, weight=2),
        Member(indicator_id=two.pk, target=0.9),
    )
    objective = make_objective(target=0.99, members=members)
    count(one, bad=1)
    count(two, bad=5)
    evaluated()
    assert standing(objective).spent == pytest.approx(2 * 1 + 0.5)


def test_a_calendar_window_freezes_by_the_traffic_to_come() -> None:
    """Both figures are kept: against the traffic so far, and against what is expected."""
    month = Window(
        span=Span(1, Unit.MONTH), zone="UTC", starts=datetime.fromisoformat("2026-03-01")
    )
    objective = make_objective(target=0.99, window=month)
    assert objective.indicator is not None
    count(objective.indicator, until=datetime(2026, 3, 2, tzinfo=UTC), minutes=1440, total=100)
    count(objective.indicator, minutes=720, total=100, bad=4)
    evaluated()
    row = standing(objective)
    assert row.since == datetime(2026, 3, 1, tzinfo=UTC)
    assert row.spent == pytest.approx(2880 / 216_000 / 0.01)
    assert row.spent_forecast is not None
    assert row.spent_forecast < 0.1
    assert row.state == "OK"
    evaluated(datetime(2026, 4, 1, 0, 1, tzinfo=UTC))
    assert standing(objective).state == "UNKNOWN"


def test_all_objectives_take_a_fixed_number_of_queries() -> None:
    for number in range(3):
        count(make_indicator(name=f"A{number}"), bad=1)
    for number in range(2):
        make_objective(f"Few {number}")
    with CaptureQueriesContext(connection) as few:
        evaluated()
    for number in range(10):
        make_objective(f"Many {number}")
    with CaptureQueriesContext(connection) as many:
        evaluated(NOW + MINUTE)
    assert len(many) <= len(few) + 1


def test_the_history_ends_where_the_standing_is() -> None:
    """Complaint 11: the graph agrees with the figure beside it."""
    objective = make_objective(target=0.99, window=Window(span=Span(1, Unit.DAY)))
    assert objective.indicator is not None
    count(objective.indicator, minutes=3000, bad=0.5)
    count(objective.indicator, until=NOW - HOUR, minutes=90, bad=3)
    evaluated()
    spent = standing(objective).spent
    assert spent is not None
    points = queries.history(objective.pk, now=NOW)
    assert len(points) == 24
    assert points[-1][0] == NOW
    assert points[-1][1] == pytest.approx(1 - spent)
