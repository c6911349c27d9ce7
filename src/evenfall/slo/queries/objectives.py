"""What was promised and how it stands: named reads of objectives."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.platform import pages
from evenfall.slo import errors
from evenfall.slo.logic.spec import (
    AlertRules,
    Member,
    Method,
    NoData,
    ObjectiveSpec,
    Policy,
    Promise,
    Span,
    Unit,
    Window,
)
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.models import Objective, Standing


class PairView(Struct, frozen=True, kw_only=True):
    """A pair as it was at the last evaluation: minutes, factor, both burns (None is unknown)."""

    name: str
    severity: str
    long: int
    short: int
    factor: float
    share: float
    clamped_from: float | None
    burn_long: float | None
    burn_short: float | None
    fires: bool | None
    held_back: str


class StandingView(Struct, frozen=True, kw_only=True):
    """See `Standing`. `rest` is by the figure that decides, `rest_raw` without corrections."""

    evaluated_at: datetime
    since: datetime
    until: datetime
    good: float | None
    total: float | None
    spent: float | None
    spent_raw: float | None
    spent_forecast: float | None
    burn: float | None
    exhausted_at: datetime | None
    pairs: tuple[PairView, ...]
    last_data_at: datetime | None
    state: BudgetState
    state_at: datetime

    @property
    def ratio(self) -> float | None:
        """The share that was good, None when nothing is known."""
        return self.good / self.total if self.total and self.good is not None else None

    @property
    def rest(self) -> float | None:
        return None if self.spent_forecast is None else 1 - self.spent_forecast

    @property
    def rest_raw(self) -> float | None:
        return None if self.spent_raw is None else 1 - self.spent_raw


class ObjectiveView(Struct, frozen=True, kw_only=True):
    """An objective as others see it; `standing` None before the first evaluation."""

    id: int
    slug: str
    spec: ObjectiveSpec
    service: ServiceView
    labels: Mapping[str, Any]
    standing: StandingView | None
    version: int
    created_at: datetime
    is_archived: bool

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def state(self) -> BudgetState:
        return self.standing.state if self.standing else BudgetState.UNKNOWN


class ObjectiveFilters(Struct, frozen=True, kw_only=True):
    """Of a list; empty ones do not narrow it."""

    text: str = ""
    service_id: int | None = None
    team_id: int | None = None
    state: BudgetState | None = None
    archived: bool = False


def objective(objective_id: int) -> ObjectiveView:
    """Raises ObjectiveNotFound; an archived one is found."""
    found = objectives([objective_id])
    if not found:
        raise errors.ObjectiveNotFound(objective=objective_id)
    return found[0]


def objective_by_slug(slug: str) -> ObjectiveView:
    """Raises ObjectiveNotFound."""
    found = objective_views(_rows().filter(slug=slug))
    if not found:
        raise errors.ObjectiveNotFound(objective=slug)
    return found[0]


def objectives(ids: Collection[int]) -> list[ObjectiveView]:
    return objective_views(_rows().filter(id__in=ids).order_by("name", "id"))


def objectives_of(service_ids: Collection[int]) -> list[ObjectiveView]:
    """All of these services that are not archived, by name."""
    rows = _rows().filter(service_id__in=service_ids, archived_at=None)
    return objective_views(rows.order_by("name", "id"))


def objectives_page(
    filters: ObjectiveFilters, *, cursor: str | None = None, size: int = 50
) -> pages.Page[ObjectiveView]:
    """A page of objectives by name."""
    page = pages.keyset(_filtered(filters), order=("name", "id"), cursor=cursor, size=size)
    return page.holding(objective_views(page.items))


def team_of(objective_id: int) -> int:
    """The team of its service. Raises ObjectiveNotFound."""
    rows = Objective.objects.filter(id=objective_id)
    team_id = rows.values_list("service__team_id", flat=True).first()
    if team_id is None:
        raise errors.ObjectiveNotFound(objective=objective_id)
    return team_id


def objective_views(rows: Iterable[Objective]) -> list[ObjectiveView]:
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows})
    return [
        ObjectiveView(
            id=row.pk,
            slug=row.slug,
            spec=spec_of(row),
            service=services[row.service_id],
            labels=row.labels,
            standing=_standing(row),
            version=row.version,
            created_at=row.created_at,
            is_archived=row.archived_at is not None,
        )
        for row in rows
    ]


def spec_of(row: Objective) -> ObjectiveSpec:
    """The whole objective; wants `members` prefetched."""
    members = sorted(row.members.all(), key=lambda member: (member.position, member.pk))
    return ObjectiveSpec(
        name=row.name,
        service_id=row.service_id,
        promise=promise_of(row),
        indicator_id=row.indicator_id,
        members=tuple(
            Member(
                indicator_id=member.indicator_id,
                weight=member.weight,
                target=member.target,
                slice_target=member.slice_target,
            )
            for member in members
        ),
        description=row.description,
        environment=row.environment,
        alerts=rules_of(row),
        policy=Policy(warn_below=row.warn_below, thaw_from=row.thaw_from),
    )


def promise_of(row: Objective) -> Promise:
    return Promise(
        target=row.target,
        window=Window(
            span=Span(row.span_number, Unit(row.span_unit)),
            zone=row.zone,
            starts=datetime.fromisoformat(row.starts) if row.starts else None,
        ),
        method=Method(row.method),
        slice_target=row.slice_target,
        slice_minutes=row.slice_minutes,
        no_data=NoData(row.no_data),
    )


def rules_of(row: Objective) -> AlertRules:
    return msgspec.convert(row.alerts, AlertRules)


def _rows() -> QuerySet[Objective]:
    return Objective.objects.select_related("standing").prefetch_related("members")


def _filtered(filters: ObjectiveFilters) -> QuerySet[Objective]:
    rows = _rows().filter(archived_at__isnull=not filters.archived)
    if filters.text:
        named = Q(name__icontains=filters.text) | Q(service__name__icontains=filters.text)
        rows = rows.filter(named)
    if filters.service_id is not None:
        rows = rows.filter(service_id=filters.service_id)
    if filters.team_id is not None:
        rows = rows.filter(service__team_id=filters.team_id)
    if filters.state is BudgetState.UNKNOWN:
        rows = rows.filter(Q(standing=None) | Q(standing__state=filters.state.value))
    elif filters.state is not None:
        rows = rows.filter(standing__state=filters.state.value)
    return rows


def _standing(row: Objective) -> StandingView | None:
    try:
        found = row.standing
    except Standing.DoesNotExist:
        return None
    return StandingView(
        evaluated_at=found.evaluated_at,
        since=found.since,
        until=found.until,
        good=found.good,
        total=found.total,
        spent=found.spent,
        spent_raw=found.spent_raw,
        spent_forecast=found.spent_forecast,
        burn=found.burn,
        exhausted_at=found.exhausted_at,
        pairs=tuple(msgspec.convert(line, PairView) for line in found.burns),
        last_data_at=found.last_data_at,
        state=BudgetState(found.state),
        state_at=found.state_at,
    )
