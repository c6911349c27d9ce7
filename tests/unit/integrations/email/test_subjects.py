"""What a subject says about its alert."""

import pytest

from evenfall.alerting.ports import Severity
from evenfall.integrations.email.inbound.subjects import Subject


@pytest.mark.parametrize(
    "subject",
    [
        "RESOLVED: disk full",
        "Re: [RESOLVED] disk full",
        "[OK] disk full",
        "OK: disk full",
        "Resolved",
        "RESOLVED disk full",
        "** RECOVERY Service Alert: disk full **",
        "UP: disk full",
    ],
)
def test_a_mail_that_ends_an_alert_is_seen(subject: str) -> None:
    assert Subject(subject, {}).is_over


@pytest.mark.parametrize(
    "subject", ["Up to 90 % used", "UP TO 90 %", "ok so the disk is full", "disk OK", "Okay", ""]
)
def test_words_of_a_sentence_end_nothing(subject: str) -> None:
    assert not Subject(subject, {}).is_over


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        ("CRITICAL: disk", Severity.CRITICAL),
        ("web1 is DOWN", Severity.CRITICAL),
        ("[P2] warning", Severity.ERROR),
        ("backup failed", Severity.ERROR),
        ("Warning: disk", Severity.WARNING),
        ("downtime of the disk", None),
        ("disk", None),
    ],
)
def test_severity_is_the_worst_word(subject: str, severity: Severity | None) -> None:
    assert Subject(subject, {}).severity is severity


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("PROBLEM: disk full on db1", "RESOLVED: disk full on db1"),
        ("[CRITICAL] disk full on db1", "Re: [OK] disk full on db1"),
        (
            "** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
            "** RECOVERY Service Alert: web1/HTTP is OK **",
        ),
        ("Host Alert: web1 is DOWN", "UP: Host Alert: web1 is UP"),
    ],
)
def test_problem_and_recovery_have_one_name(first: str, later: str) -> None:
    name = Subject(first, {}).name
    assert name
    assert name == Subject(later, {}).name


def test_an_integration_may_have_words_of_its_own() -> None:
    words = {"resolve": "Entwarnung, [GUT]", "critical": "Ausfall"}
    assert Subject("Entwarnung: Netz", words).is_over
    assert Subject("[gut] Netz", words).is_over
    assert not Subject("RESOLVED: Netz", words).is_over
    assert Subject("Ausfall: Netz", words).severity is Severity.CRITICAL
    assert Subject("Ausfall: Netz", words).name == Subject("Entwarnung: Netz", words).name
