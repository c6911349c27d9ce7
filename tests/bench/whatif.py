"""What a what-if costs on a week of 140,000 recorded alerts: 20,000 a day of 200 services.

Measured in a process of its own on the tests' embedded PostgreSQL, everything included: the alerts
are read, decided twice, made incidents and pages, and counted. One in a hundred is critical, one in
ten an error; each lasts twenty minutes. Seconds are of the processor of that process; the memory is
its peak, Django and the migrations included. Beside it a look at the rules after one was changed.
"""

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from tests.bench.report import Figure, show

ROOT = Path(__file__).parents[2]
ALERTS = 140_000
DAYS = 7
SERVICES = 200
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
FILL = """
INSERT INTO alerting_alert (
    integration_id, dedup_key, key_hash, state, severity, told_severity, environment,
    told_environment, service_id, team_id, outcome, urgency, held_by, rules_version, group_key,
    decision, decided_at, summary, source, labels, annotations, details, extra, unparsed, count,
    starts_at, opened_at, last_seen_at, acknowledged_by, resolved_at, resolved_by, resolve_reason)
SELECT %(integration)s, 'k' || n, decode(md5(n::text), 'hex'), 'resolved', severity, severity,
       'PROD', 'PROD', service, %(team)s,
       CASE WHEN severity IN ('critical', 'error') THEN 'page' ELSE 'ticket' END,
       'high', '', 0, '', '[]', at, 'Slow ' || n %% 50, 'host' || n %% 1000,
       jsonb_build_object('alertname', 'Slow' || n %% 50, 'host', 'host' || n %% 1000,
                          'team', 'team' || n %% 20),
       '{}', '{}', '{}', '', 1, at, at, at, '', at + interval '20 minutes', '', ''
  FROM generate_series(1, %(count)s) AS n,
       LATERAL (SELECT CASE WHEN n %% 100 = 0 THEN 'critical' WHEN n %% 10 = 0 THEN 'error'
                            ELSE 'warning' END AS severity,
                       %(since)s + n * make_interval(secs => %(step_s)s) AS at,
                       (%(services)s::bigint[])[1 + n %% %(kinds)s] AS service) AS one
"""


def main() -> list[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.whatif", "measure"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    figures = [
        Figure(what=f"what-if over 140,000 alerts: {name}", measured=found[name], unit="s")
        for name in ("rule", "silence", "policy")
    ]
    return [
        *figures,
        Figure(what="  most memory of the process", measured=found["mb"], unit="MB"),
        Figure(what="look again after a rule was changed", measured=found["look"], unit="s"),
    ]


def measure() -> dict[str, float]:
    """Seed and measure; prints nothing."""
    import django  # noqa: PLC0415 - the caller sets the settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    call_command("migrate", verbosity=0)
    _seed()
    from evenfall.alerting.logic.matchers import Matcher, Operator  # noqa: PLC0415 - as above
    from evenfall.alerting.logic.rules import Effects, Rule  # noqa: PLC0415 - as above
    from evenfall.alerting.ports import Outcome  # noqa: PLC0415 - as above
    from evenfall.alerting.ports.proposals import RuleChange, SilenceChange  # noqa: PLC0415
    from evenfall.foresight.logic.kinds import Part  # noqa: PLC0415 - as above
    from evenfall.foresight.queries.checks import troubles  # noqa: PLC0415 - as above
    from evenfall.paging.logic.policy import DEFAULT_POLICY  # noqa: PLC0415 - as above
    from evenfall.paging.ports import PolicyChange  # noqa: PLC0415 - as above
    from evenfall.paging.queries import default_policy  # noqa: PLC0415 - as above

    known = default_policy()
    assert known is not None
    rule = Rule(
        id=-1,
        name="Wait",
        condition='labels.alertname == "Slow7" and severity == "error"',
        effects=Effects(outcome=Outcome.TICKET),
    )
    silence = SilenceChange(matchers=(Matcher("team", Operator.EQUAL, "team3"),))
    found = {
        "rule": _asked(RuleChange(rule=rule)),
        "silence": _asked(silence),
        "policy": _asked(PolicyChange(policy_id=known.id, spec=DEFAULT_POLICY)),
    }
    found["mb"] = _peak_mb()
    began = process_time()
    troubles([Part.RULES], now=NOW)
    return {**found, "look": process_time() - began}


def _asked(change: object) -> float:
    from evenfall.foresight.queries import forecast  # noqa: PLC0415 - needs Django set up

    began = process_time()
    report = forecast([change], since=NOW - timedelta(days=DAYS), until=NOW, now=NOW)
    assert report.alerts == ALERTS
    return process_time() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _seed() -> None:
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from tests.factories.alerting import make_integration  # noqa: PLC0415 - as above
    from tests.factories.catalog import make_service  # noqa: PLC0415 - as above
    from tests.factories.paging import make_paged_team  # noqa: PLC0415 - as above

    from evenfall.paging.actions import ensure_default_policy  # noqa: PLC0415 - as above

    world = make_paged_team()
    ensure_default_policy(now=NOW)
    services = [make_service(f"Service {n}", team=world.team).pk for n in range(SERVICES)]
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "integration": make_integration(service=world.service).pk,
                "team": world.team.pk,
                "count": ALERTS,
                "since": NOW - timedelta(days=DAYS),
                "step_s": timedelta(days=DAYS).total_seconds() / (ALERTS + 1),
                "services": services,
                "kinds": SERVICES,
            },
        )
        cursor.execute("VACUUM ANALYZE alerting_alert")


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        sys.stdout.write(json.dumps(measure()) + "\n")
    else:
        show(main())
