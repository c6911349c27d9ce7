"""Services for tests."""

import itertools
from datetime import datetime

from tests.factories.identity import NOW, make_team

from evenfall.catalog.models import Dependency, Service
from evenfall.identity.models import Team

_numbers = itertools.count(1)


def make_service(
    name: str = "Checkout",
    *,
    team: Team | None = None,
    slug: str | None = None,
    tier: int = 2,
    criticality: str = "medium",
    runbook_url: str = "",
    dashboard_url: str = "",
    now: datetime = NOW,
) -> Service:
    """A service, of a new team unless one is given."""
    return Service.objects.create(
        slug=slug or f"{name.lower().replace(' ', '-')}-{next(_numbers)}",
        name=name,
        team=team or make_team(),
        tier=tier,
        criticality=criticality,
        runbook_url=runbook_url,
        dashboard_url=dashboard_url,
        created_at=now,
    )


def make_dependency(
    service: Service, depends_on: Service, *, kind: str = "hard", now: datetime = NOW
) -> Dependency:
    return Dependency.objects.create(
        service=service, depends_on=depends_on, kind=kind, created_at=now
    )
