"""The model of Alertmanager's grouping, beside Alertmanager itself with short intervals."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from tests.bench.rivals import alertmanager
from tests.day.rivals import Dispatcher, Grouping, Notification, Posted
from tests.scenarios.tools import http_server, need

CONFIG = """
route:
  receiver: hook
  group_by: [alertname, service]
  group_wait: 2s
  group_interval: 4s
  repeat_interval: 6s
receivers:
  - name: hook
    webhook_configs: [{{url: "{url}"}}]
"""
SHORT = Grouping(
    group_wait=timedelta(seconds=2),
    group_interval=timedelta(seconds=4),
    repeat_interval=timedelta(seconds=6),
)
# (seconds from the start, service, instance, whether it is over); none within half a second of a
# flush, so that a busy machine does not decide
SAMPLE = (
    (0.0, "dns", "a", False),
    (0.1, "mailer", "x", False),
    (0.7, "dns", "b", False),
    (3.6, "dns", "c", False),
    (3.8, "mailer", "x", True),
    (7.8, "dns", "a", True),
)
LASTS_S = 19.5
type Said = tuple[str, frozenset[str], frozenset[str]]


def test_the_model_groups_as_alertmanager_does(tmp_path: Path) -> None:
    need("prometheus-alertmanager")
    with http_server() as hook:
        hook.status = 200
        config = CONFIG.format(url=f"{hook.url}/told")
        with alertmanager(tmp_path, config) as rival:
            _play(f"http://127.0.0.1:{rival.port}{rival.path}")
        real = [_said(json.loads(body)) for body in hook.bodies]
    modelled = [_modelled(one) for one in _model()]
    for service in ("dns", "mailer"):
        mine = [said for said in modelled if said[0] == service]
        assert [said for said in real if said[0] == service] == mine
    assert len(modelled) == 6, "a first message, two changes, a repeat, and those of the mailer"


def _play(url: str) -> None:
    began = time.monotonic()
    for at, service, instance, is_over in SAMPLE:
        time.sleep(max(0.0, began + at - time.monotonic()))
        now = datetime.now(UTC)
        ends = now if is_over else now + timedelta(hours=1)
        labels = {"alertname": "Down", "service": service, "instance": instance}
        told = {"labels": labels, "startsAt": now - timedelta(), "endsAt": ends}
        if is_over:
            told["startsAt"] = now - timedelta(seconds=1)
        body = json.dumps([told], default=datetime.isoformat)
        httpx.post(
            url, content=body, headers={"Content-Type": "application/json"}
        ).raise_for_status()
    time.sleep(max(0.0, began + LASTS_S - time.monotonic()))


def _said(message: dict[str, object]) -> Said:
    alerts = message["alerts"]
    assert isinstance(alerts, list)
    by_state = {
        state: frozenset(one["labels"]["instance"] for one in alerts if one["status"] == state)
        for state in ("firing", "resolved")
    }
    return alerts[0]["labels"]["service"], by_state["firing"], by_state["resolved"]


def _model() -> list[Notification]:
    start = datetime(2026, 3, 10, tzinfo=UTC)
    posted = [
        Posted(
            at=start + timedelta(seconds=at),
            key=instance,
            labels={"alertname": "Down", "service": service},
            ends_at=start + timedelta(seconds=at if is_over else 3600),
        )
        for at, service, instance, is_over in SAMPLE
    ]
    return Dispatcher(SHORT).run(posted, until=start + timedelta(seconds=LASTS_S))


def _modelled(one: Notification) -> Said:
    return one.group[1], one.firing, one.resolved
