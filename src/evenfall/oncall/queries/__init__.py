"""Named reads of on-call. They return plain values: a template can issue no SQL."""

from evenfall.oncall.queries.duties import final_schedule, gaps, on_call_at, preview, schedules
from evenfall.oncall.queries.rotas import (
    LayerView,
    MemberView,
    OverrideView,
    PlanView,
    RotaDetail,
    RotaView,
    coming_overrides,
    override,
    rota,
    rotas,
    rotas_of_team,
    rotas_page,
)

__all__ = [
    "LayerView",
    "MemberView",
    "OverrideView",
    "PlanView",
    "RotaDetail",
    "RotaView",
    "coming_overrides",
    "final_schedule",
    "gaps",
    "on_call_at",
    "override",
    "preview",
    "rota",
    "rotas",
    "rotas_of_team",
    "rotas_page",
    "schedules",
]
