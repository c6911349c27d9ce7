"""What-ifs as they stand."""

from datetime import datetime

from msgspec import Struct

from evenfall.foresight.errors import RunNotFound
from evenfall.foresight.logic.reports import Moved, Report
from evenfall.foresight.logic.states import RunState
from evenfall.foresight.logic.stored import moved_from_json, report_from_json
from evenfall.foresight.models import Run
from evenfall.platform import pages


class RunView(Struct, frozen=True, kw_only=True):
    """`report` and `moved` are there once it is done; `percent` says how far it is."""

    id: int
    title: str
    kinds: tuple[str, ...]
    since: datetime
    until: datetime
    state: RunState
    alerts: int
    done: int
    problem: str
    report: Report | None
    moved: Moved | None
    created_at: datetime
    created_by_name: str

    @property
    def days(self) -> int:
        return round((self.until - self.since).total_seconds() / 86_400)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.alerts if self.alerts else 0

    @property
    def is_running(self) -> bool:
        return self.state in {RunState.WAITING, RunState.WORKING}


def run(run_id: int) -> RunView:
    """Raises RunNotFound."""
    row = Run.objects.filter(id=run_id).first()
    if row is None:
        raise RunNotFound(run_id=run_id)
    return _view(row, with_report=True)


def runs_page(*, cursor: str | None = None) -> pages.Page[RunView]:
    """Fifty what-ifs, the newest first, without their answers."""
    page = pages.keyset(Run.objects.defer("report"), order=("-id",), cursor=cursor)
    return page.holding([_view(row, with_report=False) for row in page.items])


def _view(row: Run, *, with_report: bool) -> RunView:
    is_there = with_report and row.report is not None
    return RunView(
        id=row.pk,
        title=row.title,
        kinds=tuple(kind for kind, _ in row.changes),
        since=row.since,
        until=row.until,
        state=RunState(row.state),
        alerts=row.alerts,
        done=row.done,
        problem=row.problem,
        report=report_from_json(row.report) if is_there else None,
        moved=None if row.totals is None else moved_from_json(row.totals),
        created_at=row.created_at,
        created_by_name=row.created_by_name,
    )
