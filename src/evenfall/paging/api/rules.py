"""One's own personal rules over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.paging import actions, queries
from evenfall.paging.api.types import Text
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.logic.words import Hours, Urgency
from evenfall.platform.clock import utc_now
from evenfall.platform.wire import WallTime

router = Router(tags=["paging"])


class Rule(Schema):
    urgency: Urgency
    kind: Text = Field(min_length=1, max_length=20)
    delay_minutes: int = 0
    hours: Hours = Hours.ALWAYS
    team_id: int | None = None
    """The team whose pages it is for; left out: of every team without rules of its own."""


class PersonalHoursBody(Schema):
    days: list[int] = Field(min_length=1, max_length=7)
    """Weekdays, 0 is Monday."""
    start: WallTime
    end: WallTime
    """Local time; at or before `start`: of the following day."""


class RulesIn(Schema):
    rules: list[Rule] = Field(max_length=50)


class PersonalRulesOut(Schema):
    rules: list[Rule]
    is_default: bool
    hours: PersonalHoursBody
    """When what is not urgent may come. Outside of them it waits."""


@router.get("/profile/rules", response=PersonalRulesOut, auth=api_auth(Permission.OWN))
def my_rules(request: HttpRequest) -> dict[str, Any]:
    """How I want to be reached."""
    user_id = viewer_of(request).user_id
    rules = queries.rules_of([user_id])[user_id]
    hours = queries.hours_of([user_id])[user_id]
    return {
        "rules": rules,
        "is_default": not queries.has_own_rules(user_id),
        "hours": {"days": sorted(hours.days), "start": hours.start, "end": hours.end},
    }


@router.put("/profile/rules", response=PersonalRulesOut, auth=api_auth(Permission.OWN))
def save_my_rules(request: HttpRequest, body: RulesIn) -> dict[str, Any]:
    """Replace my rules; an empty list brings the defaults back."""
    viewer = viewer_of(request)
    rules = [
        PersonRule(
            urgency=rule.urgency,
            kind=rule.kind,
            delay_minutes=rule.delay_minutes,
            hours=rule.hours,
            team_id=rule.team_id,
        )
        for rule in body.rules
    ]
    actions.save_rules(user_id=viewer.user_id, rules=rules, now=utc_now(), actor=viewer.actor)
    return my_rules(request)


@router.put("/profile/hours", response=PersonalRulesOut, auth=api_auth(Permission.OWN))
def save_my_hours(request: HttpRequest, body: PersonalHoursBody) -> dict[str, Any]:
    """Change when what is not urgent may come."""
    viewer = viewer_of(request)
    hours = OpenHours(days=frozenset(body.days), start=body.start, end=body.end)
    actions.save_hours(user_id=viewer.user_id, hours=hours, now=utc_now(), actor=viewer.actor)
    return my_rules(request)
