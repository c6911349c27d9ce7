"""The database dies under load and comes back: nothing accepted is lost, nobody is left alone."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from msgspec import Struct, field
from tests.scenarios.installation import Installation, eventually, running
from tests.scenarios.setting import make_team


class Answers(Struct):
    """What a sender heard: the keys that were accepted, and every other answer."""

    accepted: set[str] = field(default_factory=set)
    refused: list[httpx.Response] = field(default_factory=list)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with running(tmp_path) as running_installation:
        yield running_installation


def _send(installation: Installation, key: str, *, rate: int, seconds: int) -> Answers:
    """Send that many new alerts a second; kill PostgreSQL half way."""
    answers = Answers()

    async def one(client: httpx.AsyncClient, number: int) -> None:
        body = {
            "routing_key": key,
            "event_action": "trigger",
            "dedup_key": f"k{number}",
            "payload": {"summary": f"Alert {number}", "source": "test", "severity": "info"},
        }
        answer = await client.post("/v2/enqueue", json=body)
        if answer.status_code == 202:
            answers.accepted.add(f"k{number}")
        else:
            answers.refused.append(answer)

    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=32)
        async with (
            httpx.AsyncClient(base_url=installation.url, limits=limits, timeout=30) as client,
            asyncio.TaskGroup() as tasks,
        ):
            started = time.monotonic()
            for number in range(rate * seconds):
                if number == rate * seconds // 2:
                    installation.kill("postgres")
                tasks.create_task(one(client, number))
                await asyncio.sleep(max(0.0, started + (number + 1) / rate - time.monotonic()))

    asyncio.run(all_of_them())
    return answers


def _alerts(installation: Installation) -> int:
    found = installation.rows("SELECT count(*) FROM alerting_alert WHERE dedup_key LIKE 'k%%'")
    return int(found[0][0])


@pytest.mark.parametrize(
    ("rate", "seconds"), [(100, 6), pytest.param(500, 30, marks=pytest.mark.soak)]
)
def test_no_accepted_alert_is_lost(installation: Installation, rate: int, seconds: int) -> None:
    key = make_team(installation.first_admin().api(), kind="pagerduty").key
    answers = _send(installation, key, rate=rate, seconds=seconds)
    installation.wait_ready()

    assert len(answers.accepted) > rate * seconds // 4
    eventually(
        lambda: _alerts(installation) >= len(answers.accepted),
        within_s=60,
        what=f"{len(answers.accepted)} accepted alerts in the list",
    )
    lonely = [r for r in answers.refused if r.status_code != 503 or "retry-after" not in r.headers]
    assert Counter(r.status_code for r in lonely) == Counter()
