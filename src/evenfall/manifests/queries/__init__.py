"""The reads of manifests."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from evenfall.manifests.logic import writing
from evenfall.manifests.logic.specs import schema
from evenfall.manifests.models import Bundle
from evenfall.manifests.queries.drifting import Drift, Hand, drift
from evenfall.manifests.queries.live import live
from evenfall.manifests.queries.names import managed_things, names

__all__ = ["BundleView", "Drift", "Hand", "bundles", "drift", "export", "schema"]


@dataclass(frozen=True, kw_only=True)
class BundleView:
    """A bundle as it was applied last, and how many things it manages."""

    name: str
    revision: str
    applied_at: datetime
    applied_by: str
    count: int


def bundles() -> list[BundleView]:
    """All bundles by name."""
    rows = Bundle.objects.annotate(count=Count("things")).order_by("name")
    return [
        BundleView(
            name=row.name,
            revision=row.revision,
            applied_at=row.applied_at,
            applied_by=row.applied_by,
            count=row.count,
        )
        for row in rows
    ]


def export(*, kinds: Collection[str] = (), now: datetime) -> str:
    """Everything that is there as one manifest, or only these kinds of it."""
    there = live(names(managed_things()), now=now)
    return writing.text(
        {thing: one.spec for thing, one in there.items() if not kinds or thing.kind in kinds}
    )
