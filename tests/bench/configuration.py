"""A large configuration as code: 1,000 services that need each other and 1,000 rules.

Planned, applied, planned again and looked at for drift; then a plan whose effect is replayed over
10,000 recorded alerts. Measured in a process of its own on the tests' embedded PostgreSQL: seconds
are of the processor of that process and of the clock, statements are counted.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import process_time

import yaml
from tests.bench import whatif
from tests.bench.report import Figure, show

ROOT = Path(__file__).parents[2]
SERVICES = int(os.environ.get("BENCH_SERVICES", "1000"))
TEAMS = 50
ALERTS = 10_000
NOW = whatif.NOW
STEPS = {
    "plan": "plan of a new configuration",
    "apply": "apply it",
    "again": "plan of the same again",
    "drift": "look for drift",
    "changed": "plan with one more rule",
    "effect": "the same with its effect on 10,000 alerts",
}


def main() -> list[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.configuration", "measure"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Figure(
            what=f"{SERVICES:,} services, {SERVICES:,} rules: {what}",
            measured=found[name][0],
            unit="s",
            note=f"{found[name][1]} statements",
        )
        for name, what in STEPS.items()
    ]


def files(*, rules: int = SERVICES) -> dict[str, str]:
    """The bundle; each service needs the one before it within its team."""
    names = [f"service-{number}" for number in range(SERVICES)]
    said = {
        "evenfall": "v1",
        "teams": {f"team-{number}": {"name": f"Team {number}"} for number in range(TEAMS)},
        "services": {
            name: {"name": f"Service {number}", "team": f"team-{number % TEAMS}", "tier": 2}
            for number, name in enumerate(names)
        },
        "dependencies": {
            name: {"needs": {names[number - TEAMS]: "hard"}}
            for number, name in enumerate(names)
            if number >= TEAMS
        },
    }
    ordered = [
        {
            "name": f"Rule {number}",
            "when": f'labels.alertname == "Rare{number}" and severity == "error"',
            "then": {"outcome": "ticket"},
        }
        for number in range(rules)
    ]
    return {
        "services.yaml": yaml.safe_dump(said),
        "rules.yaml": yaml.safe_dump(
            {
                "evenfall": "v1",
                "rules": {
                    "ordered": ordered,
                    "otherwise": {"group_by": ["alertname"]},
                },
            }
        ),
    }


def measure() -> dict[str, tuple[float, int]]:
    """Seed and measure; prints nothing."""
    import django  # noqa: PLC0415 - the caller sets the settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from tests.factories.identity import make_user, viewer  # noqa: PLC0415 - as above

    from evenfall.manifests import actions, queries  # noqa: PLC0415 - as above
    from evenfall.manifests.actions import Plan, Wish  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    whatif.ALERTS = ALERTS
    whatif._seed()
    who = viewer(make_user("Root", "admin"))

    def wish(rules: int = SERVICES) -> Wish:
        return Wish(bundle="large", files=files(rules=rules))

    def plan(rules: int = SERVICES, days: int = 0) -> Plan:
        found = actions.plan(wish=wish(rules), viewer=who, now=NOW, days=days)
        assert not found.problems, found.problems[:3]
        return found

    later = NOW + timedelta(seconds=1)
    return {
        "plan": _timed(plan),
        "apply": _timed(lambda: actions.apply(wish=wish(), viewer=who, now=NOW)),
        "again": _timed(plan),
        "drift": _timed(lambda: queries.drift(now=later)),
        "changed": _timed(lambda: plan(SERVICES + 1)),
        "effect": _timed(lambda: plan(SERVICES + 1, days=whatif.DAYS)),
    }


def _timed(work: Callable[[], object]) -> tuple[float, int]:
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    count = 0

    def counted(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal count
        count += 1
        return execute(*arguments)

    began = process_time()
    with connection.execute_wrapper(counted):
        work()
    return process_time() - began, count


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        sys.stdout.write(json.dumps(measure()) + "\n")
    else:
        show(main())
