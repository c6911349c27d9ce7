"""Documents of analyses: read, refused with the field that is wrong, and written back the same."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.prometheus.names import fill
from evenfall.rollouts.logic.analysis import presets, settings, words
from evenfall.rollouts.logic.analysis.findings import Finding, Lane
from evenfall.rollouts.logic.analysis.judging import Label
from evenfall.rollouts.logic.analysis.settings import NOTHING_SAID, SettingsUnclear, read
from evenfall.rollouts.logic.analysis.spreads import spreads
from evenfall.rollouts.logic.verdicts import Outcome

ONE: dict[str, Any] = {"name": "Errors"}
METRICS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Errors", "Latency", "Memory"])},
    optional={
        "interval": st.integers(1, 3600),
        "window": st.integers(1, 3600),
        "direction": st.sampled_from(["increase", "decrease", "either"]),
        "nan": st.sampled_from(["remove", "replace"]),
        "increase": st.none() | st.floats(0, 100),
        "samples": st.integers(2, 500),
        "groups": st.lists(st.sampled_from(["errors", "speed"]), max_size=2),
        "success": st.sampled_from(["", "< 5 %", ">= 99.9"]),
        "dry_run": st.booleans(),
        "critical": st.booleans(),
    },
)


@given(
    st.lists(METRICS, max_size=4, unique_by=lambda one: str(one["name"])),
    st.floats(0, 75),
    st.none() | st.floats(0, 0.9999),
    st.none() | st.fixed_dictionaries({}, optional={"must_pass": st.booleans()}),
)
def test_what_is_written_is_read_back(
    metrics: list[dict[str, Any]],
    marginal: float,
    target: float | None,
    test: dict[str, bool] | None,
) -> None:
    found = read(
        {
            "metrics": metrics,
            "marginal_at": marginal,
            "burn_target": target,
            "sequential": test,
            "weights": {"errors": 60},
        }
    )
    assert read(settings.written(found)) == found


def test_what_every_rollout_has_can_be_kept_too() -> None:
    assert read(settings.written(NOTHING_SAID)) == NOTHING_SAID
    assert read({}).sequential is not None
    assert read({}).metrics == ()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"colour": 1}, "colour"),
        ({"metrics": "all"}, "metrics"),
        ({"metrics": [ONE] * 31}, "metrics"),
        ({"metrics": [ONE, ONE]}, "name"),
        ({"metrics": ["x"]}, "metrics"),
        ({"metrics": [{}]}, "name"),
        ({"metrics": [{**ONE, "shape": 1}]}, "shape"),
        ({"metrics": [{**ONE, "kind": "condition"}]}, "success"),
        ({"metrics": [{**ONE, "kind": "other"}]}, "kind"),
        ({"metrics": [{**ONE, "source": 3}]}, "query"),
        ({"metrics": [{**ONE, "query": "x" * 8001}]}, "query"),
        ({"metrics": [{**ONE, "groups": "errors"}]}, "groups"),
        ({"metrics": [{**ONE, "success": "over 9"}]}, "success"),
        ({"metrics": [{**ONE, "interval": 0}]}, "interval"),
        ({"metrics": [{**ONE, "interval": True}]}, "interval"),
        ({"metrics": [{**ONE, "increase": "1"}]}, "increase"),
        ({"metrics": [{**ONE, "increase": -1}]}, "increase"),
        ({"metrics": [{**ONE, "increase": float("nan")}]}, "increase"),
        ({"weights": []}, "weights"),
        ({"weights": [1]}, "weights"),
        ({"weights": {"a": 60, "b": 60}}, "weights"),
        ({"marginal_at": 99}, "marginal_at"),
        ({"sequential": 1}, "sequential"),
        ({"sequential": {"gamma": 1}}, "gamma"),
        ({"sequential": {"alpha": 0.9}}, "alpha"),
        ({"burn_target": 1}, "burn_target"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(said: dict[str, Any], field: str) -> None:
    if said == {"weights": []}:
        assert read(said).limits.weights == {}
        return
    with pytest.raises(SettingsUnclear) as caught:
        read(said)
    assert caught.value.field == field
    assert caught.value.reason


def test_windows_that_overlap_are_not_compared() -> None:
    metric = settings.read_metric({**ONE, "interval": 10, "window": 25})
    assert metric.stride == 3
    assert settings.read_metric({**ONE, "interval": 10}).stride == 1


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda one: one.key)
def test_presets_can_be_read(preset: presets.Preset) -> None:
    assert settings.read_metric(preset.said).name == preset.said["name"]
    assert presets.preset(preset.key) is preset
    assert presets.preset("none") is None


@pytest.mark.parametrize(
    ("backend", "server", "is_meant"),
    [
        ("shop", "green", True),
        ("shop-backend", "green1", True),
        ("shop_be", "green-1", True),
        ("shop.pool", "green_a", True),
        ("shop-web", "green", False),  # a service of its own
        ("shopping", "green", False),
        ("workshop", "green", False),
        ("shop", "greenhouse", False),
        ("shop", "blue1", False),
    ],
)
def test_presets_of_haproxy_ask_for_one_backend_and_one_side(
    backend: str, server: str, *, is_meant: bool
) -> None:
    """Patterns of PromQL match from end to end."""
    for key in ("haproxy_errors", "haproxy_latency"):
        chosen = presets.preset(key)
        assert chosen is not None
        query = fill(chosen.said["query"], {"service": "shop", "slot": "green", "window": "20s"})
        pairs = re.findall(r'proxy=~"([^"]*)",server=~"([^"]*)"', query)
        assert pairs
        for proxy, slot in pairs:
            fits = re.fullmatch(proxy, backend) and re.fullmatch(slot, server)
            assert bool(fits) is is_meant


def test_everything_has_a_word() -> None:
    assert words.LANES.keys() == words.TESTS.keys() == set(Lane)
    assert words.OUTCOMES.keys() == set(Outcome)
    assert words.LABELS.keys() == set(Label)
    told = words.numbers_said(
        Finding(
            lane=Lane.RANK,
            outcome=Outcome.PASS,
            reason="",
            what_would_change="",
            numbers={"upper": 2, "lower": 1, "cles": 0.5, "burn": 3, "samples": 4, "odd": 5},
        )
    )
    assert {(one.name, one.text) for one in told} == {
        ("Interval, from", "1"),
        ("Interval, to", "2"),
        ("Pairs in which the new side is higher", "50 %"),
        ("Burn", "3 times"),
        ("Values of the new side", "4"),
    }


def test_spreads_stand_on_one_scale() -> None:
    new, stable = spreads(
        [("New", "main", [float(n) for n in range(101)]), ("Stable", "other", [50.0])]
    )
    assert (new.low, new.quarter, new.middle, new.three_quarters, new.high) == (5, 25, 50, 75, 95)
    assert (new.at[0], new.at[4]) == (2.0, 98.0)
    assert stable.at == (50.0,) * 5
    assert stable.box == 0.4
    assert new.box == pytest.approx(53.33, abs=0.02)
    assert spreads([("None", "main", [])]) == ()
    assert spreads([("Same", "main", [3.0, 3.0])])[0].at[2] == 50.0
