"""Changes for tests."""

from datetime import datetime

from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.changes.models import Change


def make_change(
    service: Service | None = None,
    summary: str = "Deploy 1.2.3",
    *,
    kind: str = "deploy",
    at: datetime = NOW,
) -> Change:
    return Change.objects.create(
        service=service, summary=summary, kind=kind, actor="system", at=at, recorded_at=at
    )
