"""The whole chain of one page, from the messages of tools to the answers of people: the proof."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.queries import AlertOrigin
from evenfall.incidents.queries.details import alert_ids, incidents
from evenfall.incidents.queries.story import Told, incident_story
from evenfall.incidents.queries.views import IncidentView
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PageView, StoryEntry

MOST_ALERTS: Final = 100
_SUBJECT: Final = "incident:"


class PageChain(Struct, frozen=True, kw_only=True):
    """Everything that led to a page and came of it.

    `alerts` with their raw messages and the stages of the decision, the first hundred of the
    incident, oldest first; `story` the steps of the page with every message, every try of it and
    every answer. `incident` is None for a page that somebody started by hand.
    """

    page: PageView
    incident: IncidentView | None
    incident_story: Sequence[Told]
    alerts: Sequence[AlertOrigin]
    story: Sequence[StoryEntry]


def page_chain(page_id: int) -> PageChain:
    """A number of queries that does not grow with alerts, messages and tries.

    Raises PageNotFound.
    """
    page = paging_queries.page(page_id)
    found = _incident(page.subject)
    ids = alert_ids(found.id, limit=MOST_ALERTS) if found else []
    return PageChain(
        page=page,
        incident=found,
        incident_story=incident_story(found.id) if found else (),
        alerts=alerting_queries.alert_origins(ids) if ids else (),
        story=paging_queries.page_story(page.id),
    )


def as_document(chain: PageChain, *, now: datetime) -> dict[str, Any]:
    """The chain as plain JSON values; times are RFC 3339 in UTC, money is text."""
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(chain))
    document["incident_story"] = [_line(told) for told in document["incident_story"]]
    return {"exported_at": now.isoformat(), **document}


def _line(told: dict[str, Any]) -> dict[str, Any]:
    return {**told["line"], "folded": [_line(inner) for inner in told["folded"]]}


def _incident(subject: str) -> IncidentView | None:
    number = subject.removeprefix(_SUBJECT)
    if number == subject or not number.isdecimal():
        return None
    return incidents([int(number)]).get(int(number))
