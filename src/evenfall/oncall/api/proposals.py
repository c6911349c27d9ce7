"""A plan as the API takes it, as a change nobody saved yet."""

from collections.abc import Mapping
from typing import Any

from evenfall.oncall import actions, queries
from evenfall.oncall.api.schemas import PlanIn
from evenfall.oncall.errors import LayerMissing
from evenfall.oncall.ports import PlanSpec, RotaChange
from evenfall.platform.clock import utc_now


def rota_change(rota_id: int | None, body: Mapping[str, Any] | None) -> RotaChange:
    """A plan as `PUT /rotas/{rota_id}/plan` takes it.

    Raises RotaNotFound, what `replan_rota` raises for a plan, and what pydantic refuses.
    """
    if rota_id is not None:
        queries.rota(rota_id)
    if body is None:
        raise LayerMissing(field="layers")
    said = PlanIn.model_validate(body).fields_of()
    layers, rule, shadows = said["layers"], said["lieutenant"], said["shadows"]
    actions.check_plan(layers, rule, shadows)
    plan = PlanSpec(
        starts_at=said["holds_from"] or utc_now(),
        layers=tuple(layers),
        lieutenant=rule,
        shadows=tuple(shadows),
    )
    return RotaChange(rota_id=rota_id, plan=plan)
