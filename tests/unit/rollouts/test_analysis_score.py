"""The score as Kayenta computes it, and what it decides here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.rollouts.logic.analysis.judging import Label
from evenfall.rollouts.logic.analysis.score import Limits, Marked, Score, score
from evenfall.rollouts.logic.verdicts import Outcome

LIMITS = Limits()
MARKS = st.lists(
    st.builds(
        Marked,
        name=st.sampled_from("abc"),
        label=st.sampled_from(Label),
        groups=st.sampled_from([("",), ("errors",), ("errors", "speed")]),
        critical=st.booleans(),
        is_critical_failure=st.booleans(),
        is_dry_run=st.booleans(),
    ),
    max_size=8,
)


def mark(label: Label = Label.PASS, name: str = "errors", *groups: str) -> Marked:
    return Marked(name=name, label=label, groups=groups or ("",))


def scored(*marks: Marked, limits: Limits = LIMITS) -> Score:
    found = score(marks, limits)
    assert found is not None
    return found


def test_groups_weigh_as_they_are_told_and_share_the_rest() -> None:
    found = scored(
        mark(Label.PASS, "ratio", "errors"),
        mark(Label.HIGH, "p95", "speed"),
        mark(Label.PASS, "p50", "speed"),
        mark(Label.PASS, "memory", "size"),
        limits=Limits(weights={"errors": 50}),
    )
    assert {group.name: (group.score, group.weight) for group in found.groups} == {
        "errors": (100, 50),
        "speed": (50, 25),
        "size": (100, 25),
    }
    assert found.value == 87.5
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.reason == "The score is 87.5: marginal. It passes at 95."
    assert found.what_would_change == "It would be higher if these passed: p95."


def test_a_score_is_rounded_before_it_is_compared() -> None:
    marks = [mark(), mark(), mark(Label.HIGH)]
    assert scored(*marks).value == 66.67
    assert scored(*marks, limits=Limits(pass_at=66.67, marginal_at=10)).outcome is Outcome.PASS


def test_below_marginal_fails_at_once_and_all_good_passes_complaint_37() -> None:
    """spinnaker/kayenta#625: there was no score until the very end; here each interval has one."""
    bad = scored(mark(Label.HIGH))
    assert (bad.value, bad.outcome) == (0, Outcome.FAIL)
    good = scored(mark())
    assert (good.value, good.outcome) == (100, Outcome.PASS)
    assert good.what_would_change == "It passes until it loses more than 5 points."


def test_a_critical_failure_is_nothing_at_all() -> None:
    critical = Marked(
        name="5xx", label=Label.HIGH, groups=("",), critical=True, is_critical_failure=True
    )
    found = scored(critical, *[mark()] * 30)
    assert (found.value, found.outcome) == (0, Outcome.FAIL)
    assert found.reason == "Critical and failed: 5xx."


def test_no_data_for_half_is_no_score_and_no_failure() -> None:
    found = scored(mark(), mark(Label.NO_DATA, "memory"))
    assert (found.value, found.outcome) == (0, Outcome.NO_DATA)
    assert found.reason == "Too little data for 1 of 2 metrics."
    assert found.what_would_change == "Data would decide it: memory."
    third = scored(mark(), mark(), mark(Label.TOO_FEW))
    assert (third.value, third.outcome) == (100, Outcome.PASS)


def test_a_critical_metric_without_data_holds() -> None:
    silent = Marked(name="5xx", label=Label.TOO_FEW, critical=True)
    found = scored(silent, mark(), mark())
    assert (found.value, found.outcome) == (0, Outcome.NO_DATA)


def test_a_group_without_data_counts_as_100_and_still_nothing_passes() -> None:
    found = scored(mark(Label.NO_DATA, "memory", "size"), mark(), mark())
    assert (found.value, found.outcome) == (100, Outcome.NO_DATA)
    assert "nothing is known of size" in found.reason


def test_dry_runs_never_count() -> None:
    dry = Marked(name="new idea", label=Label.HIGH, is_critical_failure=True, is_dry_run=True)
    assert scored(dry, mark()).outcome is Outcome.PASS
    assert score([dry], LIMITS) is None


@given(MARKS)
def test_a_score_is_from_0_to_100_and_its_groups_add_up(marks: list[Marked]) -> None:
    found = score(marks, LIMITS)
    if found is None:
        return
    assert 0 <= found.value <= 100
    assert sum(group.weight for group in found.groups) == pytest.approx(100)
    if found.value:
        assert found.value == round(sum(group.points for group in found.groups), 2)
    assert found.what_would_change


@given(MARKS)
def test_nothing_passes_while_half_is_not_known(marks: list[Marked]) -> None:
    found = score(marks, LIMITS)
    counting = [one for one in marks if not one.is_dry_run]
    silent = [one for one in counting if not one.has_data]
    if found is not None and 2 * len(silent) >= len(counting):
        assert found.outcome in {Outcome.NO_DATA, Outcome.FAIL}
