"""Named reads of the metric sources; credentials leave this module as `Access` only."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models.functions import Lower
from msgspec import Struct

from evenfall.telemetry import ports
from evenfall.telemetry.errors import SourceNotFound
from evenfall.telemetry.logic.addresses import headers_of
from evenfall.telemetry.models import MetricSource
from evenfall.telemetry.ports import Access


class SourceView(Struct, frozen=True, kw_only=True):
    """A source as people see it. `problem` is "" while it answers; times are UTC."""

    id: int
    name: str
    kind: str
    kind_label: str
    url: str
    user_name: str
    tenant: str
    authority: str
    has_secret: bool
    asked_at: datetime | None
    problem: str
    problem_since: datetime | None


def sources() -> list[SourceView]:
    """All sources by name."""
    return _views(MetricSource.objects.order_by(Lower("name"), "id"))


def source(source_id: int) -> SourceView:
    """Raises SourceNotFound."""
    found = _views(MetricSource.objects.filter(id=source_id))
    if not found:
        raise SourceNotFound(source=source_id)
    return found[0]


def source_named(name: str) -> SourceView:
    """The source with this name, capitals aside. Raises SourceNotFound."""
    found = _views(MetricSource.objects.filter(name__iexact=name))
    if not found:
        raise SourceNotFound(source=name)
    return found[0]


def kind_of(source_id: int) -> str:
    """The kind of one source. Raises SourceNotFound."""
    kind = MetricSource.objects.filter(id=source_id).values_list("kind", flat=True).first()
    if kind is None:
        raise SourceNotFound(source=source_id)
    return kind


def accesses(source_ids: Collection[int]) -> dict[int, tuple[str, Access]]:
    """Kind and way in of these sources, by id; those that are gone are left out."""
    return {
        row.pk: (row.kind, _access(row)) for row in MetricSource.objects.filter(id__in=source_ids)
    }


def _access(row: MetricSource) -> Access:
    headers = headers_of(user_name=row.user_name, secret=row.secret, tenant=row.tenant)
    return Access(url=row.url, headers=headers, authority=row.authority)


def _views(rows: Iterable[MetricSource]) -> list[SourceView]:
    labels = ports.metric_kinds()
    return [
        SourceView(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            kind_label=labels.get(row.kind, row.kind),
            url=row.url,
            user_name=row.user_name,
            tenant=row.tenant,
            authority=row.authority,
            has_secret=bool(row.secret),
            asked_at=row.asked_at,
            problem=row.problem,
            problem_since=row.problem_since,
        )
        for row in rows
    ]
