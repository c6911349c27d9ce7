"""Runners as they stand, and what became of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.runbooks.models import Runner, RunnerWork

AWAY_AFTER: Final = timedelta(minutes=1)
_MOST: Final = 500


class RunnerView(Struct, frozen=True, kw_only=True):
    """One runner; `commands` are those that it allows, as {name, parameters, argv}."""

    id: int
    name: str
    hint: str
    commands: Sequence[Mapping[str, Any]]
    created_at: datetime
    created_by: str
    last_seen_at: datetime | None
    is_there: bool


class WorkView(Struct, frozen=True, kw_only=True):
    """`state` is waiting, taken, done or cancelled; `ok` and `output` are of what is done."""

    state: str
    ok: bool
    output: str


def runners(*, now: datetime) -> list[RunnerView]:
    """Those that are not revoked, by name; at most five hundred."""
    rows = list(Runner.objects.filter(revoked_at=None).order_by("name")[:_MOST])
    names = identity_queries.actor_names({row.created_by for row in rows})
    return [_view(row, names.get(row.created_by, "Evenfall"), now) for row in rows]


def runner_named(name: str, *, now: datetime) -> RunnerView | None:
    """The runner of this name that is not revoked."""
    row = Runner.objects.filter(name=name, revoked_at=None).first()
    return None if row is None else _view(row, "", now)


def _view(row: Runner, created_by: str, now: datetime) -> RunnerView:
    seen = row.last_seen_at
    return RunnerView(
        id=row.pk,
        name=row.name,
        hint=row.hint,
        commands=row.commands,
        created_at=row.created_at,
        created_by=created_by,
        last_seen_at=seen,
        is_there=seen is not None and now - seen < AWAY_AFTER,
    )


def work_of_runner(work_id: int) -> WorkView:
    """How one piece of work stands."""
    row = RunnerWork.objects.get(id=work_id)
    return WorkView(state=row.state, ok=row.ok, output=row.output)
