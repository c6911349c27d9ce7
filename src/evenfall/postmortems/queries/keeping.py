"""The report of actions: who keeps what, and everything as rows for a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.postmortems.logic import keeping
from evenfall.postmortems.logic.action_life import ActionClass, ActionState
from evenfall.postmortems.logic.keeping import Line, Promise
from evenfall.postmortems.models import Action
from evenfall.postmortems.queries.sight import seen

CSV_HEAD: Final = (
    *("action", "title", "owner", "team", "type", "class", "state", "created", "due", "moved"),
    *("done", "settled", "overdue", "in time", "recurrences", "incident", "issue", "guardrail"),
    *("guardrail link", "proof", "effort", "factor"),
)
_FIELDS: Final = ("owner_id", "level", "state", "created_at", "due_at", "done_at", "recurrences")
_BATCH: Final = 1000


class Keeping(Struct, frozen=True, kw_only=True):
    """The three tables of the report."""

    by_owner: Sequence[Line]
    by_class: Sequence[Line]
    by_age: Sequence[Line]


def action_keeping(*, now: datetime, team_id: int | None = None) -> Keeping:
    """Of all actions there are, or of one team's. Two statements."""
    rows = list(_rows(team_id).values_list(*_FIELDS))
    names = identity_queries.names({row[0] for row in rows})
    promises = [
        Promise(
            owner=names.get(owner_id, ""),
            level=ActionClass(level),
            state=ActionState(state),
            created_at=created_at,
            due_at=due_at,
            done_at=done_at,
            recurrences=recurrences,
        )
        for owner_id, level, state, created_at, due_at, done_at, recurrences in rows
    ]
    return Keeping(
        by_owner=keeping.by_owner(promises, now),
        by_class=keeping.by_class(promises, now),
        by_age=keeping.by_age(promises, now),
    )


def action_rows(*, now: datetime, team_id: int | None = None) -> Iterator[list[str]]:
    """One row of text for each action, in the order of CSV_HEAD; times are UTC."""
    teams = {team.id: team.name for team in identity_queries.teams()}
    names = identity_queries.names(set(_rows(team_id).values_list("owner_id", flat=True)))
    rows = _rows(team_id).select_related("postmortem", "factor").order_by("due_at", "id")
    for row in rows.iterator(chunk_size=_BATCH):
        yield _cells(row, names.get(row.owner_id, ""), teams.get(row.team_id or 0, ""), now)


def _rows(team_id: int | None) -> QuerySet[Action]:
    rows = seen(Action.objects.all(), "postmortem__incident_id")
    return rows if team_id is None else rows.filter(team_id=team_id)


def _cells(row: Action, owner: str, team: str, now: datetime) -> list[str]:
    is_late = row.is_work and row.due_at < now
    in_time = "" if row.done_at is None else _yes(is_true=row.done_at <= row.due_at)
    return [
        *(str(row.pk), row.title, owner, team, row.type, row.level, row.state),
        *(_day(row.created_at), _day(row.due_at), str(row.extensions)),
        *(_day(row.done_at), _day(row.settled_at), _yes(is_true=is_late), in_time),
        *(str(row.recurrences), str(row.postmortem.incident_id), row.ticket_url),
        *(row.guardrail_kind, row.guardrail_url, row.proof_url),
        *(row.effort, row.factor.name if row.factor else ""),
    ]


def _yes(*, is_true: bool) -> str:
    return "yes" if is_true else "no"


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d}"
