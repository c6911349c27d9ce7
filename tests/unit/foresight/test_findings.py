"""Findings: compared with what is known, dismissed for a while, rules that never decide."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.foresight.logic.findings import (
    Found,
    Known,
    RuleFact,
    Weight,
    compare,
    is_dismissed,
    rule_troubles,
    wrong_dismissal,
)
from evenfall.foresight.logic.kinds import Check

TODAY = date(2026, 3, 2)
SINCE = datetime(2026, 2, 1, tzinfo=UTC)


def found(subject: str) -> Found:
    return Found(
        check=Check.ROTA,
        weight=Weight.WARNING,
        subject=subject,
        title="",
        why="",
        mend="",
        mend_url="",
    )


@given(st.lists(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_every_trouble_is_fresh_still_there_or_gone(now: list[str], before: set[str]) -> None:
    known = [Known(id=n, key=found(s).key) for n, s in enumerate(sorted(before))]
    ids = {one.key: one.id for one in known}
    difference = compare(known, map(found, now))
    assert {one.subject for one in difference.fresh} == set(now) - before
    assert len(difference.fresh) == len(set(now) - before)
    assert {one.subject for _, one in difference.still} == set(now) & before
    assert set(difference.gone) == {ids[found(s).key] for s in before - set(now)}


def test_a_dismissal_has_a_reason_and_a_day() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert wrong_dismissal(tomorrow, "New hire", today=TODAY) == ""
    assert "why" in wrong_dismissal(tomorrow, " ", today=TODAY)
    assert "to come" in wrong_dismissal(TODAY, "x", today=TODAY)
    assert "180 days" in wrong_dismissal(TODAY + timedelta(days=181), "x", today=TODAY)
    assert (is_dismissed(tomorrow, TODAY), is_dismissed(tomorrow, tomorrow)) == (True, False)
    assert not is_dismissed(None, TODAY)


def rule(number: int, *, holds: int = 0, took: int = 0, **more: object) -> RuleFact:
    told = {"condition": "x", "is_catch_all": False, "changed_at": SINCE, **more}
    return RuleFact(id=number, name=f"rule {number}", holds=holds, took=took, **told)  # type: ignore[arg-type] # as given


def told(*rules: RuleFact, looked_at: int = 100) -> list[tuple[Check, str]]:
    troubles = rule_troubles(rules, looked_at=looked_at, days=30, since=SINCE)
    return [(one.check, one.subject) for one in troubles]


def test_what_stands_behind_a_rule_that_always_holds_is_dead() -> None:
    always = rule(1, holds=9, took=9, condition=" True ")
    last = rule(3, is_catch_all=True)
    assert told(always, rule(2, holds=5), last) == [(Check.DEAD_RULE, "rule:2")]


def test_shadowed_and_idle_rules_are_told_apart() -> None:
    rules = (rule(1, holds=9, took=9), rule(2, holds=4), rule(3), rule(4, changed_at=None))
    assert told(*rules) == [
        (Check.DEAD_RULE, "rule:2"),
        (Check.IDLE_RULE, "rule:3"),
        (Check.IDLE_RULE, "rule:4"),
    ]


def test_young_rules_and_quiet_days_say_nothing() -> None:
    young = rule(1, changed_at=SINCE + timedelta(days=1))
    assert told(young) == []
    assert told(rule(2), looked_at=0) == []
