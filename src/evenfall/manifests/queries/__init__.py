"""The reads of manifests."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from msgspec import Struct

from evenfall.manifests.logic import writing
from evenfall.manifests.logic.specs import schema
from evenfall.manifests.models import Bundle
from evenfall.manifests.queries.drifting import Drift, Hand, drift
from evenfall.manifests.queries.live import live
from evenfall.manifests.queries.names import managed_things, names
from evenfall.monitors.ports import Difference

__all__ = ["BundleView", "Drift", "Hand", "bundles", "drift", "export", "schema", "strays"]


class BundleView(Struct, frozen=True, kw_only=True):
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


def strays(bundle: str, now: datetime) -> list[Difference] | None:
    """What is not as it was applied, as paths without values; "" is all bundles.

    None where nothing was applied under that name.
    """
    rows = Bundle.objects.filter(name=bundle) if bundle else Bundle.objects.all()
    if not rows.exists():
        return None
    found = drift(bundle=bundle or None, now=now)
    return [one for thing in found for one in _paths(thing)]


def _paths(drifted: Drift) -> list[Difference]:
    if drifted.is_gone:
        return [Difference(path=str(drifted.thing), what="removed")]
    return [
        Difference(path=f"{drifted.thing}.{one.path}", what=_what(one.before, one.after))
        for one in drifted.fields
    ]


def _what(before: object, after: object) -> str:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def export(*, kinds: Collection[str] = (), now: datetime) -> str:
    """Everything that is there as one manifest, or only these kinds of it."""
    there = live(names(managed_things()), now=now, kinds=kinds or None)
    return writing.text({thing: one.spec for thing, one in there.items()})
