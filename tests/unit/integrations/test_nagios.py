"""The notification command of Nagios and Icinga 2."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.factories.tools import error_of, read

from evenfall.alerting.ports import Severity, UpdateAction
from evenfall.integrations.nagios.command import COMMAND

PROBLEM: dict[str, Any] = {
    "type": "PROBLEM",
    "host": "db-1",
    "service": "Disk /var",
    "state": "CRITICAL",
    "output": "DISK CRITICAL - free space: /var 93 MB (1% inode=99%) & more",
    "address": "10.0.0.7",
    "author": "",
    "comment": "$NOTIFICATIONCOMMENT$",
}


def form(**changes: str) -> bytes:
    return urlencode(PROBLEM | changes).encode()


def test_problem_of_a_service_is_an_alert(now: datetime) -> None:
    (update,) = read(COMMAND, form(), now)

    assert update.action is UpdateAction.TRIGGER
    assert update.summary.startswith("Disk /var on db-1 is CRITICAL: DISK CRITICAL - free")
    assert update.summary.endswith("(1% inode=99%) & more")
    assert (update.severity, update.source) == (Severity.CRITICAL, "db-1")
    assert update.labels == {"host": "db-1", "check": "Disk /var"}
    assert "comment" not in update.details


@pytest.mark.parametrize(
    ("kind", "state", "action", "severity"),
    [
        ("PROBLEM", "WARNING", "trigger", Severity.WARNING),
        ("PROBLEM", "UNKNOWN", "trigger", Severity.ERROR),
        ("PROBLEM", "DOWN", "trigger", Severity.CRITICAL),
        ("PROBLEM", "UNREACHABLE", "trigger", Severity.ERROR),
        ("PROBLEM", "odd", "trigger", None),
        ("Problem", "Critical", "trigger", Severity.CRITICAL),
        ("RECOVERY", "OK", "resolve", None),
        ("Recovery", "Up", "resolve", None),
        ("ACKNOWLEDGEMENT", "CRITICAL", "acknowledge", Severity.CRITICAL),
        ("CUSTOM", "CRITICAL", "trigger", Severity.CRITICAL),
        ("", "OK", "resolve", None),
        ("", "CRITICAL", "trigger", Severity.CRITICAL),
    ],
)
def test_types_and_states(
    kind: str, state: str, action: str, severity: Severity | None, now: datetime
) -> None:
    (problem,) = read(COMMAND, form(), now)
    (update,) = read(COMMAND, form(type=kind, state=state), now)

    assert (update.action, update.severity) == (action, severity)
    assert update.dedup_key == problem.dedup_key


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("DOWNTIMESTART", "CRITICAL"),
        ("DOWNTIMEEND", "OK"),
        ("DOWNTIMECANCELLED", "OK"),
        ("DowntimeRemoved", "OK"),
        ("CUSTOM", "OK"),
    ],
)
def test_downtimes_and_notes_are_nothing(kind: str, state: str, now: datetime) -> None:
    assert read(COMMAND, form(type=kind, state=state), now) == ()


def test_flapping_is_an_alert_of_its_own(now: datetime) -> None:
    (problem,) = read(COMMAND, form(), now)
    (starts,) = read(COMMAND, form(type="FLAPPINGSTART", state="OK"), now)
    (ends,) = read(COMMAND, form(type="FlappingEnd", state="OK"), now)

    assert (starts.action, starts.severity) == (UpdateAction.TRIGGER, Severity.WARNING)
    assert (ends.action, ends.dedup_key) == (UpdateAction.RESOLVE, starts.dedup_key)
    assert starts.dedup_key != problem.dedup_key


def test_host_and_its_services_are_different_alerts(now: datetime) -> None:
    keys = {
        read(COMMAND, form(host=host, service=service), now)[0].dedup_key
        for host in ("a", "b")
        for service in ("", "Ping", "Disk")
    }

    assert len(keys) == 6


def test_json_works_as_well(now: datetime) -> None:
    assert read(COMMAND, PROBLEM, now) == read(COMMAND, form(), now)


@pytest.mark.parametrize("body", [b"", b"nope", b"type=PROBLEM", b"{", b"&=" * 5000])
def test_other_shapes_are_kept_unparsed(body: bytes, now: datetime) -> None:
    assert error_of(COMMAND, body, now)[0] == 400
