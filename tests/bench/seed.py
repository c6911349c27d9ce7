"""Fills an installation through the product's own actions, in a process with its DATABASE_URL.

`python -m tests.bench.seed teams COUNT URL`: teams of one, each with a service, a rota and a web
hook at URL/<slug of the service>; prints the slugs. `python -m tests.bench.seed inhibitions COUNT`:
that many inhibition rules, of an alert `Down<n>` over `Slow<n>` of the same rack.
"""

import base64
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"the secret of the benches").decode()


def run(environment: dict[str, str], *words: str) -> Any:
    """Run this module as a program with the environment of an installation."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.seed", *words],
        env={**environment, "DJANGO_SETTINGS_MODULE": "evenfall.config.settings"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def teams(count: int, url: str, now: datetime) -> list[str]:
    """Make teams in which one person each is on call from now on."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up
    from tests.factories.paging import make_rota  # noqa: PLC0415 - needs Django set up

    from evenfall.catalog.models import Service  # noqa: PLC0415 - needs Django set up
    from evenfall.identity.models import Membership, Team, User  # noqa: PLC0415 - as above
    from evenfall.notifications.models import ContactMethod  # noqa: PLC0415 - as above

    slugs = [f"svc-{os.urandom(4).hex()}" for _ in range(count)]
    with transaction.atomic():
        people = User.objects.bulk_create(
            User(email=f"{slug}@example.org", name=slug, role="responder", created_at=now)
            for slug in slugs
        )
        made = Team.objects.bulk_create(Team(slug=s, name=s, created_at=now) for s in slugs)
        pairs = list(zip(made, people, strict=True))
        Membership.objects.bulk_create(
            Membership(team=team, user=user, role="responder", created_at=now)
            for team, user in pairs
        )
        Service.objects.bulk_create(
            Service(slug=team.slug, name=team.name, team=team, created_at=now) for team, _ in pairs
        )
        ContactMethod.objects.bulk_create(
            ContactMethod(
                user=user,
                kind="webhook",
                address=f"{url}/{team.slug}",
                secret=SECRET,
                created_at=now,
                verified_at=now,
            )
            for team, user in pairs
        )
        for team, user in pairs:
            make_rota(team, user, now=now)
    return slugs


def inhibitions(count: int, now: datetime) -> int:
    """Make rules and write one book of them, instead of one for each."""
    from evenfall.alerting.actions.books import write_book  # noqa: PLC0415 - needs Django set up
    from evenfall.alerting.logic.matchers import parse_matchers, to_json  # noqa: PLC0415 - as above
    from evenfall.alerting.models import InhibitionRow  # noqa: PLC0415 - needs Django set up

    told = {"created_at": now, "created_by": "system", "changed_at": now, "changed_by": "system"}
    InhibitionRow.objects.bulk_create(
        InhibitionRow(
            name=f"Rack {number}",
            source=to_json(parse_matchers(f'alertname="Down{number}"')),
            target=to_json(parse_matchers(f'alertname="Slow{number}"')),
            equal=["rack"],
            **told,
        )
        for number in range(count)
    )
    write_book(now=now, actor="system")
    return count


def main() -> None:
    import django  # noqa: PLC0415 - a program of its own

    django.setup()
    from evenfall.platform.clock import utc_now  # noqa: PLC0415 - needs Django set up

    _, what, count, *rest = sys.argv
    if what == "teams":
        json.dump(teams(int(count), rest[0], utc_now()), sys.stdout)
    if what == "inhibitions":
        json.dump(inhibitions(int(count), utc_now()), sys.stdout)


if __name__ == "__main__":
    main()
