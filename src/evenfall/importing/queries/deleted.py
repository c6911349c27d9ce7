"""Overrides that an import made and that the other tool has no more."""

from datetime import datetime

from evenfall.importing.logic.deleted import is_gone
from evenfall.importing.logic.drafts import Held
from evenfall.importing.logic.origins import OriginKind, Step, override_origin
from evenfall.importing.models import Origin
from evenfall.importing.queries.plans import Plan, PlannedRota
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.queries import OverrideView


def deleted_overrides(plan: Plan, planned: PlannedRota, *, now: datetime) -> list[OverrideView]:
    """Those of one rota that still count here; never one that somebody made here by hand.

    An override is deleted when the export has it no more and says itself that somebody else is on
    call then. An export without the finished schedule proves nothing, so nothing is taken away.
    """
    theirs = plan.translated.rendered.get(planned.draft.schedule, ())
    if planned.own_id is None or planned.step is Step.REFUSED or not theirs:
        return []
    ids = _missing(plan, planned)
    held = [Held(h.starts_at, h.ends_at, plan.user_ids.get(h.person, 0)) for h in theirs]
    return [
        one
        for one in oncall_queries.coming_overrides(planned.own_id, now=now)
        if one.id in ids
        and one.user_id is not None
        and is_gone(one.user_id, max(one.starts_at, now), one.ends_at, held)
    ]


def _missing(plan: Plan, planned: PlannedRota) -> set[int]:
    """The ids of what was imported for this rota and is not in the export any more."""
    known = {
        override_origin(rota.origin, override.origin)
        for rota in plan.translated.rotas
        if rota.key == planned.draft.key
        for override in rota.overrides
    }
    rows = Origin.objects.filter(
        vendor=plan.vendor,
        kind=OriginKind.OVERRIDE.value,
        origin__startswith=override_origin(planned.draft.origin, ""),
    )
    return set(rows.exclude(origin__in=known).values_list("own_id", flat=True))
