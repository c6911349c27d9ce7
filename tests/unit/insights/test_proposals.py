"""What would have spared pages, by how they went."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.insights.logic.proposals import (
    LEAST,
    Kind,
    Looking,
    Problem,
    Woken,
    inhibitions,
    suggestions,
)

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def problem(*pages: Woken, key: str = "1|PROD|Cpu", monitor: Looking | None = None) -> Problem:
    """Pages an hour apart, unless they say when they came."""
    placed = [
        one if one.at != AT else replace(one, at=AT + n * HOUR) for n, one in enumerate(pages)
    ]
    return Problem(key=key, pages=placed, monitor=monitor)


def kinds(one: Problem) -> list[Kind]:
    return [found.kind for found in suggestions(one)]


IDLE, ACTED = Woken(at=AT), Woken(at=AT, is_acted=True)


def test_nothing_on_few_pages() -> None:
    assert suggestions(problem(*[IDLE] * (LEAST - 1))) == []
    assert inhibitions([problem(*[IDLE] * (LEAST - 1))]) == []


def test_what_nobody_acts_on_becomes_a_ticket_and_says_what_it_hides() -> None:
    critical = replace(ACTED, is_critical=True)
    (found,) = suggestions(problem(*[IDLE] * 19, critical))
    assert (found.kind, found.spared, found.acted, found.critical) == (Kind.TICKET, 20, 1, 1)
    assert kinds(problem(*[ACTED] * 8)) == []


def test_what_is_sometimes_needed_may_wait_for_the_morning() -> None:
    night = replace(IDLE, is_night=True)
    (found,) = suggestions(problem(night, night, night, IDLE, IDLE, ACTED, ACTED))
    assert (found.kind, found.spared, found.nights) == (Kind.LOW, 3, 3)
    assert kinds(problem(night, night, IDLE, IDLE, IDLE, ACTED, ACTED)) == []


def test_what_people_call_useless_may_be_silent() -> None:
    useless = replace(IDLE, is_not_actionable=True)
    assert Kind.SILENCE in kinds(problem(useless, useless, useless, IDLE, IDLE))
    assert Kind.SILENCE not in kinds(problem(useless, useless, IDLE, IDLE, IDLE))
    assert Kind.SILENCE not in kinds(problem(useless, useless, useless, IDLE, ACTED))


def test_what_heals_by_itself_waits_as_long_as_most_take() -> None:
    short, long = replace(IDLE, over_s=100), replace(IDLE, over_s=290)
    worked = replace(ACTED, over_s=60, is_critical=True)
    own = Looking(monitor_id=7, interval_s=60, bad_needed=2)
    found = suggestions(problem(*[short] * 8, long, worked, monitor=own))[-1]
    assert (found.kind, found.spared, found.acted, found.critical) == (Kind.LONGER, 9, 1, 1)
    assert found.change == {"minutes": 2, "monitor_id": 7, "bad_needed": 4, "was": 2}
    sender = suggestions(problem(*[short] * 8, long, worked))[-1]
    assert (sender.kind, sender.change) == (Kind.SENDER, {"minutes": 2})
    # five minutes and a second are nothing that heals by itself, but a rule may wait for it
    late = problem(*[replace(IDLE, over_s=301)] * 6, monitor=own)
    assert kinds(late) == [Kind.TICKET]


def test_a_rule_waits_where_that_hides_nothing_anybody_acted_on() -> None:
    short, long = replace(IDLE, over_s=100), replace(IDLE, over_s=290)
    worked = replace(ACTED, over_s=600, is_critical=True)
    found = suggestions(problem(*[short] * 8, long, worked))[-1]
    assert (found.kind, found.spared, found.acted, found.change) == (
        Kind.WAIT,
        8,
        0,
        {"minutes": 2},
    )
    assert found.counts == {"later": 2}
    assert found.why == (
        "8 of 10 pages were over by themselves within 2 minutes, and nobody had acted on any of "
        "these. The other 2 would have come 2 minutes later."
    )
    (_, all_short) = suggestions(problem(*[replace(IDLE, over_s=30)] * 6))
    assert all_short.why.endswith("any of these.")
    one_late = suggestions(problem(*[replace(IDLE, over_s=30)] * 6, worked))[-1]
    assert one_late.why.endswith("The other would have come a minute later.")


def test_what_comes_while_it_is_open_joins_it() -> None:
    again = replace(ACTED, after_s=1_500, was_open=True)
    late = replace(ACTED, after_s=90_000, was_open=True)
    found = suggestions(problem(ACTED, *[again] * 5))
    assert [(one.kind, one.spared, one.change) for one in found] == [
        (Kind.GROUP, 5, {"minutes": 30})
    ]
    assert suggestions(problem(ACTED, *[again] * 5, late))[0].change == {"minutes": 240}
    assert kinds(problem(ACTED, *[replace(again, was_open=False)] * 5)) == []
    assert kinds(problem(ACTED, *[late] * 5)) == []


def test_a_symptom_follows_its_cause_not_the_other_way_round() -> None:
    cause = problem(*[ACTED] * 6, key="db")
    later = [replace(one, at=one.at + timedelta(minutes=4)) for one in cause.pages]
    symptom = problem(*later, key="web")
    (found,) = inhibitions([cause, symptom])
    assert (found.kind, found.problem, found.change) == (Kind.INHIBIT, "web", {"cause": "db"})
    assert found.acted == 6
    far = problem(*[replace(one, at=one.at + HOUR / 2) for one in cause.pages], key="web")
    assert inhibitions([cause, far]) == []
    seldom = problem(*later[:4], *far.pages[4:], key="web")
    assert inhibitions([cause, seldom]) == []


@given(
    st.lists(
        st.builds(
            Woken,
            at=st.just(AT),
            over_s=st.none() | st.integers(0, 9_000),
            after_s=st.none() | st.integers(0, 90_000),
            was_open=st.booleans(),
            is_acted=st.booleans(),
            is_night=st.booleans(),
            is_critical=st.booleans(),
            is_not_actionable=st.booleans(),
        ),
        max_size=40,
    )
)
def test_no_proposal_claims_more_than_there_was(pages: list[Woken]) -> None:
    for found in suggestions(problem(*pages)):
        assert 0 <= found.critical <= found.acted <= found.spared <= found.pages == len(pages)
        assert found.nights <= found.spared
