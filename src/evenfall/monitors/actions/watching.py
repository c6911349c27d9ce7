"""Watchers: queries are asked of their sources side by side, outside of any transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from evenfall.monitors.actions.looking import Errand, claim, errand_of, next_due
from evenfall.monitors.actions.recording import Looked, record
from evenfall.monitors.logic import watching
from evenfall.monitors.logic.inside import METRIC, threshold_of
from evenfall.monitors.logic.looks import Look, Result
from evenfall.monitors.logic.watching import Memory
from evenfall.monitors.models import Monitor
from evenfall.platform.wakeups import DrainResult
from evenfall.telemetry import actions as telemetry_actions
from evenfall.telemetry.ports import Answer, Query

AT_ONCE: Final = 50
TIME_LIMIT_S: Final = 10.0


def watch_metrics(*, now: datetime) -> DrainResult:
    """Ask the queries of the watchers that are due, and judge the answers."""
    errands = [errand_of(row) for row in claim([METRIC], most=AT_ONCE, now=now)]
    if not errands:
        return DrainResult(done=0, next_due=next_due([METRIC]))
    asked = [
        (int(one.settings["source"]), Query(text=one.settings["query"], at=now)) for one in errands
    ]
    answers = telemetry_actions.read_metrics(asked, now=now, time_limit_s=TIME_LIMIT_S)
    _settle(list(zip(errands, answers, strict=True)), now=now)
    return DrainResult(done=len(errands))


@transaction.atomic
def _settle(answered: Sequence[tuple[Errand, Answer]], *, now: datetime) -> None:
    """Judge against what each watcher remembers; one that was changed meanwhile is left out."""
    found = {errand.monitor_id: (errand, answer) for errand, answer in answered}
    rows = Monitor.objects.select_for_update(of=("self",)).filter(id__in=found, removed_at=None)
    record(
        [
            Looked(row, _judged(row, found[row.pk][1], now))
            for row in rows.exclude(due_at=None).order_by("id")
            if row.version == found[row.pk][0].version
        ],
        now=now,
    )


def _judged(row: Monitor, answer: Answer, now: datetime) -> Look:
    values = [(one.labels, one.last) for one in answer.series if one.samples]
    look, memory = watching.judge(
        threshold_of(row.settings), _memory(row.memory), values, now=now, problem=answer.problem
    )
    row.memory = _written(memory)
    return look


def _memory(known: dict[str, Any]) -> Memory:
    since, result = known.get("beyond_since"), known.get("result")
    return Memory(
        beyond_since=datetime.fromisoformat(since) if since else None,
        is_bad=bool(known.get("is_bad")),
        result=Result(result) if result else None,
    )


def _written(memory: Memory) -> dict[str, Any]:
    return {
        "beyond_since": memory.beyond_since.isoformat() if memory.beyond_since else None,
        "is_bad": memory.is_bad,
        "result": memory.result.value if memory.result else None,
    }
