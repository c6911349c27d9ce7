"""What is counted: named reads of indicators."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.slo import errors
from evenfall.slo.logic.spec import IndicatorSpec, Measure, Op, Origin
from evenfall.slo.models import Indicator


class IndicatorView(Struct, frozen=True, kw_only=True):
    """An indicator as others see it; `problem` is why it could not be read last."""

    id: int
    slug: str
    name: str
    description: str
    service: ServiceView
    environment: Environment
    spec: IndicatorSpec
    labels: Mapping[str, object]
    series_id: int
    read_until: datetime | None
    problem: str
    version: int
    is_archived: bool

    @property
    def values(self) -> Mapping[str, str]:
        """What the `$names` of its queries stand for."""
        return {"service": self.service.slug, "environment": self.environment.value}


def indicator(indicator_id: int) -> IndicatorView:
    """Raises IndicatorNotFound."""
    found = indicators([indicator_id])
    if indicator_id not in found:
        raise errors.IndicatorNotFound(indicator=indicator_id)
    return found[indicator_id]


def indicator_by_slug(slug: str) -> IndicatorView:
    """Raises IndicatorNotFound."""
    found = _views(Indicator.objects.filter(slug=slug))
    if not found:
        raise errors.IndicatorNotFound(indicator=slug)
    return found[0]


def indicators(
    ids: Collection[int] | None = None, *, service_id: int | None = None
) -> dict[int, IndicatorView]:
    """These indicators, or all that are not archived, by name."""
    rows = Indicator.objects.order_by("name", "id")
    rows = rows.filter(archived_at=None) if ids is None else rows.filter(id__in=ids)
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    return {view.id: view for view in _views(rows)}


def spec_of(row: Indicator) -> IndicatorSpec:
    return IndicatorSpec(
        origin=Origin(row.origin),
        measure=Measure(row.measure),
        source_id=row.source_id,
        query=row.query,
        total=row.total,
        created=row.created,
        is_counter=row.is_counter,
        op=Op(row.op),
        limit=row.limit,
        monitor_ids=tuple(row.monitor_ids),
    )


def values_of(row: Indicator, service: str) -> dict[str, str]:
    """What the `$names` of its queries stand for; `service` is the slug."""
    return {"service": service, "environment": row.environment}


def _views(rows: Iterable[Indicator]) -> list[IndicatorView]:
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows})
    return [
        IndicatorView(
            id=row.pk,
            slug=row.slug,
            name=row.name,
            description=row.description,
            service=services[row.service_id],
            environment=Environment(row.environment),
            spec=spec_of(row),
            labels=row.labels,
            series_id=row.series_id,
            read_until=row.read_until,
            problem=row.problem,
            version=row.version,
            is_archived=row.archived_at is not None,
        )
        for row in rows
    ]
