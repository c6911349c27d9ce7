"""Scores and differences: what is missing, what is too much, and what is only late."""

from datetime import timedelta

from msgspec.structs import replace
from tests.day import report
from tests.day.comparing import Found, FoundIncident, differences
from tests.day.generator import make_day
from tests.day.plan import Call, Day
from tests.day.rivals import Ring
from tests.day.scoring import night, rings_of, score

DAY = make_day(signals=3_500, share=0.1)


def as_planted(day: Day) -> Found:
    """A day that ended as it ought to."""
    return Found(
        alerts=len(day.firings),
        incidents=[
            FoundIncident(
                id=number,
                team=one.team,
                environment=one.environment,
                state="resolved",
                firings=one.firings,
                calls=one.calls,
            )
            for number, one in enumerate(day.incidents, start=1)
        ],
        quiet={number: why.value for number, why in day.quiet.items()},
        people_called=0,
        open_alerts=0,
    )


def changed(**fields: object) -> list[str]:
    found = as_planted(DAY)
    first = replace(found.incidents[0], **fields)
    return differences(DAY, replace(found, incidents=[first, *found.incidents[1:]]))


def test_a_day_as_planted_has_no_differences() -> None:
    assert differences(DAY, as_planted(DAY)) == []


def test_a_missing_incident_is_told() -> None:
    found = as_planted(DAY)
    (told,) = differences(DAY, replace(found, incidents=found.incidents[1:]))
    assert told.startswith("missing: incident of")


def test_an_incident_that_nobody_planted_is_told() -> None:
    found = as_planted(DAY)
    extra = replace(found.incidents[0], id=999, firings=frozenset(list(DAY.quiet)[:1]))
    (told,) = differences(DAY, replace(found, incidents=[*found.incidents, extra]))
    assert told.startswith("not planted: incident of")


def test_a_wrong_team_a_late_page_and_a_second_page_are_differences() -> None:
    call = DAY.incidents[0].calls[0]
    late = replace(call, at=call.at + timedelta(seconds=15))
    assert len(changed(team="nobody")) == 2
    assert len(changed(calls=(late,))) == 2
    assert len(changed(calls=(*DAY.incidents[0].calls, late))) == 2
    assert len(changed(calls=())) == 2
    assert len(changed(calls=(replace(call, is_urgent=False),))) == 2


def test_an_incident_that_is_not_over_is_told() -> None:
    assert changed(state="open") == ["incident 1 of platform is still open"]


def test_an_alert_that_is_quiet_for_another_reason_is_told() -> None:
    found = as_planted(DAY)
    number = next(iter(DAY.quiet))
    (told,) = differences(DAY, replace(found, quiet={**found.quiet, number: "nothing"}))
    assert "nothing, not" in told


def ring(problem: str, *, after: timedelta = timedelta()) -> Ring:
    one = DAY.problems[problem]
    return Ring(at=one.began + after, firings=one.firings)


def test_one_page_for_each_problem_is_perfect() -> None:
    rings = [ring(number) for number in DAY.problems]
    scored = score(DAY, "perfect", rings)
    assert (scored.precision, scored.recall, scored.per_problem) == (1.0, 1.0, 1.0)
    assert scored.usual_wait_s == 0


def test_a_second_page_for_a_problem_costs_precision() -> None:
    rings = [ring(number) for number in DAY.problems for _ in range(2)]
    scored = score(DAY, "twice", rings)
    assert (scored.precision, scored.recall, scored.per_problem) == (0.5, 1.0, 2.0)


def test_a_problem_nobody_hears_of_costs_recall() -> None:
    _, *rest = DAY.problems
    scored = score(DAY, "deaf", [ring(number) for number in rest])
    assert scored.recall == 1 - 1 / len(DAY.problems)
    assert scored.precision == 1.0


def test_a_page_after_the_end_tells_of_nothing() -> None:
    number = next(iter(DAY.problems))
    one = DAY.problems[number]
    scored = score(DAY, "late", [ring(number, after=one.ended - one.began + timedelta(minutes=1))])
    assert (scored.needed, scored.told) == (0, 0)


def test_no_pages_at_all_and_no_problems_at_all_have_scores_too() -> None:
    silent = score(DAY, "silent", [])
    assert (silent.precision, silent.recall, silent.per_problem) == (0.0, 0.0, 0.0)
    assert score(replace(DAY, problems={}), "calm", []).recall == 1.0


def test_the_night_is_from_ten_to_seven() -> None:
    nights = [hour for hour in range(24) if night(DAY.starts + timedelta(hours=hour))]
    assert nights == [0, 1, 2, 3, 4, 5, 6, 22, 23]


def test_our_pages_tell_of_what_had_begun_and_quiet_ones_do_not_count() -> None:
    planned = next(one for one in DAY.incidents if one.story == "an outage and its symptoms")
    quiet = Call(at=planned.calls[0].at, team=planned.team, is_urgent=False)
    found = FoundIncident(
        id=1,
        team=planned.team,
        environment="PROD",
        state="resolved",
        firings=planned.firings,
        calls=(*planned.calls, quiet),
    )
    (only,) = rings_of(DAY, [found])
    assert only.firings < planned.firings
    assert all(DAY.firings[number].began <= only.at for number in only.firings)


def test_the_report_shows_the_same_figures_everywhere() -> None:
    scored = score(DAY, "One way", [ring(number) for number in DAY.problems])
    said = report.terminal(DAY, [scored])
    assert "3,500 signals" in said
    assert "100.0%" in said
    assert "| One way |" in report.markdown([scored])
    assert f"| **together** | {len(DAY.problems)} |" in report.contents(DAY)
    drawn = report.picture([scored])
    assert drawn.count("<rect") == 1 + sum(count > 0 for count in scored.by_hour)
    assert "nan" not in report.picture([score(DAY, "none", [])])
