"""Set-based writes: any number of pages in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from evenfall.paging.logic.machine import PageState
from evenfall.paging.ports import PageContent
from evenfall.platform.recordset import json_rows

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


MOVE_COLUMNS = {
    "page_id": "bigint",
    "at": "timestamptz",
    "reason": "text",
    "round": "int",
    "step": "smallint",
    "missing": "jsonb",
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


# Numbers are drawn first, so that the people of a move go in with it.
_ADD_MOVES = f"""
WITH fresh AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('paging_page_move', 'id')) AS id, told.*
      FROM jsonb_to_recordset(%s::jsonb) AS told ({_typed(MOVE_COLUMNS)}, people jsonb)
), moved AS (
    INSERT INTO paging_page_move (id, {", ".join(MOVE_COLUMNS)})
    SELECT id, {", ".join(MOVE_COLUMNS)} FROM fresh
)
INSERT INTO paging_participation
       (move_id, page_id, user_id, digest_id, at, why, is_reachable)
SELECT fresh.id, fresh.page_id, user_id, digest_id, fresh.at, why, is_reachable
  FROM fresh CROSS JOIN LATERAL jsonb_to_recordset(fresh.people)
       AS person (user_id bigint, digest_id bigint, why text, is_reachable boolean)
"""  # noqa: S608 - the names are the literals above


def insert_pages(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Insert these pages; subject -> id of those that are new (no open page was there)."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json_rows(rows)])
        return dict(cursor.fetchall())


def insert_moves(rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert what pages did, each with the `people` who were notified by it."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD_MOVES, [json_rows(rows)])


def save_states(states: Mapping[int, PageState]) -> None:
    """Write where these pages stand now. Their rows must be locked by this transaction."""
    if not states:
        return
    rows = [{"id": page_id, **state_row(state)} for page_id, state in states.items()]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [json_rows(rows)])


def save_contents(contents: Mapping[int, PageContent]) -> None:
    """Write what these pages say. Their rows must be locked by this transaction."""
    if not contents:
        return
    rows = [
        {"id": page_id, "content": content, "severity": content.severity}
        for page_id, content in contents.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [json_rows(rows)])


def state_row(state: PageState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in STATE_COLUMNS}
