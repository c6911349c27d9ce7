"""What sends to GoAlert or Grafana OnCall, at their paths."""

import json
from datetime import datetime
from typing import Any

import pytest
from tests.factories.senders import KEY, through_door
from tests.factories.tools import read

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction
from evenfall.integrations.goalert.generic import GENERIC
from evenfall.integrations.goalert.site24x7 import SITE24X7

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PATH = "/api/v2/generic/incoming"
DOWN: dict[str, Any] = {
    "MONITOR_DASHBOARD_LINK": "https://www.site24x7.com/app/client#/home/monitors/7/Summary",
    "MONITORTYPE": "URL",
    "MONITOR_ID": 7,
    "STATUS": "DOWN",
    "MONITORNAME": "Shop",
    "FAILED_LOCATIONS": "Frankfurt, Madrid",
    "INCIDENT_REASON": "Connection refused",
    "OUTAGE_TIME_UNIX_FORMAT": "1800000000000",
    "MONITORURL": "https://shop.example.org",
    "INCIDENT_TIME": "January 13, 2027 2:59 PM CET",
}


def generic(now: datetime, url: str, body: object = b"", **headers: str) -> AlertUpdate:
    key, name, stored = through_door(url, body, headers=headers)
    assert (key, name) == (KEY, GENERIC.name)
    assert KEY.encode() not in stored
    (update,) = read(GENERIC, stored, now)
    return update


def test_fields_may_be_in_the_query_a_form_or_json(now: datetime) -> None:
    fields = "summary=Disk%20is+full&details=db-1&dedup=disk&meta=severity%3Dcritical&meta=host=db"
    sent = {"summary": "Disk is full", "details": "db-1", "dedup": "disk"}
    labels = {"severity": "critical", "host": "db"}
    by_query = generic(now, f"{PATH}?token={KEY}&{fields}")
    by_form = generic(now, f"{PATH}?token={KEY}", fields.encode(), **FORM)
    by_json = generic(
        now, f"{PATH}?token={KEY}", sent | {"meta": labels}, **{"Content-Type": "application/json"}
    )

    assert by_query == by_form == by_json
    assert (by_query.summary, by_query.dedup_key) == ("Disk is full", "disk")
    assert (by_query.severity, by_query.labels) == (Severity.CRITICAL, labels)


def test_without_dedup_summary_and_details_name_the_alert(now: datetime) -> None:
    url = f"{PATH}?integrationKey={KEY}"
    one = generic(now, url, b"summary=a&details=b", **FORM)
    same = generic(now, url, b"details=b&summary=a&action=close", **FORM)
    other = generic(now, url, b"summary=a&details=c", **FORM)

    assert one.dedup_key == same.dedup_key != other.dedup_key
    assert same.action is UpdateAction.RESOLVE


@pytest.mark.parametrize("body", [b"", b"details=x", b"[]", b"{", b"\xff", b"a=b&" * 1000])
def test_summary_is_required(body: bytes, now: datetime) -> None:
    _, _, stored = through_door(f"{PATH}?token={KEY}", body, headers=FORM)
    examined = GENERIC.examine(stored, received_at=now, known={})

    assert examined.unparsed
    assert GENERIC.accepted(examined).status == 400


def test_key_only_closes_with_a_dedup_key_alone(now: datetime) -> None:
    update = generic(now, f"{PATH}?token={KEY}&action=close&dedup=disk")

    assert (update.action, update.dedup_key) == (UpdateAction.RESOLVE, "disk")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v2/grafana/incoming?token=", "grafana.webhook"),
        ("/api/v2/site24x7/incoming?token=", "site24x7.webhook"),
        ("/api/v2/prometheusalertmanager/incoming?token=", "alertmanager.webhook"),
        ("/integrations/v1/alertmanager/", "alertmanager.webhook"),
        ("/integrations/v1/grafana/", "grafana.webhook"),
        ("/integrations/v1/grafana_alerting/", "grafana.webhook"),
        ("/integrations/v1/formatted_webhook/", "json"),
        ("/integrations/v1/webhook/", "json"),
        ("/integrations/v1/elastalert/", "json"),
    ],
)
def test_paths_of_both_tools_lead_to_the_format(path: str, name: str) -> None:
    slash = "" if "?" in path else "/"
    sent: dict[str, Any] = {"alerts": []}

    assert through_door(f"{path}{KEY}{slash}", sent) == (KEY, name, json.dumps(sent).encode())
    assert through_door(f"{path}{KEY}", sent)[0] == KEY


def test_query_without_a_token_has_no_key() -> None:
    assert through_door("/api/v2/grafana/incoming", {})[0] is None
    assert through_door(f"{PATH}?token=", {})[0] is None


@pytest.mark.parametrize(
    ("status", "action", "severity"),
    [
        ("DOWN", "trigger", Severity.CRITICAL),
        ("TROUBLE", "trigger", Severity.ERROR),
        ("CRITICAL", "trigger", Severity.CRITICAL),
        ("UP", "resolve", None),
    ],
)
def test_site24x7(status: str, action: str, severity: Severity | None, now: datetime) -> None:
    (down,) = read(SITE24X7, DOWN, now)
    (update,) = read(SITE24X7, DOWN | {"STATUS": status}, now)

    assert (update.action, update.severity) == (action, severity)
    assert update.dedup_key == down.dedup_key
    assert update.summary == f"Shop is {status}: Connection refused"
    assert update.details["FAILED_LOCATIONS"] == "Frankfurt, Madrid"
