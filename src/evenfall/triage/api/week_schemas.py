"""The week of a team and what its members can, as they go over the wire."""

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from evenfall.triage.contexts import Week


class PersonWeekOut(Schema):
    """Hours in one week; `on_call` is the share of the week."""

    name: str
    contract: float
    leave: float
    on_call: float
    hours: float
    skills: list[str]


class WeekLoadOut(Schema):
    """A complete week: the hours of P1 and P2 that came in, and those that there were."""

    monday: date
    items: int
    inflow: float
    hours: float
    is_over: bool


class NotThisWeekOut(Schema):
    """An item that no hours would bring into this week: it is for a later one, or wants skills."""

    item_id: int
    why: str


class TriageWeekOut(Schema):
    """`hours` are those that count: what was set, else what was computed.

    `is_overrun`: more urgent work came in than there were hours, two weeks in a row or longer; with
    `missing_hours` more a week all of it would have fitted.
    """

    monday: date
    hours: float | None
    computed: float
    people: list[PersonWeekOut]
    fitting_ids: list[int]
    first_out_id: int | None
    first_out_monday: date | None
    extra_hours: float | None
    not_this_week: list[NotThisWeekOut]
    is_overrun: bool
    missing_hours: float
    loads: list[WeekLoadOut]


class MemberSkillsIn(Schema):
    user_id: int
    skills: list[str] = Field(max_length=20)


class TeamSkillsIn(Schema):
    """Of members who are not named nothing changes."""

    people: list[MemberSkillsIn] = Field(max_length=1000)


class MemberSkillsOut(Schema):
    user_id: int
    name: str
    skills: list[str]


class TeamSkillsOut(Schema):
    items: list[MemberSkillsOut]


def week_of(week: Week) -> dict[str, Any]:
    plan = week.fit.plan if week.fit else None
    out = plan.first_out if plan else None
    return {
        "monday": week.monday,
        "hours": plan.hours if plan else None,
        "computed": week.computed,
        "people": week.people,
        "fitting_ids": list(plan.fits) if plan else [],
        "first_out_id": out.item_id if out else None,
        "first_out_monday": out.monday if out else None,
        "extra_hours": out.extra_hours if out else None,
        "not_this_week": plan.skipped if plan else [],
        "is_overrun": week.capacity.is_alarm,
        "missing_hours": week.capacity.missing,
        "loads": week.loads,
    }
