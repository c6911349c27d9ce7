"""What a notice says: short, in the order a tired reader needs it."""

from datetime import UTC, datetime

from evenfall.paging.logic import texts


def test_headline_names_severity_service_and_problem() -> None:
    line = texts.headline("Error rate above 5 %", service="Checkout", severity="critical")
    assert line == "CRITICAL Checkout: Error rate above 5 %"


def test_headline_does_not_say_the_service_twice() -> None:
    assert texts.headline("Checkout is down", service="Checkout", severity=None) == (
        "Checkout is down"
    )


def test_body_leaves_out_what_is_unknown() -> None:
    lines = texts.body(
        why="",
        summary="",
        since=None,
        alert_count=1,
        last_change="",
        log_lines=(),
        runbook_url="",
        dashboard_url="",
        zone="UTC",
    )
    assert lines == ()


def test_body_shows_the_time_in_the_readers_zone_and_three_log_lines() -> None:
    lines = texts.body(
        why="on call in Weekly",
        summary="Payments fail",
        since=datetime(2026, 7, 1, 1, 15, tzinfo=UTC),
        alert_count=4,
        last_change="deploy 1.2.3",
        log_lines=("a", "b", "c", "d"),
        runbook_url="https://example.org/runbook",
        dashboard_url="https://example.org/dashboard",
        zone="Europe/Berlin",
    )
    assert lines == (
        "Payments fail",
        "Since 03:15 on 01 Jul (Europe/Berlin)",
        "4 alerts",
        "Last change: deploy 1.2.3",
        "Runbook: https://example.org/runbook",
        "Dashboard: https://example.org/dashboard",
        "b",
        "c",
        "d",
        "You get this because: on call in Weekly.",
    )


def test_body_tells_a_reader_who_has_only_the_inbox() -> None:
    lines = texts.body(
        why="on call in Weekly",
        summary="",
        since=None,
        alert_count=1,
        last_change="",
        log_lines=(),
        runbook_url="",
        dashboard_url="",
        zone="UTC",
        only_inbox=True,
    )
    assert lines == ("You get this because: on call in Weekly.", texts.ONLY_INBOX)


def test_digest_counts_what_it_cannot_show() -> None:
    assert texts.digest_headline(1) == "1 more page for you"
    assert texts.digest_headline(12) == "12 more pages for you"
    lines = texts.digest_body([f"page {n}" for n in range(12)])
    assert lines[1:] == (*(f"page {n}" for n in range(10)), "and 2 more")
    assert texts.digest_body(["one"])[1:] == ("one",)
