"""Incidents as causes that error budgets are charged to."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q
from django.db.models.functions import Coalesce

from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident
from evenfall.incidents.queries.sight import seen
from evenfall.slo.ports import Bounds, Cause, Interval

_NONE = (State.DECLINED.value, State.MERGED.value)
_MOST = 500


def budget_causes(service_ids: Collection[int], over: Bounds) -> dict[int, list[Interval]]:
    """The incidents of these services in a time, by service: from their impact to its end.

    One query; private ones are left out for those who may not see them.
    """
    began = Coalesce("impact_started_at", "opened_at")
    ended = Coalesce("mitigated_at", "resolved_at")
    rows = seen(Incident.objects.exclude(state__in=_NONE)).annotate(began=began, ended=ended)
    rows = rows.filter(Q(ended=None) | Q(ended__gt=over.since), began__lt=over.until)
    found: dict[int, list[Interval]] = defaultdict(list)
    for row in rows.filter(service_id__in=service_ids).order_by("-opened_at", "-id")[:_MOST]:
        if row.service_id is not None:
            found[row.service_id].append(
                Interval(
                    kind=Cause.INCIDENT,
                    reference=f"incident:{row.pk}",
                    since=row.began,
                    until=row.ended,
                    title=row.title,
                    url=f"/incidents/{row.pk}/",
                )
            )
    return found
