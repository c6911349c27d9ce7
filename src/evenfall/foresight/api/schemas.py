"""What the API takes and gives."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from evenfall.foresight.logic.findings import Weight
from evenfall.foresight.logic.kinds import Check
from evenfall.foresight.logic.states import MOST_DAYS, RunState


class ChangeToAskIn(Schema):
    """One change that nobody saved yet.

    `kind` is rule, rules, order, silence, maintenance, inhibition, policy or rota; `id` is what is
    changed, null for something new; `body` is what the operation that saves it takes, null to
    delete it.
    """

    kind: str = Field(max_length=20)
    id: int | None = Field(default=None, ge=0, lt=2**63)
    body: dict[str, Any] | None = None


class WhatIfIn(Schema):
    changes: list[ChangeToAskIn] = Field(min_length=1, max_length=20)
    days: int = Field(default=7, ge=1, le=MOST_DAYS)
    title: str = Field(default="", max_length=200)


class TotalsOut(Schema):
    """`pages` are of high urgency, each person once a page; of them by night, in working hours, and
    to somebody who had nothing but the inbox.
    """

    incidents: int
    pages: int
    nights: int
    working: int
    unreached: int
    low: int


class PersonForecastOut(Schema):
    user_id: int
    name: str
    as_is: int
    proposed: int
    really: int
    nights_as_is: int
    nights_proposed: int


class DayForecastOut(Schema):
    day: date
    as_is: int
    proposed: int
    really: int


class AlertForecastOut(Schema):
    alert_id: int
    title: str
    severity: str
    environment: str
    at: datetime
    before: str
    after: str


class CallForecastOut(Schema):
    at: datetime
    user_id: int
    name: str
    alert_id: int
    title: str
    why: str
    is_night: bool


class ForecastOut(Schema):
    """Lists name at most 200; their counts count all. `unpaged`: by severity, how many alerts call
    somebody as things are and would call nobody.
    """

    since: datetime
    until: datetime
    alerts: int
    as_is: TotalsOut
    proposed: TotalsOut
    really: TotalsOut
    people: list[PersonForecastOut]
    days: list[DayForecastOut]
    stopped: list[AlertForecastOut]
    stopped_count: int
    later_count: int
    started: list[AlertForecastOut]
    started_count: int
    other_count: int
    gone: list[CallForecastOut]
    gone_count: int
    new: list[CallForecastOut]
    new_count: int
    unpaged: dict[str, int]
    changes_nothing: bool


class WhatIfOut(Schema):
    """`report` is there once `state` is done; ask again while it is waiting or working."""

    id: int
    title: str
    state: RunState
    alerts: int
    done: int
    problem: str
    headline: str
    report: ForecastOut | None
    limits: list[str]


class ReachFindingOut(Schema):
    """`offered` is what `POST …/mend` would do; empty where only a form at `mend_url` helps."""

    id: int
    check: Check
    weight: Weight
    title: str
    why: str
    mend: str
    mend_url: str
    offered: str
    team_id: int | None
    team: str
    person_id: int | None
    person: str
    found_at: datetime
    dismissed_until: date | None
    dismissed_reason: str


class ReachFindingsOut(Schema):
    items: list[ReachFindingOut]
    looked_at: datetime | None


class MendOut(Schema):
    """What was done, in the words of the button."""

    done: str


class TakenBackOut(Schema):
    """`was_there` is false where somebody changed it since: then it stays as it is."""

    was_there: bool


class DismissalIn(Schema):
    """Until the day it is looked at again."""

    until: date
    reason: str = Field(max_length=300)
