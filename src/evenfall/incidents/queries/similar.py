"""Incidents that may be the one somebody is about to declare."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.incidents.logic import suggesting
from evenfall.incidents.logic.similarity import words
from evenfall.incidents.logic.states import State
from evenfall.incidents.logic.suggesting import Candidate, Wanted
from evenfall.incidents.models import IS_LIVE, SEARCH_CONFIG, Incident
from evenfall.incidents.queries.sight import seen
from evenfall.incidents.queries.views import IncidentView, incident_views

COMPARED: Final = 200
MOST_WORDS: Final = 30
MOST_ALERTS: Final = 5
MOST_TEXT: Final = 2000
_NO_PROBLEM: Final = (State.DECLINED.value, State.MERGED.value)
_COMPARED: Final = ("id", "title", "description", "service_id", "resolved_at")
_NEWEST: Final = ("-opened_at", "-id")
_TITLES: Final = """
SELECT incident.id, alert.title
  FROM unnest(%s::bigint[]) AS incident (id)
 CROSS JOIN LATERAL (
       SELECT title FROM incidents_incidentalert
        WHERE incident_id = incident.id
        ORDER BY is_open DESC, joined_at DESC, id DESC
        LIMIT %s) AS alert
"""


class Similar(Struct, frozen=True, kw_only=True):
    """`score` is 0 to 1; `reasons` are short sentences that say where it comes from."""

    view: IncidentView
    score: float
    reasons: tuple[str, ...]


def similar_to(  # what a form of declaring knows
    title: str,
    text: str,
    service_id: int | None,
    *,
    now: datetime,
    limit: int = 5,
) -> list[Similar]:
    """Return what may be the same, open or past, most likely first; a fixed number of queries.

    Compared are the newest of all that are live and of all with a word in common. Declined and
    merged incidents are left out.
    """
    wanted = Wanted(title=title[:MOST_TEXT], text=text[:MOST_TEXT], service_id=service_id)
    rows = {row.id: row for row in _rows(wanted)}
    return _suggested(wanted, rows.values(), now=now, limit=limit)


def mergeable(view: IncidentView, *, now: datetime, limit: int = 5) -> list[Similar]:
    """Return the live incidents of the same environment that it may be one with; as `similar_to`.

    Compared are the newest: what is over stays what it was, and nothing is merged into it.
    """
    wanted = Wanted(
        title=view.title[:MOST_TEXT],
        text=view.description[:MOST_TEXT],
        service_id=view.service_id,
    )
    live = seen(Incident.objects.filter(IS_LIVE)).exclude(id=view.id)
    rows = live.filter(environment=view.environment.value).order_by(*_NEWEST)
    return _suggested(
        wanted, rows.values_list(*_COMPARED, named=True)[:COMPARED], now=now, limit=limit
    )


def _suggested(wanted: Wanted, rows: Iterable[Any], *, now: datetime, limit: int) -> list[Similar]:
    candidates = _candidates(rows)
    if not candidates:
        return []
    service = _service_name(wanted.service_id)
    found = suggesting.suggest(wanted, candidates, now=now, limit=limit, service=service)
    likely = Incident.objects.filter(id__in=[one.incident_id for one in found]) if found else ()
    views = {view.id: view for view in incident_views(list(likely))}
    return [
        Similar(view=views[one.incident_id], score=one.score, reasons=one.reasons)
        for one in found
        if one.incident_id in views  # not merged away in between
    ]


def _rows(wanted: Wanted) -> list[Any]:
    """Rows of `_COMPARED` only: they are many, and few of them are shown."""
    rows = seen(Incident.objects.exclude(state__in=_NO_PROBLEM))
    live = rows.filter(IS_LIVE).values_list(*_COMPARED, named=True)
    found = [*live.order_by(*_NEWEST)[:COMPARED]] if wanted.title or wanted.service_id else []
    lexemes = sorted(words(f"{wanted.title} {wanted.text}"))[:MOST_WORDS]
    return [*found, *_with_words(rows, lexemes)] if lexemes else found


def _with_words(rows: QuerySet[Incident], lexemes: Collection[str]) -> Iterable[Any]:
    # each word is in its shortest form, so whatever begins with it may be the same word
    query = " | ".join(f"'{lexeme}':*" for lexeme in lexemes)
    document = SearchVector("title", "description", config=SEARCH_CONFIG)
    found = rows.annotate(document=document).filter(
        document=SearchQuery(query, search_type="raw", config=SEARCH_CONFIG)
    )
    return found.order_by(*_NEWEST).values_list(*_COMPARED, named=True)[:COMPARED]


def _candidates(rows: Iterable[Any]) -> list[Candidate]:
    rows = list(rows)
    alerts = alert_titles([row.id for row in rows])
    return [
        Candidate(
            incident_id=row.id,
            title=row.title,
            text=row.description[:MOST_TEXT],
            service_id=row.service_id,
            ended_at=row.resolved_at,
            alert_titles=tuple(dict.fromkeys(alerts.get(row.id, ()))),
        )
        for row in rows
    ]


def alert_titles(incident_ids: Sequence[int]) -> dict[int, list[str]]:
    """The titles of the open and the newest alerts of each, at most five. One query, or none."""
    found: dict[int, list[str]] = {}
    if not incident_ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, [list(incident_ids), MOST_ALERTS])
        for incident_id, title in cursor.fetchall():
            found.setdefault(incident_id, []).append(title)
    return found


def _service_name(service_id: int | None) -> str:
    if service_id is None:
        return ""
    found = catalog_queries.services([service_id]).get(service_id)
    return found.name if found else ""
