"""Fills what the newer domains show: objectives, monitors, releases, rollouts, changes.

`python -m tests.bench.domains` works through the product's own actions in a process with the
DATABASE_URL of an installation that has services. Nothing of it makes an outgoing request: monitors
wait for heartbeats, rollouts are over.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.objectives import HOURS, SUMS

ROOT = Path(__file__).parents[2]
MONITORS = 200
OBJECTIVES = 200
RELEASES = 400
ROLLOUTS = 200
CHANGES = 5_000
DAYS = 30
MINUTES = """
INSERT INTO slo_count (series_id, at, good, total)
SELECT series_id, at, 1000 - (series_id %% 7), 1000
  FROM generate_series(%s::timestamptz, %s::timestamptz, '1 minute') AS at,
       unnest(%s::int[]) AS series_id
    ON CONFLICT DO NOTHING
"""


def run(environment: Mapping[str, str]) -> dict[str, int]:
    """Run this module as a program with the environment of an installation."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.domains"],
        env={**environment, "DJANGO_SETTINGS_MODULE": "evenfall.config.settings"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def fill(now: datetime) -> dict[str, int]:
    """Fill everything; returns what the addresses of pages need."""
    from evenfall.catalog.models import Service  # noqa: PLC0415 - needs Django set up

    services = list(Service.objects.order_by("id"))
    return {
        "monitor": _monitors(services, now),
        "objective": _objectives(services, now),
        "change": _changes(services, now),
        **_releases(services, now),
    }


def _monitors(services: Sequence[Any], now: datetime) -> int:
    from tests.factories.monitors import make_monitor  # noqa: PLC0415 - needs Django set up

    made = [
        make_monitor(
            "heartbeat",
            {"period": "1d", "grace": "12h"},
            service=services[number % len(services)],
            name=f"Nightly {number}",
            now=now,
        )
        for number in range(MONITORS)
    ]
    return made[0].pk


def _objectives(services: Sequence[Any], now: datetime) -> int:
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from tests.factories.objectives import make_indicator, make_objective  # noqa: PLC0415 - as above

    since = now - timedelta(days=DAYS)
    made, series = [], []
    for number in range(OBJECTIVES):
        service = services[number % len(services)]
        indicator = make_indicator(name=f"Answers {number}", service=service, now=since)
        made.append(make_objective(f"Availability {number}", indicator=indicator, now=since))
        series.append(indicator.series_id)
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(HOURS, [since, hour - timedelta(hours=1), series])
        cursor.execute(SUMS)
        cursor.execute(MINUTES, [now - timedelta(hours=8), now, series])
    return made[0].pk


def _changes(services: Sequence[Any], now: datetime) -> int:
    from evenfall.changes.models import Change  # noqa: PLC0415 - needs Django set up

    made = Change.objects.bulk_create(
        Change(
            service=services[number % len(services)],
            environment="PROD",
            kind="deploy",
            summary=f"Deploy 1.{number}.0",
            version=f"1.{number}.0",
            actor="system",
            at=now - timedelta(minutes=8 * number),
            finished_at=now - timedelta(minutes=8 * number - 1),
            recorded_at=now - timedelta(minutes=8 * number),
        )
        for number in range(CHANGES)
    )
    return made[0].pk


def _releases(services: Sequence[Any], now: datetime) -> dict[str, int]:
    from tests.factories.releases import make_release  # noqa: PLC0415 - needs Django set up
    from tests.factories.rollouts import PLAN, make_target  # noqa: PLC0415 - as above

    from evenfall.rollouts.models import Rollout  # noqa: PLC0415 - as above

    made = [
        make_release(services[n % len(services)], f"1.{n}.0", now=now - timedelta(hours=n))
        for n in range(RELEASES)
    ]
    traffic = {"url": "http://127.0.0.1:9", "secret": "sixteen letters and more"}
    targets = [
        make_target(kind="webhook", traffic=traffic, service=one, now=now) for one in services[:50]
    ]
    rollouts = Rollout.objects.bulk_create(
        Rollout(
            target=targets[number % len(targets)],
            version=f"1.{number}.0",
            stable_version="1",
            side="green",
            plan=dict(PLAN),
            state="proven",
            since=now - timedelta(hours=number),
            started_by="system",
            started_at=now - timedelta(hours=number + 1),
            promoted_at=now - timedelta(hours=number),
            ended_at=now - timedelta(hours=number),
        )
        for number in range(ROLLOUTS)
    )
    return {"release": made[0].pk, "rollout": rollouts[0].pk, "target": targets[0].pk}


def main() -> None:
    import django  # noqa: PLC0415 - a program of its own

    django.setup()
    from evenfall.platform.clock import utc_now  # noqa: PLC0415 - needs Django set up

    json.dump(fill(utc_now()), sys.stdout)


if __name__ == "__main__":
    main()
