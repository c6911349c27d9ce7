"""Severity from alerts, a person's word over it, urgency, and the end by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.ports import Outcome, Severity, Urgency
from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.duties import DUTIES, Review, duty
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import (
    CAP,
    AlertState,
    Sev,
    capped,
    higher,
    incident_severity,
    loudness,
    may_be,
    resolves_itself,
    sev_of_alert,
    sev_of_word,
    time_in_each,
    urgency_of,
    worst,
)

PROD = Environment.PROD
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ALERTS = st.lists(st.builds(AlertState, st.sampled_from(Severity), st.booleans()), max_size=12)
SEVS = st.sampled_from(Sev)
PLACES = st.sampled_from(Environment)


def severity_of(current: Sev, alerts: list[AlertState], place: Environment = PROD) -> Sev:
    return incident_severity(current, set_by_person=False, alerts=alerts, environment=place)


def test_severity_is_that_of_the_worst_open_alert() -> None:
    alerts = [
        AlertState(Severity.WARNING, is_open=True),
        AlertState(Severity.CRITICAL, is_open=False),
    ]
    assert severity_of(Sev.SEV2, alerts) is Sev.SEV4


def test_severity_stands_when_no_alert_is_open() -> None:
    assert severity_of(Sev.SEV3, [AlertState(Severity.INFO, is_open=False)]) is Sev.SEV3


@given(SEVS, ALERTS, PLACES)
def test_a_persons_severity_stands_against_any_alert(
    current: Sev, alerts: list[AlertState], place: Environment
) -> None:
    found = incident_severity(current, set_by_person=True, alerts=alerts, environment=place)
    assert found is current


@given(SEVS, ALERTS)
def test_no_open_alert_is_worse_than_the_incident(current: Sev, alerts: list[AlertState]) -> None:
    found = severity_of(current, alerts)
    wanted = [sev_of_alert(alert.severity, PROD) for alert in alerts if alert.is_open]
    assert all(found.is_as_bad_as(one) for one in wanted)
    assert found in {current, *wanted}


@given(ALERTS, PLACES)
def test_severity_does_not_depend_on_the_order_of_alerts(
    alerts: list[AlertState], place: Environment
) -> None:
    assert severity_of(Sev.SEV5, alerts, place) is severity_of(Sev.SEV5, alerts[::-1], place)


@given(st.sampled_from(Severity), PLACES)
def test_no_alert_makes_a_sev1_and_none_is_worse_than_the_cap_outside_production(
    severity: Severity, place: Environment
) -> None:
    found = sev_of_alert(severity, place)
    assert found is not Sev.SEV1
    assert may_be(found, place)


@given(SEVS, PLACES)
def test_the_cap_keeps_what_may_be_and_lowers_the_rest(sev: Sev, place: Environment) -> None:
    found = capped(sev, place)
    assert found is (sev if may_be(sev, place) else CAP)
    assert place is not PROD or found is sev


@given(st.sampled_from(Severity))
def test_pages_of_production_say_what_the_alert_said(severity: Severity) -> None:
    assert loudness(sev_of_alert(severity, PROD)) is severity


def test_old_facts_name_the_severity_of_an_alert() -> None:
    assert [sev_of_word(word) for word in ("SEV1", "critical", "info")] == [
        Sev.SEV1,
        Sev.SEV2,
        Sev.SEV5,
    ]
    assert sev_of_word("awful") is None


CHANGES = st.lists(st.tuples(st.integers(-100, 400), SEVS), max_size=8)


@given(SEVS, CHANGES, st.integers(0, 300))
def test_the_times_of_all_severities_are_the_time_of_the_incident(
    first: Sev, changes: list[tuple[int, Sev]], minutes: int
) -> None:
    until = NOON + timedelta(minutes=minutes)
    at = [(NOON + timedelta(minutes=number), sev) for number, sev in changes]
    found = time_in_each(first, at, since=NOON, until=until)
    assert sum(found.values(), timedelta()) == until - NOON
    assert all(length > timedelta() for length in found.values())


def test_time_in_each_severity() -> None:
    changes = [
        (NOON + timedelta(minutes=20), Sev.SEV1),
        (NOON + timedelta(minutes=50), Sev.SEV3),
    ]
    found = time_in_each(Sev.SEV3, changes, since=NOON, until=NOON + timedelta(hours=1))
    assert found == {Sev.SEV3: timedelta(minutes=30), Sev.SEV1: timedelta(minutes=30)}


def test_each_severity_has_its_duty() -> None:
    assert list(DUTIES) == list(Sev)
    assert CrewRole.SCRIBE in duty(Sev.SEV1).roles
    assert [duty(sev).review_words for sev in Sev] == [
        "full review within 3 days",
        "full review within 5 working days",
        "light review within 10 working days",
        "review if somebody asks",
        "no review",
    ]
    assert [duty(sev).review.is_due for sev in Sev] == [True, True, True, False, False]
    assert duty(Sev.SEV5).review is Review.NONE
    assert duty(Sev.SEV4).role_words == "nobody in particular"
    assert duty(Sev.SEV3).role_words == "commander"
    assert duty(Sev.SEV3).help.startswith("SEV3: a part is broken")


def test_worst_of_nothing_is_nothing() -> None:
    assert worst([]) is None


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
