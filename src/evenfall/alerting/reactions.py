"""What alerting does when runbooks it started end, alerts under repair do, or services change."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from evenfall.alerting import actions
from evenfall.alerting.actions import RunEnd
from evenfall.alerting.events import AlertResolved
from evenfall.alerting.logic.repairs import Ran
from evenfall.catalog.events import (
    DependencyChanged,
    ServiceArchived,
    ServiceChanged,
    ServiceRestored,
)
from evenfall.platform.events import Event, Recorded
from evenfall.runbooks.events import ApprovalWanted, RunFinished, StepFinished

REPAIR_EVENTS: tuple[type[Event], ...] = (
    StepFinished,
    RunFinished,
    ApprovalWanted,
    AlertResolved,
)
GRAPH_EVENTS: tuple[type[Event], ...] = (
    DependencyChanged,
    ServiceArchived,
    ServiceChanged,
    ServiceRestored,
)
_UNKNOWN = "unknown"


def follow_graph(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Take up who needs whom, as the catalog has it now."""
    del events
    actions.write_graph(now=now)


def follow_repairs(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Take repairs on as their runs and alerts end. Runs of people and trials are left alone."""
    facts = [recorded.event for recorded in events]
    actions.follow_runs(ends=list(_ends(facts)), now=now)
    over = [fact.alert_id for fact in facts if isinstance(fact, AlertResolved)]
    actions.follow_ends(alert_ids=over, now=now)


def _ends(facts: Iterable[Event]) -> Iterable[RunEnd]:
    for fact in facts:
        match fact:
            case ApprovalWanted(is_automatic=True, is_dry=False):
                said = f"the step “{fact.step}” waits for an approval"
                yield RunEnd(run_id=fact.run_id, ran=Ran.FAILED, said=said)
            case StepFinished(is_automatic=True, is_dry=False, outcome="failed" | "unknown"):
                # people are called now, not when everything is taken back
                said = f"the step “{fact.step}”: {_last_line(fact.log)}"
                yield RunEnd(run_id=fact.run_id, ran=_ran(fact.outcome), said=said)
            case RunFinished(is_automatic=True, is_dry=False):
                yield RunEnd(run_id=fact.run_id, ran=_ran(fact.outcome), said=fact.why)


def _ran(outcome: str) -> Ran:
    if outcome == _UNKNOWN:
        return Ran.UNKNOWN
    return Ran.OK if outcome == "ok" else Ran.FAILED


def _last_line(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it did not say why"
