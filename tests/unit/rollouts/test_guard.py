"""The fast lane."""

from datetime import UTC, datetime, timedelta

from evenfall.rollouts.logic.guard import Counts, Reading, judge_errors, since
from evenfall.rollouts.logic.plan import Guard
from evenfall.rollouts.logic.verdicts import Outcome, Verdict, worst

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
GUARD = Guard(most_percent=5, window_s=30, least=20, least_errors=3)


def seconds(
    *new: tuple[int, int], stable: tuple[int, int] = (20, 0), until: datetime = NOW
) -> list[Reading]:
    """One reading a second; the last one is now."""
    first = until - timedelta(seconds=len(new) - 1)
    return [
        Reading(
            at=first + timedelta(seconds=number),
            new=Counts(requests=requests, errors=errors),
            stable=Counts(requests=stable[0], errors=stable[1]),
        )
        for number, (requests, errors) in enumerate(new)
    ]


def outcome(readings: list[Reading], guard: Guard = GUARD) -> Outcome:
    return judge_errors(guard, readings, now=NOW).outcome


def test_enough_requests_without_errors_pass() -> None:
    assert outcome(seconds(*[(20, 0)] * 5)) is Outcome.PASS


def test_no_data_and_too_little_are_never_a_pass() -> None:
    """Complaints 27 and 36: no traffic is no verdict, neither a failure nor a pass."""
    assert outcome([]) is Outcome.NO_DATA
    assert outcome(seconds(*[(0, 0)] * 30)) is Outcome.NO_DATA
    assert outcome(seconds((10, 2))) is Outcome.NO_DATA


def test_traffic_that_stops_midway_is_no_data_again() -> None:
    """Complaint 27, the reverse: what passed earlier leads no further."""
    assert outcome(seconds(*[(20, 0)] * 60, *[(0, 0)] * 31)) is Outcome.NO_DATA


def test_two_seconds_of_errors_fail_though_half_a_minute_was_good() -> None:
    assert outcome(seconds(*[(100, 0)] * 28, (100, 20), (100, 20))) is Outcome.FAIL


def test_one_bad_second_among_good_ones_is_a_blip() -> None:
    assert outcome(seconds(*[(100, 0)] * 28, (100, 20), (100, 0))) is Outcome.PASS


def test_many_errors_within_the_window_fail_and_the_reason_has_the_numbers() -> None:
    verdict = judge_errors(GUARD, seconds(*[(20, 2)] * 10), now=NOW)
    assert verdict.outcome is Outcome.FAIL
    assert verdict.reason == "20 of 200 requests failed (10.0 %), 5 % may."


def test_what_is_older_than_the_window_counts_no_more() -> None:
    old = seconds(*[(20, 20)] * 5, until=NOW - timedelta(seconds=30))
    assert outcome([*old, *seconds(*[(20, 0)] * 5)]) is Outcome.PASS


def test_where_the_stable_side_is_as_bad_a_person_decides() -> None:
    """Complaint 24: going back to what fails as well would help nobody."""
    verdict = judge_errors(GUARD, seconds(*[(20, 10)] * 5, stable=(20, 12)), now=NOW)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "60.0 % failed on the stable side too" in verdict.reason


def test_a_good_version_passes_though_the_stable_one_is_bad() -> None:
    """Complaint 24."""
    assert outcome(seconds(*[(20, 0)] * 5, stable=(20, 20))) is Outcome.PASS


def test_counters_that_began_anew_are_taken_as_they_are() -> None:
    before, after = Counts(requests=100, errors=5), Counts(requests=7, errors=1)
    assert since(before, after) == after
    assert since(before, Counts(requests=130, errors=5)) == Counts(requests=30, errors=0)
    assert Counts().percent == 0.0


def test_the_worst_verdict_counts_and_nothing_is_no_data() -> None:
    said = [Verdict(outcome=one, reason=one.value) for one in (Outcome.PASS, Outcome.NO_DATA)]
    assert worst(said).outcome is Outcome.NO_DATA
    assert worst([]).outcome is Outcome.NO_DATA
