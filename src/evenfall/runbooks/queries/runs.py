"""Reads of runs: who sees what a run is for sees the run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import pages
from evenfall.platform.pages import Page
from evenfall.runbooks import errors, ports
from evenfall.runbooks.logic.moves import ENDED, RunState, StepState
from evenfall.runbooks.models import Run, StepRun, Switch
from evenfall.runbooks.ports import About, Owner
from evenfall.runbooks.queries.steps import settings_facts


class ShowRuns(StrEnum):
    """Which runs a list shows."""

    ALL = "all"
    ACTIVE = "active"
    WAITING = "waiting"
    FAILED = "failed"


class RunLine(Struct, frozen=True, kw_only=True):
    """A run in a list. `about` is what it is for, None where nobody knows; `state` a word."""

    id: int
    runbook_id: int
    runbook: str
    slug: str
    owner: Owner
    subject: str
    about: About | None
    state: RunState
    is_dry: bool
    is_automatic: bool
    asked_by: str
    asker_id: int | None
    created_at: datetime
    ended_at: datetime | None
    why: str

    @property
    def is_over(self) -> bool:
        return self.state in ENDED


class LogLine(Struct, frozen=True, kw_only=True):
    at: datetime
    text: str


class StepRunView(Struct, frozen=True, kw_only=True):
    """A step of a run, as it was when it was asked for. `facts` are its settings for people."""

    id: int
    name: str
    title: str
    kind: str
    target: str
    facts: Sequence[tuple[str, str]]
    state: StepState
    needs_approval: bool
    approved_by: str
    approved_at: datetime | None
    undoable: bool
    has_test: bool
    acted_at: datetime | None
    ended_at: datetime | None
    log: Sequence[LogLine]


class RunView(RunLine, frozen=True, kw_only=True):
    """A run with all that it did. `waits_for` is the step to approve, None where none waits."""

    number: int
    service: str
    environment: str
    parameters: Sequence[tuple[str, str]]
    steps: Sequence[StepRunView]
    stop_asked: bool

    @property
    def waits_for(self) -> StepRunView | None:
        planned = (one for one in self.steps if one.state is StepState.PLANNED)
        return next(planned, None) if self.state is RunState.WAITING else None

    @property
    def can_undo(self) -> bool:
        ended = self.state in {RunState.OK, RunState.FAILED, RunState.STOPPED}
        return ended and any(one.undoable for one in self.steps)


class SwitchView(Struct, frozen=True, kw_only=True):
    """Whether steps may act at all; who stopped them, when and why."""

    is_stopped: bool
    why: str = ""
    by: str = ""
    at: datetime | None = None


def runs_page(
    show: ShowRuns,
    *,
    viewer: Viewer,
    runbook_id: int | None = None,
    subject: str = "",
    cursor: str | None,
) -> Page[RunLine]:
    """Runs, newest first; without those whose incident the viewer may not see."""
    rows = Run.objects.select_related("runbook")
    if show is ShowRuns.WAITING:
        rows = rows.filter(state=RunState.WAITING.value)
    elif show is ShowRuns.ACTIVE:
        rows = rows.exclude(state__in=[one.value for one in ENDED])
    elif show is ShowRuns.FAILED:
        failed = [RunState.FAILED.value, RunState.UNKNOWN.value, RunState.UNDONE.value]
        rows = rows.filter(state__in=failed)
    if runbook_id is not None:
        rows = rows.filter(runbook_id=runbook_id)
    if subject:
        rows = rows.filter(subject=subject[:80])
    page = pages.keyset(rows, order=("-id",), cursor=cursor)
    return page.holding(_lines(page.items, viewer))


def run(run_id: int, *, viewer: Viewer) -> RunView:
    """Raise `RunNotFound`, also where the viewer may not see what it is for."""
    row = Run.objects.select_related("runbook").filter(id=min(run_id, 2**63 - 1)).first()
    lines = _lines([row], viewer) if row is not None else []
    if row is None or not lines:
        raise errors.RunNotFound(run_id=run_id)
    rows = list(StepRun.objects.filter(run=row).select_related("step").order_by("position"))
    names = identity_queries.actor_names({one.approved_by for one in rows if one.approved_by})
    return RunView(
        **_fields(lines[0]),
        number=row.number,
        service=_service(row),
        environment=row.environment,
        parameters=tuple(row.parameters.items()),
        steps=[_step(one, names) for one in rows],
        stop_asked=row.stop_asked,
    )


def runs_of(subject: str, *, viewer: Viewer) -> list[RunLine]:
    """The newest ten runs for this subject, without trials."""
    rows = Run.objects.select_related("runbook").filter(subject=subject, is_dry=False)
    return _lines(rows.order_by("-id")[:10], viewer)


def waiting_count() -> int:
    """How many runs wait for an approval."""
    return Run.objects.filter(state=RunState.WAITING.value).count()


def to_approve(viewer: Viewer, *, hidden: QuerySet[Any, str]) -> QuerySet[Run]:
    """Runs that wait for this person: asked for by another one, of a runbook of theirs or of a team
    in which they respond. `hidden` are the subjects that they may not see.
    """
    teams = [one for one in viewer.team_roles if viewer.can(Permission.RESPOND, team_id=one)]
    mine = Q(runbook__owner_team__in=teams) | Q(runbook__owner_user=viewer.user_id)
    rows = Run.objects.filter(mine, state=RunState.WAITING.value, stop_asked=False)
    others = Q(asker=None) | ~Q(asker=viewer.user_id)
    return rows.filter(others).exclude(subject__in=hidden)


def next_run_due(now: datetime) -> datetime | None:
    """When the next run wants to be looked at, after now."""
    rows = Run.objects.filter(due_at__gt=now).order_by("due_at")
    return rows.values_list("due_at", flat=True).first()


def switch() -> SwitchView:
    """Whether somebody stopped all steps."""
    row = Switch.objects.filter(is_stopped=True).first()
    if row is None:
        return SwitchView(is_stopped=False)
    names = identity_queries.actor_names({row.by})
    return SwitchView(is_stopped=True, why=row.why, by=names.get(row.by, "Evenfall"), at=row.at)


def _lines(rows: Iterable[Run] | QuerySet[Run], viewer: Viewer) -> list[RunLine]:
    rows = list(rows)
    abouts = ports.about_many({row.subject for row in rows if row.subject}, viewer)
    names = identity_queries.actor_names({row.asked_by for row in rows})
    seen = [row for row in rows if row.subject in abouts or not ports.is_known(row.subject)]
    return [_line(row, abouts.get(row.subject), names) for row in seen]


def _line(row: Run, about: About | None, names: dict[str, str]) -> RunLine:
    return RunLine(
        id=row.pk,
        runbook_id=row.runbook_id,
        runbook=row.runbook.title,
        slug=row.runbook.slug,
        owner=Owner(team_id=row.runbook.owner_team_id, user_id=row.runbook.owner_user_id),
        subject=row.subject,
        about=about,
        state=RunState(row.state),
        is_dry=row.is_dry,
        is_automatic=row.is_automatic,
        asked_by=names.get(row.asked_by, "Evenfall"),
        asker_id=row.asker_id,
        created_at=row.created_at,
        ended_at=row.ended_at,
        why=row.why,
    )


def _fields(line: RunLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in RunLine.__struct_fields__}


def _service(row: Run) -> str:
    if row.service_id is None:
        return ""
    return catalog_queries.service(row.service_id).name


def _step(row: StepRun, names: dict[str, str]) -> StepRunView:
    return StepRunView(
        id=row.pk,
        name=row.step.name,
        title=row.title,
        kind=row.kind,
        target=row.target,
        facts=settings_facts(row.kind, row.settings),
        state=StepState(row.state),
        needs_approval=row.needs_approval,
        approved_by=names.get(row.approved_by, "") if row.approved_by else "",
        approved_at=row.approved_at,
        undoable=row.undoable,
        has_test=row.test_kind != "none",
        acted_at=row.acted_at,
        ended_at=row.ended_at,
        log=[LogLine(at=datetime.fromisoformat(at), text=text) for at, text in row.log],
    )
