import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.dedup import Effect, Known, judge, worse
from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.logic.updates import Severity, UpdateAction

OPEN = Known(AlertState.OPEN, Severity.WARNING)
ACKNOWLEDGED = Known(AlertState.ACKNOWLEDGED, Severity.WARNING)
FLAPPING = Known(AlertState.OPEN, Severity.WARNING, is_flapping=True)
LIVE = st.sampled_from([AlertState.OPEN, AlertState.ACKNOWLEDGED])


@pytest.mark.parametrize(
    ("action", "severity", "known", "effect"),
    [
        (UpdateAction.TRIGGER, Severity.ERROR, None, Effect.OPEN),
        (UpdateAction.TRIGGER, None, None, Effect.OPEN),
        (UpdateAction.TRIGGER, Severity.WARNING, OPEN, Effect.REPEAT),
        (UpdateAction.TRIGGER, Severity.INFO, OPEN, Effect.REPEAT),
        (UpdateAction.TRIGGER, None, OPEN, Effect.REPEAT),
        (UpdateAction.TRIGGER, Severity.CRITICAL, OPEN, Effect.RAISE),
        (UpdateAction.TRIGGER, Severity.CRITICAL, ACKNOWLEDGED, Effect.RAISE),
        (UpdateAction.RESOLVE, None, OPEN, Effect.RESOLVE),
        (UpdateAction.RESOLVE, None, ACKNOWLEDGED, Effect.RESOLVE),
        (UpdateAction.RESOLVE, None, FLAPPING, Effect.SETTLE),
        (UpdateAction.TRIGGER, Severity.INFO, FLAPPING, Effect.REPEAT),
        (UpdateAction.RESOLVE, None, None, Effect.IGNORE),
        (UpdateAction.ACKNOWLEDGE, None, OPEN, Effect.ACKNOWLEDGE),
        (UpdateAction.ACKNOWLEDGE, None, ACKNOWLEDGED, Effect.IGNORE),
        (UpdateAction.ACKNOWLEDGE, None, None, Effect.IGNORE),
        (UpdateAction.CHANGE, None, OPEN, Effect.IGNORE),
    ],
)
def test_judge_decides_by_action_and_what_is_open(
    action: UpdateAction, severity: Severity | None, known: Known | None, effect: Effect
) -> None:
    verdict = judge(action, severity, known)
    assert verdict.effect is effect
    assert verdict.reason


def test_judge_names_the_missing_alert() -> None:
    verdict = judge(UpdateAction.RESOLVE, None, None)
    assert verdict.reason == "No open alert has this key: nothing to resolve."


@given(one=st.sampled_from(Severity), other=st.sampled_from(Severity))
def test_worse_is_a_strict_order(one: Severity, other: Severity) -> None:
    assert worse(one, other) + worse(other, one) == (one is not other)


@given(state=LIVE, old=st.sampled_from(Severity), new=st.none() | st.sampled_from(Severity))
def test_a_trigger_never_opens_a_second_alert(
    state: AlertState, old: Severity, new: Severity | None
) -> None:
    verdict = judge(UpdateAction.TRIGGER, new, Known(state, old))
    assert verdict.effect in (Effect.REPEAT, Effect.RAISE)
