"""The gates are asked, and what they say is kept and told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import DrainResult
from evenfall.releases import events
from evenfall.releases.actions import loading
from evenfall.releases.logic.answers import GateResult
from evenfall.releases.logic.states import WAITING, State
from evenfall.releases.logic.words import Verdict
from evenfall.releases.models import Passage
from evenfall.releases.queries.gating import Answer, answers_of

AGAIN: Final = timedelta(minutes=1)
SELDOM: Final = timedelta(hours=1)
_FRESH: Final = timedelta(days=7)
_BATCH: Final = 50


@transaction.atomic
def ask_gates(*, passage_id: int, now: datetime, actor: str = SYSTEM) -> Answer:
    """Ask all gates of one passage and keep what they say. Raises PassageNotFound."""
    row = loading.passage(passage_id)
    found = answers_of([row], now=now)[row.pk]
    if row.state in WAITING:
        keep(row, found, now=now, actor=actor)
    return found


@transaction.atomic
def ask_due(*, now: datetime) -> DrainResult:
    """Ask the gates of what waits and is due; those that waited for a week are asked hourly."""
    due = Passage.objects.filter(due_at__lte=now).select_related("release").order_by("due_at")
    rows = list(due.select_for_update(of=("self",), skip_locked=True)[:_BATCH])
    found = answers_of(rows, now=now)
    for row in rows:
        keep(row, found[row.pk], now=now, actor=SYSTEM)
    later = Passage.objects.filter(due_at__gt=now).order_by("due_at")
    return DrainResult(done=len(rows), next_due=later.values_list("due_at", flat=True).first())


def keep(row: Passage, found: Answer, *, now: datetime, actor: str) -> None:
    """Save the answers of a locked passage that waits; a changed verdict is a fact."""
    before, state = Verdict(row.verdict), _state_after(found)
    was_asked = row.asked_at is not None
    row.answers = as_json(found.results)
    row.verdict, row.asked_at = found.verdict.value, now
    row.due_at = now + (AGAIN if now - row.created_at < _FRESH else SELDOM)
    if row.state != state:
        row.state, row.state_at, row.state_by = state.value, now, actor
    row.save()
    if found.verdict is not before or not was_asked:
        publish(
            events.GatesAnswered(
                **loading.about_passage(row, now=now, actor=actor),
                before=before.value,
                after=found.verdict.value,
                closed=found.closed,
            )
        )


def _state_after(found: Answer) -> State:
    return State.APPROVED if found.verdict is Verdict.PASS else State.GATED


def as_json(results: Sequence[GateResult]) -> list[dict[str, Any]]:
    """The answers as they are kept and as the API shows them."""
    return [
        {
            "name": one.name,
            "verdict": one.verdict.value,
            "why": one.why,
            "change": one.change,
            "opens_at": one.opens_at.isoformat() if one.opens_at else None,
            "exception": one.exception,
            "evidence": [{"text": each.text, "href": each.href} for each in one.evidence],
        }
        for one in results
    ]
