"""The facts that an answer makes true, with the response targets measured."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from evenfall.paging import events
from evenfall.paging.actions.telling import Carried
from evenfall.paging.logic.machine import Decision
from evenfall.paging.logic.words import Reason, TargetKind
from evenfall.paging.ports import ACKNOWLEDGE_TARGET, MOBILISE_TARGET
from evenfall.paging.queries.live import LivePage
from evenfall.platform.events import Event
from evenfall.platform.metrics import histogram

_BUCKETS = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
time_to_acknowledge = histogram(
    "evenfall_page_acknowledge_seconds", "From the start of a page to a human", buckets=_BUCKETS
)
time_to_mobilise = histogram(
    "evenfall_page_mobilise_seconds", "From the start of a page to hands on it", buckets=_BUCKETS
)


def fact_of(
    one: Carried,
    decision: Decision,
    *,
    user_id: int | None,
    via: str,
    now: datetime,
    actor: str,
) -> Iterable[Event]:
    """What to publish for this answer; nothing for one that changed nothing."""
    taken = now - one.page.state.started_at
    said: dict[str, Any] = {
        "page_id": one.page.id,
        "subject": one.page.subject,
        "user_id": user_id,
        "via": via,
        "at": now,
        "actor": actor,
    }
    seconds = taken.total_seconds()
    _measure(one, decision, seconds)
    if decision.reason is Reason.ACKNOWLEDGED:
        in_time = taken <= ACKNOWLEDGE_TARGET
        yield events.PageAcknowledged(**said, seconds=seconds, in_time=in_time)
    elif decision.reason is Reason.MOBILISED:
        in_time = taken <= MOBILISE_TARGET
        yield events.PageMobilised(**said, seconds=seconds, in_time=in_time)
    elif decision.reason is Reason.ESCALATED:
        yield events.PageEscalated(**said)
    elif decision.reason is Reason.HELP_WANTED:
        team = decision.targets[0]
        team_id = team.id if team.kind is TargetKind.TEAM else None
        yield events.HelpRequested(**said, help_team_id=team_id)
    elif decision.reason in {Reason.RESOLVED, Reason.NOT_ACTIONABLE}:
        actionable = decision.reason is Reason.RESOLVED
        yield events.PageResolved(**said, seconds=seconds, actionable=actionable)


def _measure(one: Carried, decision: Decision, seconds: float) -> None:
    before, after = one.page.state, decision.state
    if before.acknowledged_at is None and after.acknowledged_at is not None:
        time_to_acknowledge.observe(seconds)
    if before.mobilised_at is None and after.mobilised_at is not None:
        time_to_mobilise.observe(seconds)


def stopped(page: LivePage, reason: str, now: datetime, actor: str) -> Event:
    return events.PageStopped(
        page_id=page.id, subject=page.subject, reason=reason, at=now, actor=actor
    )
