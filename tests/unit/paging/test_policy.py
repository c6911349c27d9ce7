"""Policies as values: what may be saved, and whom they name."""

from datetime import UTC, datetime, time

import pytest

from evenfall.paging.logic.policy import (
    DEFAULT_POLICY,
    PolicySpec,
    StepSpec,
    TargetSpec,
    problems,
)
from evenfall.paging.logic.window import WeeklyWindow
from evenfall.paging.logic.words import TargetKind

NOW = datetime(2026, 11, 16, 3, tzinfo=UTC)
ON_CALL = TargetSpec(kind=TargetKind.ROTA)
STEP = StepSpec(targets=(ON_CALL,))


def fields_at_fault(policy: PolicySpec) -> list[str]:
    return [problem.field for problem in problems(policy)]


def test_default_policy_can_be_saved() -> None:
    assert problems(DEFAULT_POLICY) == ()


def test_default_policy_is_on_call_then_lieutenant_then_lead_with_lieutenant() -> None:
    told = [
        ([target.kind.value for target in step.targets], step.delay_minutes)
        for step in DEFAULT_POLICY.steps
    ]
    assert told == [(["rota"], 5), (["lieutenant"], 5), (["team_lead", "lieutenant"], 10)]
    assert DEFAULT_POLICY.rounds == 3


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (PolicySpec(steps=()), "steps"),
        (PolicySpec(steps=(STEP,) * 21), "steps"),
        (PolicySpec(steps=(STEP,), rounds=0), "rounds"),
        (PolicySpec(steps=(STEP,), ack_timeout_minutes=0), "ack_timeout_minutes"),
        (PolicySpec(steps=(StepSpec(targets=()),)), "steps.0.targets"),
        (
            PolicySpec(steps=(STEP, StepSpec(targets=(TargetSpec(kind=TargetKind.USER),)))),
            "steps.1.targets",
        ),
        (
            PolicySpec(steps=(StepSpec(targets=(ON_CALL,), delay_minutes=0),)),
            "steps.0.delay_minutes",
        ),
        (
            PolicySpec(
                steps=(
                    StepSpec(
                        targets=(ON_CALL,),
                        window=WeeklyWindow(
                            zone="UTC", days=frozenset(), start=time(9), end=time(17)
                        ),
                    ),
                )
            ),
            "steps.0.window",
        ),
    ],
)
def test_problems_names_the_field(policy: PolicySpec, field: str) -> None:
    assert fields_at_fault(policy) == [field]


def test_help_targets_are_the_lieutenants_of_the_named_rotas() -> None:
    step = StepSpec(
        targets=(
            TargetSpec(kind=TargetKind.ROTA, id=3),
            TargetSpec(kind=TargetKind.LIEUTENANT, id=3),
            TargetSpec(kind=TargetKind.NEXT, id=4),
        )
    )
    helpers = PolicySpec(steps=(step,)).help_targets
    assert helpers == (
        TargetSpec(kind=TargetKind.LIEUTENANT, id=3),
        TargetSpec(kind=TargetKind.LIEUTENANT, id=4),
    )


def test_help_targets_without_a_rota_are_the_lieutenants_of_the_pages_team() -> None:
    step = StepSpec(targets=(TargetSpec(kind=TargetKind.USER, id=7),))
    helpers = PolicySpec(steps=(step,)).help_targets
    assert helpers == (TargetSpec(kind=TargetKind.LIEUTENANT),)


def test_last_targets_are_the_administrators_unless_a_person_is_named() -> None:
    assert DEFAULT_POLICY.last_targets == (TargetSpec(kind=TargetKind.ADMINISTRATORS),)
    named = PolicySpec(steps=(STEP,), catch_all_user_id=9)
    assert named.last_targets == (TargetSpec(kind=TargetKind.USER, id=9),)


def test_unknown_severity_meets_every_condition() -> None:
    step = StepSpec(targets=(ON_CALL,), severities=frozenset({"critical"}))
    assert step.meets_severity(None)
    assert step.meets_severity("critical")
    assert not step.meets_severity("warning")


def test_step_without_conditions_is_always_taken() -> None:
    assert STEP.meets_severity("info")
    assert STEP.meets_time(NOW)


@pytest.mark.parametrize(
    ("zone", "days"),
    [("Mars/Base", {0}), ("", {0}), ("../etc", {0}), ("Europe", {0}), ("UTC", {7})],
)
def test_window_needs_a_real_zone_and_real_days(zone: str, days: set[int]) -> None:
    window = WeeklyWindow(zone=zone, days=frozenset(days), start=time(9), end=time(17))
    policy = PolicySpec(steps=(StepSpec(targets=(ON_CALL,), window=window),))
    assert fields_at_fault(policy) == ["steps.0.window"]


def test_unknown_severities_are_refused() -> None:
    step = StepSpec(targets=(ON_CALL,), severities=frozenset({"fatal"}))
    assert fields_at_fault(PolicySpec(steps=(step,))) == ["steps.0.severities"]
