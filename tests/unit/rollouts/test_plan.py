"""Plans as people write them."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.rollouts.logic.plan import (
    Do,
    PlanUnclear,
    Step,
    Strategy,
    Traffic,
    all_at_once,
    read_plan,
    read_written,
    traffic_at,
    written,
)

CANARY: dict[str, Any] = {
    "strategy": "canary",
    "steps": [
        {"setWeight": 5},
        {"pause": {"duration": "5m"}},
        {"setHeaderRoute": {"name": "X-Canary", "value": "yes"}},
        {"setWeight": 50},
        {"analysis": {"duration": "90s", "name": "latency"}},
        {"setHeaderRoute": {"name": "X-Canary"}},
        {"pause": {}},
    ],
    "watch": "2h",
}


def test_a_canary_has_its_traffic_at_each_step() -> None:
    plan = read_plan(CANARY)

    assert plan.steps[1] == Step(do=Do.PAUSE, seconds=300)
    assert (plan.watch_s, plan.warm_s) == (7200, 7200)
    route = (("X-Canary", "yes"),)
    expected = [Traffic(5), Traffic(5), Traffic(5, route), Traffic(50, route), Traffic(50, route)]
    assert [traffic_at(plan, step) for step in range(-1, 5)] == [Traffic(0), *expected]
    assert traffic_at(plan, len(plan.steps)) == Traffic(50)


def test_blue_green_is_a_preview_an_analysis_a_person_and_then_the_switch() -> None:
    plan = read_plan(
        {
            "strategy": "blue_green",
            "preview": {"name": "X-Preview", "value": "1"},
            "prePromotionAnalysis": {"duration": "60s"},
            "autoPromotion": False,
        }
    )

    assert [step.do for step in plan.steps] == [Do.HEADERS, Do.ANALYSIS, Do.PAUSE]
    assert all(traffic_at(plan, step).weight == 0 for step in range(3))
    assert plan.strategy is Strategy.BLUE_GREEN
    waits = read_plan({"strategy": "blue_green", "autoPromotionSeconds": 30})
    assert waits.steps == (Step(do=Do.PAUSE, seconds=30),)
    assert read_plan({"strategy": "blue_green"}).steps == ()


@pytest.mark.parametrize(
    "said",
    [
        CANARY,
        {"strategy": "blue_green", "prePromotionAnalysis": {"duration": "60"}},
        {"strategy": "canary", "steps": [{"setWeight": 1}], "guard": {"most_percent": 1.5}},
    ],
)
def test_what_is_kept_reads_the_same(said: dict[str, Any]) -> None:
    plan = read_plan(said)
    assert read_written(written(plan)) == plan


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"strategy": "magic", "steps": [{"setWeight": 1}]}, "one of canary"),
        ({"steps": []}, "at least one step"),
        ({"steps": [{"setWeight": 1}] * 31}, "at most 30"),
        ({"steps": "x"}, "a list"),
        ({"steps": [{"setWeight": 100}]}, "from 0 to 99"),
        ({"steps": [{"setWeight": True}]}, "whole number"),
        ({"steps": [{"setWeight": 1, "pause": {}}]}, "exactly one"),
        ({"steps": [{"experiment": {}}]}, "is none of"),
        ({"steps": [{"pause": 5}]}, "takes an object"),
        ({"steps": [{"pause": {"until": 5}}]}, "knows no until"),
        ({"steps": [{"pause": {"duration": "soon"}}]}, "whole number"),
        ({"steps": [{"pause": {"name": "No Name"}}]}, "is no name"),
        ({"steps": [{"analysis": {}}]}, "takes a duration"),
        ({"steps": [{"setHeaderRoute": {"name": "a b"}}]}, "letters, digits"),
        ({"steps": [{"setWeight": 1}], "guard": 5}, "guard is an object"),
        ({"steps": [{"setWeight": 1}], "guard": {"most_percent": 100}}, "below 100"),
        ({"steps": [{"setWeight": 1}], "guard": {"most_percent": True}}, "below 100"),
        ({"steps": [{"setWeight": 1}], "watch": "2h", "warm": "1h"}, "kept at least as long"),
        ({"steps": [{"setWeight": 1}], "wach": 1}, "knows no wach"),
        ({"strategy": "blue_green", "steps": [{"setWeight": 1}]}, "no steps of its own"),
    ],
)
def test_what_makes_no_sense_is_said(said: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanUnclear, match=words):
        read_plan(said)


def test_steps_have_words() -> None:
    said = [step.words() for step in read_plan(CANARY).steps]
    assert said[:3] == ["5 % of the requests", "Pause 5 min", "Requests with X-Canary: yes"]
    assert said[5:] == ["Requests with X-Canary: no more", "Pause until somebody says go"]


_WORDS = ["steps", "strategy", "setWeight", "pause", "guard", "duration", "setHeaderRoute"]
_JSON = st.recursive(
    st.none() | st.integers() | st.text() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(_WORDS), inner),
)


@given(st.dictionaries(st.sampled_from(_WORDS), _JSON))
def test_whatever_comes_is_a_plan_or_a_reason(said: dict[str, Any]) -> None:
    with suppress(PlanUnclear):
        assert read_plan(said).deadline_s


def test_a_baseline_takes_as_much_as_the_new_side_and_nothing_once_that_has_all() -> None:
    """flagger#225: like is compared with like, both fresh."""
    steps = [{"setWeight": 5}, {"setWeight": 50}, {"pause": {}}]
    plan = read_plan({"steps": steps, "baseline": True})
    assert [plan.beside(weight) for weight in (0, 5, 50, 100)] == [0, 5, 50, 0]
    assert read_written(written(plan)) == plan
    assert read_plan({"steps": steps}).beside(5) == 0
    bare = all_at_once(plan)
    assert (bare.steps, bare.baseline, bare.watch_s) == ((), False, 0)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"steps": [{"setWeight": 51}], "baseline": True}, "more than 50 %"),
        ({"strategy": "blue_green", "baseline": True}, "Blue/green has no baseline"),
        ({"steps": [{"setWeight": 5}], "baseline": "yes"}, "true or false"),
    ],
)
def test_where_there_is_no_room_for_a_baseline(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(PlanUnclear, match=reason):
        read_plan(said)
