"""What a rule that is not saved yet would do."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.alerting import NIGHT, candidate

from evenfall.alerting.logic.rules import Rule, compile_rules
from evenfall.alerting.logic.trying import (
    SHOWN,
    Taken,
    Trial,
    Tried,
    busiest,
    draft_among,
    examples,
    look_at,
    scaled,
    spread,
    trouble_with,
)

RULES = [
    Rule(id=1, name="First", condition='labels.team == "api"'),
    Rule(id=2, name="Second", condition='labels.team == "web"'),
    Rule(id=3, name="Off", condition='labels.team == "db"', is_enabled=False),
    Rule(id=9, name="Everything else", is_catch_all=True),
]


def tried(number: int, team: str, *, unparsed: bool = False) -> Tried:
    at = NIGHT + timedelta(days=number % 3)
    return Tried(number, f"alert {number}", at, candidate(labels={"team": team}), unparsed)


def trial(condition: str, rule_id: int | None, *teams: str) -> tuple[Trial, list[str]]:
    draft = draft_among(RULES, compile_rules(7, RULES), rule_id=rule_id, condition=condition)
    found = Trial()
    alerts = [tried(number, team) for number, team in enumerate(teams)]
    look_at(alerts, draft, found, day_of=lambda at: at.date())
    return found, [f"{one.today}>{one.then}" for one in examples(found, draft)]


def test_a_new_rule_takes_from_the_catch_all_and_not_from_those_before_it() -> None:
    found, shown = trial('labels.team in ("web", "db")', None, "web", "db", "db", "ops")
    assert (found.looked_at, found.matched, found.taken) == (4, 3, 2)
    assert found.earlier == {"Second": 1}
    assert found.gained == {"Everything else": 2}
    assert not found.lost
    assert shown == ["Everything else>This rule", "Everything else>This rule", "Second>Second"]
    assert sorted(found.seen_by_day.values()) == [1, 1, 2]
    assert sorted(found.matched_by_day.values()) == [1, 1, 1]


def test_a_changed_rule_gives_away_what_it_no_longer_takes() -> None:
    found, _ = trial('labels.team == "db"', 2, "web", "db", "api")
    assert (found.matched, found.taken) == (1, 1)
    assert found.lost == {"Everything else": 1}
    assert found.gained == {"Everything else": 1}


def test_a_rule_that_is_switched_off_is_tried_as_if_it_were_on() -> None:
    found, _ = trial('labels.team == "db"', 3, "db")
    assert found.gained == {"Everything else": 1}


def test_a_message_nobody_understood_is_for_the_catch_all() -> None:
    draft = draft_among(RULES, compile_rules(7, RULES), rule_id=None, condition="true")
    found = Trial()
    look_at([tried(1, "x", unparsed=True)], draft, found, day_of=lambda at: at.date())
    assert (found.looked_at, found.matched) == (1, 0)


def test_examples_are_the_newest_with_their_values() -> None:
    draft = draft_among(
        RULES, compile_rules(7, RULES), rule_id=None, condition='"d" in labels.team'
    )
    found = Trial()
    alerts = [tried(number, "db") for number in range(20)]
    look_at(alerts, draft, found, day_of=lambda at: at.date())
    shown = examples(found, draft)
    assert [one.alert_id for one in shown] == list(range(19, 19 - SHOWN, -1))
    assert shown[0].values == (("labels.team", "db"),)
    assert shown[0].is_taken


def test_a_mistake_is_shown_in_its_place() -> None:
    found = trouble_with('  severity = "x"')
    assert found
    assert (found.before, found.there, found.after) == ("severity ", "=", ' "x"')
    assert (found.column, found.caret) == (10, 11)
    assert trouble_with("true") is None
    empty = trouble_with("")
    assert empty
    assert (empty.before, empty.there, empty.after) == ("", "", "")


@given(st.integers(0, 10**6), st.integers(-1, 10**5), st.integers(1, 500))
def test_a_sample_is_spread_evenly(first: int, more: int, most: int) -> None:
    last = first + more
    chosen = spread(first, last, most)
    assert len(set(chosen)) == len(chosen) <= most
    assert all(first <= number <= last for number in chosen)
    if more + 1 <= most:
        assert sorted(chosen) == list(range(first, last + 1))
    else:
        assert len(chosen) >= min(most, more + 1) // 2 - 1
        widest = (
            max(b - a for a, b in zip(sorted(chosen), sorted(chosen)[1:], strict=False))
            if len(chosen) > 1
            else 0
        )
        assert widest <= 3 * -(-(more + 1) // most)


def test_the_beginning_of_a_sample_is_spread_as_well() -> None:
    some = spread(1, 100_000, 4_000)[:1_000]
    tenths = [sum(n * 10_000 < x <= (n + 1) * 10_000 for x in some) for n in range(10)]
    assert all(70 <= count <= 130 for count in tenths), tenths


def test_numbers_of_a_sample_are_rounded() -> None:
    assert scaled(10, 100, 100) == 10
    assert scaled(123, 4_000, 52_000) == 1_600
    assert scaled(0, 0, 10) == 0


def test_the_busiest_come_first() -> None:
    assert busiest({"b": 1, "a": 1, "c": 2}, most=2) == (
        Taken(rule="c", count=2),
        Taken(rule="a", count=1),
    )
    assert spread(5, 4, 10) == []
