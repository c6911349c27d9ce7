"""The shifts that people hold, from the rows."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from evenfall.oncall import errors
from evenfall.oncall.logic import held
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.spec import RotaSpec
from evenfall.oncall.models import MOST_OVERRIDE_DAYS, Override
from evenfall.oncall.queries.duties import check_stretch
from evenfall.oncall.queries.specs import override_spec, specs

AROUND = timedelta(days=MOST_OVERRIDE_DAYS)


def held_shifts(
    rota_id: int, *, starts_at: datetime, ends_at: datetime, under: int | None = None
) -> tuple[HeldShift, ...]:
    """Whole shifts of one rota that touch the stretch between two aware instants, by start.

    With `under`, the id of an override, as they were without it and all later ones. A deleted rota
    has no shifts since. Raises `RotaNotFound`, `StretchTooLong`.
    """
    check_stretch(starts_at, ends_at)
    found = specs([rota_id], since=starts_at - AROUND, until=ends_at + AROUND)
    if rota_id not in found:
        raise errors.RotaNotFound(rota_id=rota_id)
    spec = found[rota_id] if under is None else _under(found[rota_id], under)
    return held.held(spec, starts_at, ends_at)


def held_shifts_of(
    rota_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> dict[int, tuple[HeldShift, ...]]:
    """Whole shifts of these rotas that touch the stretch, by start: the same few queries.

    Unknown rotas are left out. Raises `StretchTooLong`.
    """
    check_stretch(starts_at, ends_at)
    found = specs(rota_ids, since=starts_at - AROUND, until=ends_at + AROUND)
    return {rota_id: held.held(spec, starts_at, ends_at) for rota_id, spec in found.items()}


def _under(spec: RotaSpec, override_id: int) -> RotaSpec:
    row = Override.objects.filter(id=override_id).first()
    value = override_spec(row) if row else None
    if value not in spec.overrides:
        return spec
    return replace(spec, overrides=spec.overrides[: spec.overrides.index(value)])
