"""A thousand objectives evaluated at once: four window pairs each, windows of 28 to 90 days.

Measured in a process of its own on the tests' embedded PostgreSQL, everything included: the sums of
all windows, the conclusions, the standings that are written. The counts are as a real installation
has them: two days of minutes, those at the far edges of the windows, 90 days of hours and days.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.report import Figure, show

ROOT = Path(__file__).parents[2]
OBJECTIVES = 1000
ROUNDS = 7
NOW = datetime(2026, 3, 2, 12, 34, tzinfo=UTC)
DAYS = (28, 30, 90)
COUNTS = """
INSERT INTO slo_count (series_id, at, good, total)
SELECT series_id, at, 1000 - (series_id %% 7), 1000
  FROM generate_series(%s::timestamptz, %s::timestamptz, '1 minute') AS at,
       unnest(%s::int[]) AS series_id
    ON CONFLICT DO NOTHING
"""
HOURS = """
INSERT INTO slo_hour_sum (series_id, at, good, total)
SELECT series_id, at, 60 * (1000 - (series_id %% 7)), 60000
  FROM generate_series(%s::timestamptz, %s::timestamptz, '1 hour') AS at,
       unnest(%s::int[]) AS series_id
"""
SUMS = """
INSERT INTO slo_day_sum (series_id, at, good, total)
SELECT series_id, date_trunc('day', at, 'UTC'), sum(good), sum(total)
  FROM slo_hour_sum GROUP BY 1, 2
"""


def main() -> list[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.objectives", "measure"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Figure(
            what="1,000 objectives x 4 window pairs evaluated",
            measured=found["evaluation_s"],
            unit="s",
            bar=1.0,
        ),
        Figure(
            what="  of that the sums of all windows, one statement",
            measured=found["sums_s"],
            unit="s",
        ),
    ]


def measure() -> dict[str, float]:
    """Seed and measure; prints nothing."""
    import django  # noqa: PLC0415 - the caller sets the settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    call_command("migrate", verbosity=0)
    _seed()
    return {"evaluation_s": _evaluations(), "sums_s": _sums()}


def _seed() -> None:
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from tests.factories.catalog import make_service  # noqa: PLC0415 - as above

    from evenfall.platform import partitions  # noqa: PLC0415 - as above
    from evenfall.platform.partitions import Partitioned  # noqa: PLC0415 - as above

    table = Partitioned(table="slo_count", column="at", unit="month")
    partitions.ensure(table, now=NOW - timedelta(days=92), ahead=5)
    ids = _objectives(make_service().pk)
    edges = [NOW - timedelta(days=days) for days in (3, *DAYS)]
    spans = [(NOW - timedelta(days=2), NOW + timedelta(hours=1))]
    spans += [(edge - timedelta(hours=1), edge + timedelta(hours=1)) for edge in edges]
    hour = NOW.replace(minute=0)
    with connection.cursor() as cursor:
        for since, until in spans:
            cursor.execute(COUNTS, [since, until, ids])
        cursor.execute(HOURS, [hour - timedelta(days=91), hour - timedelta(hours=1), ids])
        cursor.execute(SUMS)
        cursor.execute("VACUUM ANALYZE")


def _objectives(service_id: int) -> list[int]:
    from tests.factories.objectives import PUSHED  # noqa: PLC0415 - needs Django set up

    from evenfall.slo.models import Indicator, Objective, Series  # noqa: PLC0415 - as above

    known = Series.objects.bulk_create(
        Series(last_minute=NOW + timedelta(hours=1)) for _ in range(OBJECTIVES)
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            slug=f"i-{number}",
            name=f"I {number}",
            service_id=service_id,
            series=one,
            origin=PUSHED.origin.value,
            measure=PUSHED.measure.value,
            created_at=NOW - timedelta(days=100),
        )
        for number, one in enumerate(known)
    )
    Objective.objects.bulk_create(
        Objective(
            slug=f"o-{number}",
            name=f"O {number}",
            service_id=service_id,
            indicator=one,
            target=0.99,
            method="Occurrences",
            span_number=DAYS[number % 3],
            span_unit="d",
            created_at=NOW - timedelta(days=100),
        )
        for number, one in enumerate(indicators)
    )
    return [one.pk for one in known]


def _evaluations() -> float:
    """The median of some minutes in a row, without the first, which warms the caches."""
    from evenfall.slo import actions  # noqa: PLC0415 - needs Django set up

    found = []
    for number in range(ROUNDS + 1):
        began = perf_counter()
        done = actions.evaluate_due(now=NOW + timedelta(minutes=number, seconds=10))
        found.append(perf_counter() - began)
        assert done == OBJECTIVES
    return median(found[1:])


def _sums() -> float:
    from evenfall.slo.models import Objective  # noqa: PLC0415 - needs Django set up
    from evenfall.slo.queries.sums import window_sums  # noqa: PLC0415 - as above
    from evenfall.slo.queries.tracking import asked_of, tracked  # noqa: PLC0415 - as above

    rows = list(Objective.objects.prefetch_related("members"))
    asked = [one for item in tracked(rows, at=NOW) for one in asked_of(item)]
    found = []
    for _ in range(ROUNDS):
        began = perf_counter()
        window_sums(asked)
        found.append(perf_counter() - began)
    return median(found)


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        sys.stdout.write(json.dumps(measure()) + "\n")
    else:
        show(main())
