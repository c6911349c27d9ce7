"""The graph of services as alerts are decided by it, and the problems that are open in it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from evenfall.alerting.logic import causes
from evenfall.alerting.logic.candidate import Candidate, Context
from evenfall.alerting.logic.causes import Asked, Finding, Holding, Node, Problem, ServiceGraph
from evenfall.alerting.logic.depending import asked_of
from evenfall.alerting.models import GraphBook

_EMPTY: Final = ServiceGraph()


def graph_at(version: int | None, created_at: datetime | None) -> ServiceGraph:
    """The graph of a book; read once for each book and process. None is the empty one."""
    return _EMPTY if version is None or created_at is None else _compiled(version, created_at)


@lru_cache(maxsize=4)
def _compiled(version: int, _created_at: datetime) -> ServiceGraph:
    # the time is part of the key because a restored backup may give a number a second time
    stored = GraphBook.objects.values_list("graph", flat=True).get(id=version)
    return graph_from_json(version, stored)


def graph_to_json(
    nodes: Collection[Node], edges: Collection[tuple[int, int]], *, most_steps: int, window_s: int
) -> dict[str, Any]:
    """The words of a graph as a book keeps them; only what needs something, or is needed."""
    known = {number for edge in edges for number in edge}
    return {
        "most_steps": most_steps,
        "window_s": window_s,
        "edges": [list(edge) for edge in edges],
        "nodes": [
            [one.id, one.name, one.team_id, one.tier, one.holding.value]
            for one in nodes
            if one.id in known
        ],
    }


def graph_from_json(version: int, stored: dict[str, Any]) -> ServiceGraph:
    return causes.graph_of(
        version=version,
        nodes=[Node(row[0], row[1], row[2], row[3], Holding(row[4])) for row in stored["nodes"]],
        edges=[(service, needed) for service, needed in stored["edges"]],
        most_steps=stored["most_steps"],
        window=timedelta(seconds=stored["window_s"]),
    )


def findings_of(candidates: Sequence[Candidate], known: Context) -> dict[int, Finding]:
    """What the graph says of these alerts: one query, none where nothing needs anything."""
    asked = asked_of(candidates, known) if known.graph.needs else []
    calling = [one for one in asked if one.calls]
    if not calling:
        return causes.findings(asked, (), known.graph)
    standing = open_problems(calling, known.graph, but=[one.problem.alert_id for one in asked])
    return causes.findings(asked, standing, known.graph)


# The oldest problem of each place is enough: it is what the others of its service joined.
_OPEN: Final = """
SELECT oldest.id, oldest.summary, oldest.service_id, oldest.environment, oldest.team_id,
       oldest.opened_at, oldest.group_key
  FROM unnest(%s::bigint[], %s::text[]) AS place (service_id, environment)
 CROSS JOIN LATERAL (
       SELECT * FROM alerting_alert alert
        WHERE alert.service_id = place.service_id AND alert.environment = place.environment
          AND alert.state IN ('open', 'acknowledged') AND alert.outcome = 'page'
          AND alert.urgency = 'high' AND alert.held_by = '' AND alert.opened_at >= %s
          AND NOT alert.id = ANY(%s)
        ORDER BY alert.id LIMIT 1) AS oldest
"""


def open_problems(
    asked: Sequence[Asked], graph: ServiceGraph, *, but: Collection[int]
) -> list[Problem]:
    """The open problems near these alerts, but for these; one statement."""
    places = {
        (near, one.problem.environment)
        for one in asked
        for way in (graph.below, graph.above)
        for near in way(one.problem.service_id)
    }
    if not places:
        return []
    since = min(one.problem.opened_at for one in asked) - graph.window
    services, environments = zip(*sorted(places), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [list(services), list(environments), since, list(but)])
        return [
            Problem(
                alert_id=row[0],
                summary=row[1],
                service_id=row[2],
                environment=row[3],
                team_id=row[4],
                opened_at=row[5],
                group_key=row[6],
            )
            for row in cursor.fetchall()
        ]
