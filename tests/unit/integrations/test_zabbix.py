"""Zabbix's media type: what its script sends, and the script itself."""

import json
import shutil
import subprocess
from datetime import datetime
from typing import Any

import pytest
from tests import documentation
from tests.factories.tools import error_of, read

from evenfall.alerting.ports import Severity, UpdateAction
from evenfall.integrations.zabbix.webhook import WEBHOOK

PAGE = "docs/how-to/connect-zabbix.md"
PROBLEM: dict[str, Any] = {
    "event_id": "5421",
    "event_value": "1",
    "event_name": "Disk space is low on /var (used > 90%)",
    "event_severity": "High",
    "event_nseverity": "4",
    "event_tags": '[{"tag":"service","value":"shop"},{"tag":"scope","value":"capacity"},'
    '{"tag":"empty","value":""}]',
    "event_update_action": "{EVENT.UPDATE.ACTION}",
    "event_update_message": "{EVENT.UPDATE.MESSAGE}",
    "host": "db-1",
    "host_ip": "10.0.0.7",
    "opdata": "Used: 93.1 %",
    "trigger_id": "17",
    "trigger_description": "",
    "message": "Problem started at 14:00",
    "subject": "Problem: Disk space is low",
    "zabbix_url": "https://zabbix.example.org/",
}


def test_problem_is_an_alert(now: datetime) -> None:
    (update,) = read(WEBHOOK, PROBLEM, now)

    assert (update.action, update.dedup_key) == (UpdateAction.TRIGGER, "event 5421")
    assert update.summary == "Disk space is low on /var (used > 90%)"
    assert (update.severity, update.source) == (Severity.ERROR, "db-1")
    assert update.labels == {"host": "db-1", "service": "shop", "scope": "capacity"}
    assert update.url == "https://zabbix.example.org/tr_events.php?triggerid=17&eventid=5421"
    assert update.details["opdata"] == "Used: 93.1 %"
    assert "event_update_message" not in update.details


@pytest.mark.parametrize(
    ("changes", "action"),
    [
        ({"event_value": "0"}, "resolve"),
        ({"event_value": 0}, "resolve"),
        ({"event_value": "", "event_status": "RESOLVED"}, "resolve"),
        ({"event_update_action": "acknowledged"}, "acknowledge"),
        ({"event_update_action": "commented, acknowledged"}, "acknowledge"),
        ({"event_update_action": "unacknowledged"}, "trigger"),
        ({"event_update_action": "commented"}, "trigger"),
        ({"event_update_action": "changed severity from High to Disaster"}, "trigger"),
    ],
)
def test_recoveries_and_updates(changes: dict[str, Any], action: str, now: datetime) -> None:
    (update,) = read(WEBHOOK, PROBLEM | changes, now)

    assert (update.action, update.dedup_key) == (action, "event 5421")


@pytest.mark.parametrize(
    ("number", "name", "severity"),
    [
        ("5", "Disaster", Severity.CRITICAL),
        ("4", "High", Severity.ERROR),
        ("3", "Average", Severity.WARNING),
        ("2", "Warning", Severity.WARNING),
        ("1", "Information", Severity.INFO),
        ("0", "Not classified", None),
        ("{EVENT.NSEVERITY}", "Disaster", Severity.CRITICAL),
    ],
)
def test_severities(number: str, name: str, severity: Severity | None, now: datetime) -> None:
    sent = PROBLEM | {"event_nseverity": number, "event_severity": name}
    (update,) = read(WEBHOOK, sent, now)

    assert update.severity is severity


def test_media_type_without_macros_is_kept_unparsed(now: datetime) -> None:
    body = json.dumps({"event_id": "{EVENT.ID}", "event_name": "{EVENT.NAME}"}).encode()

    assert error_of(WEBHOOK, body, now)[0] == 400
    assert error_of(WEBHOOK, b"[]", now)[0] == 400


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
@pytest.mark.parametrize(("status", "said"), [(200, "OK"), (404, "Evenfall answered 404: no")])
def test_script_of_the_documentation_sends_the_parameters(
    status: int, said: str, now: datetime
) -> None:
    (script,) = [one.text for one in documentation.blocks("text") if one.page == PAGE]
    parameters = PROBLEM | {"url": "https://evenfall.example.org/in/K/zabbix"}
    program = f"""
        function HttpRequest() {{ this.headers = []; }}
        HttpRequest.prototype.addHeader = function (line) {{ this.headers.push(line); }};
        HttpRequest.prototype.getStatus = function () {{ return {status}; }};
        HttpRequest.prototype.post = function (url, body) {{
            console.log(JSON.stringify([url, this.headers, body])); return 'no';
        }};
        function run(value) {{ {script} }}
        try {{ console.log(run({json.dumps(json.dumps(parameters))})); }}
        catch (error) {{ console.log(error); }}
    """
    done = subprocess.run(
        ["node", "-e", program], capture_output=True, text=True, timeout=30, check=True
    )
    sent, answered = done.stdout.splitlines()
    url, headers, body = json.loads(sent)

    assert url == parameters["url"]
    assert headers == ["Content-Type: application/json"]
    assert read(WEBHOOK, body.encode(), now)[0].dedup_key == "event 5421"
    assert answered == said


def test_table_of_the_documentation_names_all_that_is_read() -> None:
    text = documentation.pages()[PAGE]

    assert all(f"| `{name}` | `{{" in text for name in PROBLEM)
