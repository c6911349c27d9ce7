"""What the page of personal rules shows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import queries
from evenfall.paging.forms import EVERY_TEAM, Offered, RulesEditor
from evenfall.paging.logic import picture, sentences
from evenfall.paging.logic.rules import (
    INBOX,
    PersonRule,
    Planned,
    plan_notices_for,
    warnings_for,
)
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.logic.words import Urgency

NIGHT_HOUR = 3
OFFERED = ("webpush", "email", "webhook")


class LowNotice(Struct, frozen=True, kw_only=True):
    channel: str
    at: datetime


class Timeline(Struct, frozen=True, kw_only=True):
    """The picture of an urgent page; `team` is "" for every team without rules of its own."""

    team: str
    picture: picture.Picture


def offered(viewer: Viewer, rules: Sequence[PersonRule]) -> Offered:
    """What the rules of this person may choose from."""
    return Offered(kinds=_kinds_offered(viewer), teams=_teams_offered(viewer, rules))


def _kinds_offered(viewer: Viewer) -> list[tuple[str, str]]:
    """The channels to choose from: those everybody has, and those this person added."""
    own = notifications_queries.reachable_kinds([viewer.user_id])[viewer.user_id] - {INBOX}
    kinds = dict.fromkeys((*OFFERED, *sorted(own)))
    return [(kind, notifications_queries.channel_label(kind)) for kind in kinds]


def _teams_offered(viewer: Viewer, rules: Sequence[PersonRule]) -> list[tuple[str, str]]:
    """The teams that rules may be for: one's own, and those that a rule names already."""
    named = {rule.team_id for rule in rules if rule.team_id is not None}
    wanted = {*identity_queries.team_ids_of(viewer.user_id), *named}
    teams = identity_queries.teams(wanted) if wanted else []
    return [(str(EVERY_TEAM), "every team"), *((str(team.id), team.name) for team in teams)]


def _teams_with_rules(viewer: Viewer, rules: Sequence[PersonRule]) -> list[tuple[int | None, str]]:
    """The teams with rules of their own for what is urgent, after all others (None, "")."""
    own = {rule.team_id for rule in rules if rule.urgency is Urgency.HIGH}
    offered = ((int(team_id), name) for team_id, name in _teams_offered(viewer, rules))
    return [(None, ""), *((team_id, name) for team_id, name in offered if team_id in own)]


def rules_page(
    viewer: Viewer, editor: RulesEditor, rules: Sequence[PersonRule], *, now: datetime
) -> dict[str, Any]:
    """The editor, the timeline of an urgent page at 03:00, and what is wrong with the rules."""
    own = notifications_queries.reachable_kinds([viewer.user_id])[viewer.user_id]
    wait = queries.shortest_wait()
    night = _night(now, viewer.time_zone)
    hours = queries.hours_of([viewer.user_id])[viewer.user_id]
    plan = partial(_planned, rules, at=night, viewer=viewer, hours=hours, kinds=own)
    found = warnings_for(rules, moves_on_after=wait, kinds=own)
    return {
        "editor": editor,
        "timelines": [
            Timeline(
                team=name,
                picture=picture.draw(plan(Urgency.HIGH, team_id), start=night, moves_on_after=wait),
            )
            for team_id, name in _teams_with_rules(viewer, rules)
        ],
        "labels": {kind: notifications_queries.channel_label(kind) for kind in own},
        "night": night,
        "low": [
            LowNotice(channel=notifications_queries.channel_label(one.kind), at=one.due_at)
            for one in plan(Urgency.LOW, None)
        ],
        "hours": hours,
        "warnings": [
            (None if one.position is None else one.position + 1, sentences.flaw_sentence(one))
            for one in found
        ],
        "has_methods": bool(own - {INBOX}),
        "has_own_rules": queries.has_own_rules(viewer.user_id),
        "rehearsal": _rehearsal(viewer.user_id),
    }


def _rehearsal(user_id: int) -> list[notifications_queries.NoticeView]:
    """The notices of the newest rehearsal, those that come first first."""
    notices = notifications_queries.notices_for(f"rehearsal:{user_id}")
    newest = max((notice.planned_at for notice in notices), default=None)
    return sorted(
        (notice for notice in notices if notice.planned_at == newest),
        key=lambda notice: notice.first_due_at,
    )


def _night(now: datetime, zone: str) -> datetime:
    """The next 03:00 on this person's wall."""
    local = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)


def _planned(
    rules: Sequence[PersonRule],
    urgency: Urgency,
    team_id: int | None,
    *,
    at: datetime,
    viewer: Viewer,
    hours: OpenHours,
    kinds: set[str],
) -> tuple[Planned, ...]:
    return plan_notices_for(
        rules,
        urgency=urgency,
        team_id=team_id,
        start=at,
        cut_off=None,
        working=hours.window(viewer.time_zone),
        kinds=kinds,
    )
