"""Indicators: added, changed, archived."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from msgspec import Struct, field
from msgspec.structs import asdict

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.platform.events import publish
from evenfall.slo import errors, events
from evenfall.slo.actions.loading import text_of
from evenfall.slo.actions.reading import BACK_FILL
from evenfall.slo.logic.checks import indicator_flaws
from evenfall.slo.logic.spec import IndicatorSpec, Origin
from evenfall.slo.logic.windows import floor_minute
from evenfall.slo.models import Indicator, Objective, Series
from evenfall.slo.queries.indicators import spec_of, values_of
from evenfall.telemetry import actions as telemetry

MOST_NAME: Final = 120
SLUG_LENGTH: Final = 63


class IndicatorWish(Struct, frozen=True, kw_only=True):
    """What is said about an indicator; `slug` "" makes one of the name."""

    name: str
    service_id: int
    spec: IndicatorSpec
    environment: Environment = Environment.PROD
    description: str = ""
    slug: str = ""
    labels: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_indicator(*, wish: IndicatorWish, now: datetime, actor: str) -> int:
    """Return the id of a new indicator; it is read from now on.

    Raises ObjectiveUnclear, QueryInvalid, SourceNotFound, ServiceNotFound, SlugTaken.
    """
    row = Indicator(created_at=now, series=Series.objects.create())
    row.slug = slug_for(wish.slug, wish.name, taken=Indicator.objects.all())
    _fill(row, wish)
    row.read_until = floor_minute(now)
    row.due_at = None if wish.spec.origin is Origin.PUSHED else now
    _save(row)
    _tell(row, {}, words(row), now, actor)
    return row.pk


@transaction.atomic
def change_indicator(
    *, indicator_id: int, wish: IndicatorWish, version: int, now: datetime, actor: str
) -> None:
    """Change what is counted from now on; what was counted stays as it was.

    Raises IndicatorNotFound, SomebodyChanged and what `add_indicator` does.
    """
    row = _locked(indicator_id)
    if row.version != version:
        raise errors.SomebodyChanged
    before = words(row)
    _fill(row, wish)
    row.version += 1
    row.due_at = None if wish.spec.origin is Origin.PUSHED else now
    row.problem = ""
    _save(row)
    _tell(row, before, words(row), now, actor)


@transaction.atomic
def archive_indicator(*, indicator_id: int, now: datetime, actor: str) -> None:
    """Count no more. Raises IndicatorNotFound, IndicatorInUse."""
    row = _locked(indicator_id)
    used = Objective.objects.filter(
        Q(indicator=row) | Q(members__indicator=row), archived_at=None
    ).distinct()
    names = list(used.values_list("name", flat=True)[:5])
    if names:
        raise errors.IndicatorInUse(objectives=", ".join(names))
    row.archived_at, row.due_at = now, None
    row.save(update_fields=["archived_at", "due_at"])
    _tell(row, words(row), {}, now, actor)


def read_back(indicator_ids: list[int], *, since: datetime, now: datetime) -> None:
    """Let the past be read too, as far as sources are asked; runs in a transaction."""
    start = floor_minute(max(since, now - BACK_FILL + timedelta(hours=1)))
    rows = Indicator.objects.filter(id__in=indicator_ids, read_until__gt=start)
    rows.exclude(origin=Origin.PUSHED.value).update(read_until=start, due_at=now)


def check_indicator(spec: IndicatorSpec, values: dict[str, str]) -> None:
    """Raises ObjectiveUnclear, QueryInvalid, SourceNotFound."""
    for name, reason in indicator_flaws(spec):
        raise errors.ObjectiveUnclear(field=name, reason=reason)
    if spec.origin is Origin.METRICS and spec.source_id is not None:
        for text in filter(None, (spec.query, spec.total, spec.created)):
            telemetry.check_query(spec.source_id, text)
            telemetry.fill_query(spec.source_id, text, values)


def slug_for(wanted: str, name: str, *, taken: Any) -> str:  # noqa: ANN401 - a query set of rows with slugs
    """The slug that was wished for, or one of the name that is free.

    Raises ObjectiveUnclear for one that is none, SlugTaken.
    """
    if wanted:
        if slugify(wanted) != wanted or len(wanted) > SLUG_LENGTH:
            reason = "A short name has small letters, digits and hyphens, at most 63 of them."
            raise errors.ObjectiveUnclear(field="slug", reason=reason)
        if taken.filter(slug=wanted).exists():
            raise errors.SlugTaken(slug=wanted)
        return wanted
    base = slugify(name)[: SLUG_LENGTH - 5].strip("-") or "unnamed"
    known = set(taken.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (f"{base}-{number}" if number > 1 else base for number in range(1, len(known) + 2))
    return next(one for one in free if one not in known)


def name_of(text: str) -> str:
    """Raises ObjectiveUnclear."""
    name = " ".join(text.replace("\0", "").split())
    if not name or len(name) > MOST_NAME:
        reason = "Give it a name of at most 120 letters."
        raise errors.ObjectiveUnclear(field="name", reason=reason)
    return name


def words(row: Indicator) -> dict[str, Any]:
    return {
        "name": row.name,
        "service_id": row.service_id,
        "environment": row.environment,
        "description": row.description,
        **asdict(spec_of(row)),
    }


def _locked(indicator_id: int) -> Indicator:
    rows = Indicator.objects.select_for_update(of=("self",))
    row = rows.filter(id=indicator_id, archived_at=None).first()
    if row is None:
        raise errors.IndicatorNotFound(indicator=indicator_id)
    return row


def _fill(row: Indicator, wish: IndicatorWish) -> None:
    service = catalog_queries.service(wish.service_id)
    row.name, row.description = name_of(wish.name), text_of(wish.description)
    row.service_id, row.environment = service.id, wish.environment.value
    row.labels = wish.labels
    for name, value in asdict(wish.spec).items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    check_indicator(wish.spec, values_of(row, service.slug))


def _save(row: Indicator) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.SlugTaken(slug=row.slug) from error


def _tell(
    row: Indicator, before: dict[str, Any], after: dict[str, Any], now: datetime, actor: str
) -> None:
    publish(
        events.IndicatorSaved(
            at=now,
            actor=actor,
            indicator_id=row.pk,
            name=row.name,
            service_id=row.service_id,
            before=before,
            after=after,
        )
    )
