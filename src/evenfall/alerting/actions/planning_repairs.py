"""Plans repairs in the transaction that decided on them: a decision to repair is never alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.repairs import CLEAR_WITHIN, RepairState
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import Repair
from evenfall.platform.wakeups import wake

REPAIRS: Final = "alerting.repairs"


def failed_repairs(alert_ids: Iterable[int]) -> dict[int, str]:
    """Why repairs of these alerts did not help; an alert is repaired once and not again."""
    wanted = list(alert_ids)
    if not wanted:
        return {}
    rows = Repair.objects.filter(alert_id__in=wanted, state=RepairState.GAVE_UP)
    return dict(rows.values_list("alert_id", "why"))


def plan_repairs(decided: Iterable[tuple[int, Candidate]], *, now: datetime) -> None:
    """Write a row, due at once, for each alert whose outcome is *automate*."""
    rows = [_row(alert_id, one, now) for alert_id, one in decided if _wants_repair(one)]
    if rows:
        Repair.objects.bulk_create(rows, ignore_conflicts=True)
        wake(REPAIRS)


def _wants_repair(candidate: Candidate) -> bool:
    return candidate.outcome is Outcome.AUTOMATE


def _row(alert_id: int, candidate: Candidate, now: datetime) -> Repair:
    effects = candidate.effects
    within = CLEAR_WITHIN if effects.clear_within is None else effects.clear_within
    return Repair(
        alert_id=alert_id,
        service_id=candidate.service_id,
        rule_id=candidate.rule_id,
        rule_name=candidate.rule_name,
        runbook_id=effects.runbook_id,
        group_key=candidate.group.key if candidate.group else "",
        clear_within_s=int(within.total_seconds()),
        state=RepairState.PLANNED,
        planned_at=now,
        due_at=now,
    )
