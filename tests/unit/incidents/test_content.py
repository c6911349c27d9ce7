"""What a page says."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.ports import Severity
from evenfall.incidents.logic.content import (
    LOG_LINE_LENGTH,
    LOG_LINES,
    AlertBrief,
    Brief,
    Change,
    Place,
    change_line,
    log_lines,
    page_brief,
    summary_of,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def alert(title: str, severity: Severity = Severity.ERROR, **details: object) -> AlertBrief:
    return AlertBrief(title=title, severity=severity, details=details)


def brief(*alerts: AlertBrief, description: str = "", alert_count: int | None = None) -> Brief:
    return page_brief(
        title="Checkout fails",
        severity=Severity.CRITICAL,
        description=description,
        since=NOON,
        url="https://evenfall.example/incidents/17/",
        place=Place(service="Checkout", runbook_url="https://r", dashboard_url="https://d"),
        alerts=alerts,
        alert_count=len(alerts) if alert_count is None else alert_count,
        last_change=Change(summary="Deploy 4.2", at=NOON),
    )


def test_page_brief_says_all_there_is() -> None:
    found = brief(alert("Checkout fails", log="boom"))
    assert found == Brief(
        title="Checkout fails",
        severity=Severity.CRITICAL,
        service="Checkout",
        summary="",
        since=NOON,
        alert_count=1,
        url="https://evenfall.example/incidents/17/",
        runbook_url="https://r",
        dashboard_url="https://d",
        last_change="Deploy 4.2 (20 Nov 12:00 UTC)",
        log_lines=("boom",),
    )


def test_page_brief_names_the_worst_alerts_first() -> None:
    found = brief(
        alert("slow", Severity.WARNING, log="w"), alert("down", Severity.CRITICAL, log="c")
    )
    assert found.summary == "2 alerts: down; slow"
    assert found.log_lines == ("c", "w")


def test_page_brief_prefers_what_a_person_wrote() -> None:
    assert brief(alert("a"), alert("b"), description="We  lost\nthe link").summary == (
        "We lost the link"
    )


def test_summary_counts_the_alerts_it_does_not_name() -> None:
    alerts = [alert(title) for title in ("a", "b", "a", "c", "d")]
    assert summary_of(alerts, alert_count=40) == "40 alerts: a; b; c; 37 more"


def test_summary_without_known_alerts_is_only_the_number() -> None:
    assert summary_of([], alert_count=3) == "3 alerts"


def test_change_line_is_in_utc() -> None:
    summer = timezone(timedelta(hours=2))
    at = datetime(2026, 7, 1, 1, 30, tzinfo=summer)
    assert change_line(Change(summary="Flag on", at=at)) == "Flag on (30 Jun 23:30 UTC)"
    assert change_line(None) == ""


def test_log_lines_come_from_the_fields_that_hold_them() -> None:
    details: list[dict[str, object]] = [
        {"logs": ["one\ntwo", 7], "message": "not a log"},
        {"log_line": "  three\t3 ", "stderr": "one"},
        {"log_lines": "four"},
    ]
    assert log_lines(details) == ("one", "two", "three 3")


@given(st.lists(st.dictionaries(st.sampled_from(["log", "logs", "x"]), st.text(max_size=500))))
def test_log_lines_are_few_and_short(details: list[dict[str, str]]) -> None:
    found = log_lines(details)
    assert len(found) <= LOG_LINES
    assert all(line and len(line) <= LOG_LINE_LENGTH for line in found)
