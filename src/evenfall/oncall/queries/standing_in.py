"""What is needed to decide who stands in."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q
from msgspec.structs import replace

from evenfall.oncall.logic.standing_in import Away, Known
from evenfall.oncall.logic.standing_in import StandIn as StandInSpec
from evenfall.oncall.models import (
    MOST_OVERRIDE_DAYS,
    Absence,
    Layer,
    Override,
    Plan,
    Rota,
    StandIn,
)
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.specs import override_spec
from evenfall.platform.events import SYSTEM

NOT_BY_HAND = ("", SYSTEM)
"""Who cancelled an override that nobody decided to cancel; the empty one is from long ago."""


def rotas_with(user_ids: Collection[int], *, now: datetime) -> list[int]:
    """The rotas that may put one of these people on call from now on, by id."""
    layers = Layer.objects.filter(members__user_id__in=user_ids)
    plans = Plan.objects.filter(lieutenant_user_id__in=user_ids)
    overrides = Override.objects.filter(
        Q(user_id__in=user_ids) | Q(instead_of_id__in=user_ids), ends_at__gt=now
    )
    ids = layers.values("plan__rota_id").union(plans.values("rota_id"), overrides.values("rota_id"))
    rows = Rota.objects.filter(id__in=[row["plan__rota_id"] for row in ids], deleted_at=None)
    return list(rows.order_by("id").values_list("id", flat=True))


def known_overrides(rota_id: int, *, now: datetime) -> list[Known]:
    """The overrides that count, or counted so lately that they say who rests now, by id."""
    counting = Q(cancelled_at=None) | Q(cancelled_at__gt=F("starts_at"))
    since = now - timedelta(days=MOST_OVERRIDE_DAYS)
    rows = Override.objects.filter(counting, rota_id=rota_id, ends_at__gt=since)
    causes = dict(
        StandIn.objects.filter(override__in=rows).values_list("override_id", "absence_id")
    )
    return [
        Known(
            id=row.id,
            override=override_spec(row),
            # one that was cut is history and stands in for nobody any more
            absence_id=None if row.cancelled_at else causes.get(row.id),
        )
        for row in rows.order_by("id")
    ]


def declined(rota_id: int, *, now: datetime) -> list[StandInSpec]:
    """What people cancelled by hand of those who were to stand in from now on."""
    rows = Override.objects.filter(
        rota_id=rota_id, cancelled_at__isnull=False, ends_at__gt=now, stand_in__isnull=False
    ).exclude(cancelled_by__in=NOT_BY_HAND)
    found = (
        Known(
            id=row.id,
            override=replace(override_spec(row), ends_at=row.ends_at),
            absence_id=row.stand_in.absence_id,
        ).stand_in()
        for row in rows.select_related("stand_in").order_by("id")
    )
    return [one for one in found if one is not None]


def aways(user_ids: Collection[int], *, now: datetime, until: datetime) -> list[Away]:
    found = absent_at(user_ids, starts_at=now, ends_at=until)
    return [
        Away(absence_id=one.id, user_id=one.user_id, starts_at=one.starts_at, ends_at=one.ends_at)
        for absences in found.values()
        for one in absences
    ]


def rotas_of_absent(*, now: datetime) -> list[int]:
    """The rotas of everybody who is or will be away."""
    away = Absence.objects.filter(cancelled_at=None, ends_at__gt=now)
    return rotas_with(set(away.values_list("user_id", flat=True)), now=now)
