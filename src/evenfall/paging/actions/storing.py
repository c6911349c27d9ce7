"""Set-based writes: any number of pages in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from evenfall.paging.logic.machine import PageState
from evenfall.paging.ports import PageContent

STATE_COLUMNS = {
    "status": "text",
    "urgency": "text",
    "severity": "text",
    "round": "int",
    "step": "smallint",
    "due_at": "timestamptz",
    "started_at": "timestamptz",
    "acknowledged_at": "timestamptz",
    "mobilised_at": "timestamptz",
    "ended_at": "timestamptz",
    "holder_id": "bigint",
    "asker_id": "bigint",
    "stop_reason": "text",
}
NEW_COLUMNS = {
    "subject": "text",
    "service_id": "bigint",
    "team_id": "bigint",
    "policy_version_id": "bigint",
    "content": "jsonb",
    "started_by": "text",
    **STATE_COLUMNS,
}


def _typed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


# Rows go in by subject, so that two transactions which start pages about the same subjects queue
# up instead of waiting for each other. Whoever comes second gets no id back for that subject.
_INSERT = f"""
INSERT INTO paging_page ({", ".join(NEW_COLUMNS)})
SELECT {", ".join(NEW_COLUMNS)} FROM jsonb_to_recordset(%s::jsonb) AS fresh ({_typed(NEW_COLUMNS)})
 ORDER BY subject
    ON CONFLICT (subject) WHERE ended_at IS NULL DO NOTHING
RETURNING subject, id
"""  # noqa: S608 - the names are the literals above
_UPDATE = f"""
UPDATE paging_page SET {", ".join(f"{name} = fresh.{name}" for name in STATE_COLUMNS)}
  FROM jsonb_to_recordset(%s::jsonb) AS fresh (id bigint, {_typed(STATE_COLUMNS)})
 WHERE paging_page.id = fresh.id
"""  # noqa: S608 - the names are the literals above

_TELL = """
UPDATE paging_page SET content = fresh.content, severity = fresh.severity
  FROM jsonb_to_recordset(%s::jsonb) AS fresh (id bigint, content jsonb, severity text)
 WHERE paging_page.id = fresh.id
"""


def insert_pages(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Insert these pages; subject -> id of those that are new (no open page was there)."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [msgspec.json.encode(rows).decode()])
        return dict(cursor.fetchall())


def save_states(states: Mapping[int, PageState]) -> None:
    """Write where these pages stand now. Their rows must be locked by this transaction."""
    if not states:
        return
    rows = [{"id": page_id, **state_row(state)} for page_id, state in states.items()]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [msgspec.json.encode(rows).decode()])


def save_contents(contents: Mapping[int, PageContent]) -> None:
    """Write what these pages say. Their rows must be locked by this transaction."""
    if not contents:
        return
    rows = [
        {"id": page_id, "content": content, "severity": content.severity}
        for page_id, content in contents.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [msgspec.json.encode(rows).decode()])


def state_row(state: PageState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in STATE_COLUMNS}
