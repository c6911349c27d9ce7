"""What the page of personal rules shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evenfall.identity.permissions import Viewer
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import queries
from evenfall.paging.forms import RulesEditor
from evenfall.paging.logic import picture, sentences
from evenfall.paging.logic.rules import (
    INBOX,
    PersonRule,
    Planned,
    plan_notices_for,
    warnings_for,
)
from evenfall.paging.logic.window import working_hours
from evenfall.paging.logic.words import Urgency

NIGHT_HOUR = 3
OFFERED = ("webpush", "email", "webhook")


@dataclass(frozen=True, kw_only=True)
class LowNotice:
    channel: str
    at: datetime


def kinds_offered(viewer: Viewer) -> list[tuple[str, str]]:
    """The channels to choose from: those everybody has, and those this person added."""
    own = notifications_queries.reachable_kinds([viewer.user_id])[viewer.user_id] - {INBOX}
    kinds = dict.fromkeys((*OFFERED, *sorted(own)))
    return [(kind, notifications_queries.channel_label(kind)) for kind in kinds]


def rules_page(
    viewer: Viewer, editor: RulesEditor, rules: Sequence[PersonRule], *, now: datetime
) -> dict[str, Any]:
    """The editor, the timeline of an urgent page at 03:00, and what is wrong with the rules."""
    own = notifications_queries.reachable_kinds([viewer.user_id])[viewer.user_id]
    wait = queries.shortest_wait()
    night = _night(now, viewer.time_zone)
    high = _planned(rules, Urgency.HIGH, night, viewer, own)
    low = _planned(rules, Urgency.LOW, night, viewer, own)
    found = warnings_for(rules, moves_on_after=wait, kinds=own)
    return {
        "editor": editor,
        "picture": picture.draw(high, start=night, moves_on_after=wait),
        "labels": {kind: notifications_queries.channel_label(kind) for kind in own},
        "night": night,
        "low": [
            LowNotice(channel=notifications_queries.channel_label(one.kind), at=one.due_at)
            for one in low
        ],
        "warnings": [
            (None if one.position is None else one.position + 1, sentences.flaw_sentence(one))
            for one in found
        ],
        "has_methods": bool(own - {INBOX}),
        "has_own_rules": queries.has_own_rules(viewer.user_id),
    }


def _night(now: datetime, zone: str) -> datetime:
    """The next 03:00 on this person's wall."""
    local = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)


def _planned(
    rules: Sequence[PersonRule], urgency: Urgency, at: datetime, viewer: Viewer, kinds: set[str]
) -> tuple[Planned, ...]:
    return plan_notices_for(
        rules,
        urgency=urgency,
        start=at,
        cut_off=None,
        working=working_hours(viewer.time_zone),
        kinds=kinds,
    )
