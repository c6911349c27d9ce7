"""Severity from alerts, a person's word over it, urgency, and the end by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.ports import Outcome, Severity, Urgency
from evenfall.incidents.logic.severity import (
    AlertState,
    higher,
    incident_severity,
    is_raised,
    resolves_itself,
    urgency_of,
    worst,
)

ALERTS = st.lists(st.builds(AlertState, st.sampled_from(Severity), st.booleans()), max_size=12)


def test_severity_is_the_worst_of_the_open_alerts() -> None:
    alerts = [
        AlertState(Severity.WARNING, is_open=True),
        AlertState(Severity.CRITICAL, is_open=False),
    ]
    found = incident_severity(Severity.CRITICAL, set_by_person=False, alerts=alerts)
    assert found is Severity.WARNING


def test_severity_stands_when_no_alert_is_open() -> None:
    alerts = [AlertState(Severity.INFO, is_open=False)]
    assert incident_severity(Severity.ERROR, set_by_person=False, alerts=alerts) is Severity.ERROR


@given(st.sampled_from(Severity), ALERTS)
def test_a_persons_severity_stands_against_any_alert(
    current: Severity, alerts: list[AlertState]
) -> None:
    assert incident_severity(current, set_by_person=True, alerts=alerts) is current


@given(st.sampled_from(Severity), ALERTS)
def test_no_open_alert_is_worse_than_the_incident(
    current: Severity, alerts: list[AlertState]
) -> None:
    found = incident_severity(current, set_by_person=False, alerts=alerts)
    assert not any(is_raised(found, alert.severity) for alert in alerts if alert.is_open)
    assert found in {current, *(alert.severity for alert in alerts)}


@given(ALERTS)
def test_severity_does_not_depend_on_the_order_of_alerts(alerts: list[AlertState]) -> None:
    one = incident_severity(Severity.INFO, set_by_person=False, alerts=alerts)
    assert one is incident_severity(Severity.INFO, set_by_person=False, alerts=alerts[::-1])


def test_worst_of_nothing_is_nothing() -> None:
    assert worst([]) is None


def test_is_raised_only_upwards() -> None:
    assert is_raised(Severity.WARNING, Severity.ERROR)
    assert not is_raised(Severity.ERROR, Severity.ERROR)
    assert not is_raised(Severity.CRITICAL, Severity.INFO)


@pytest.mark.parametrize(
    ("outcome", "urgency", "expected"),
    [
        (Outcome.PAGE, Urgency.HIGH, Urgency.HIGH),
        (Outcome.PAGE, Urgency.LOW, Urgency.LOW),
        (Outcome.LOW, Urgency.HIGH, Urgency.LOW),
    ],
)
def test_urgency_of_an_outcome(outcome: Outcome, urgency: Urgency, expected: Urgency) -> None:
    assert urgency_of(outcome, urgency) is expected


def test_higher_urgency_wins() -> None:
    assert higher(Urgency.LOW, Urgency.HIGH) is Urgency.HIGH
    assert higher(Urgency.HIGH, Urgency.LOW) is Urgency.HIGH
    assert higher(Urgency.LOW, Urgency.LOW) is Urgency.LOW


@given(ALERTS, st.booleans())
def test_an_incident_ends_by_itself_only_when_all_its_alerts_did(
    alerts: list[AlertState], declared: bool
) -> None:
    expected = not declared and len(alerts) > 0 and all(not alert.is_open for alert in alerts)
    assert resolves_itself(declared_by_person=declared, alerts=alerts) is expected
