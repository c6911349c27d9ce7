"""Changes for tests."""

from datetime import datetime
from typing import Any

from tests.factories.identity import NOW

from evenfall.catalog.models import Service
from evenfall.changes import actions
from evenfall.changes.actions import Keys, SourceWish
from evenfall.changes.models import Change


def make_change(
    service: Service | None = None,
    summary: str = "Deploy 1.2.3",
    *,
    kind: str = "deploy",
    at: datetime = NOW,
    **more: Any,
) -> Change:
    values = {"actor": "system", "recorded_at": at, **more}
    return Change.objects.create(service=service, summary=summary, kind=kind, at=at, **values)


def make_source(
    name: str = "Pipeline", kind: str = "json", *, now: datetime = NOW, **wish: Any
) -> tuple[int, Keys]:
    return actions.create_source(
        wish=SourceWish(name=name, kind=kind, **wish), now=now, actor="system"
    )
