"""Incidents as causes that error budgets are charged to."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from evenfall.catalog import queries as catalog_queries
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
    found: dict[int, list[Interval]] = defaultdict(list)
    for service_id, row in _impacts(service_ids, over):
        found[service_id].append(_interval(row, Cause.INCIDENT, row.title))
    return found


def dependency_causes(service_ids: Collection[int], over: Bounds) -> dict[int, list[Interval]]:
    """The incidents of what these services depend on directly, by the service that suffers.

    Three queries; the title says which dependency it was.
    """
    wanted = set(service_ids)
    edges = [edge for edge in catalog_queries.dependency_edges() if edge[0] in wanted]
    if not edges:
        return {}
    needed_ids = {needed for _, needed in edges}
    names = {number: one.name for number, one in catalog_queries.services(needed_ids).items()}
    sufferers: dict[int, list[int]] = defaultdict(list)
    for service_id, needed in edges:
        sufferers[needed].append(service_id)
    found: dict[int, list[Interval]] = defaultdict(list)
    for needed, row in _impacts(sufferers, over):
        cause = _interval(row, Cause.DEPENDENCY, f"{names[needed]}: {row.title}")
        for service_id in sufferers[needed]:
            found[service_id].append(cause)
    return found


def _impacts(service_ids: Collection[int], over: Bounds) -> Iterator[tuple[int, Any]]:
    """Incidents with `began` and `ended`, and the service of each."""
    began = Coalesce("impact_started_at", "opened_at")
    ended = Coalesce("mitigated_at", "resolved_at")
    rows = seen(Incident.objects.exclude(state__in=_NONE)).annotate(began=began, ended=ended)
    rows = rows.filter(Q(ended=None) | Q(ended__gt=over.since), began__lt=over.until)
    for row in rows.filter(service_id__in=service_ids).order_by("-opened_at", "-id")[:_MOST]:
        if row.service_id is not None:
            yield row.service_id, row


def _interval(row: Any, kind: Cause, title: str) -> Interval:  # noqa: ANN401 - an annotated incident
    return Interval(
        kind=kind,
        reference=f"incident:{row.pk}",
        since=row.began,
        until=row.ended,
        title=title,
        url=f"/incidents/{row.pk}/",
    )
