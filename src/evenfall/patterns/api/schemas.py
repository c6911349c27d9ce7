"""What goes over the wire about patterns."""

from datetime import datetime
from typing import Literal

from ninja import Schema

from evenfall.catalog.ports import Environment
from evenfall.patterns.actions import PatternWish
from evenfall.patterns.logic.score import Part
from evenfall.patterns.logic.signs import Sign
from evenfall.patterns.logic.states import State, Verdict


class PatternNamedOut(Schema):
    id: int
    name: str


class PatternOut(Schema):
    id: int
    title: str
    state: State
    owner: PatternNamedOut | None
    team: PatternNamedOut | None
    note: str
    reason: str
    item_id: int | None
    created_at: datetime
    state_at: datetime
    mended_at: datetime | None
    count: int
    unconfirmed: int
    first_at: datetime | None
    last_at: datetime | None


class PatternsOut(Schema):
    items: list[PatternOut]
    next: str | None


class PatternMemberOut(Schema):
    incident_id: int
    title: str
    environment: Environment
    opened_at: datetime
    is_confirmed: bool
    releases: list[str]


class PatternSignOut(Schema):
    sign: Sign
    incident_id: int
    text: str
    at: datetime


class PatternWholeOut(PatternOut):
    members: list[PatternMemberOut]
    signs: list[PatternSignOut]


class PatternIn(Schema):
    title: str
    owner_id: int | None = None
    team_id: int | None = None
    note: str = ""

    def wish(self) -> PatternWish:
        return PatternWish(**dict(self))


class PatternStepIn(Schema):
    state: State
    reason: str = ""


class PatternMemberIn(Schema):
    incident_id: int


class PatternDismissalIn(Schema):
    reason: str = ""


class SimilarPartOut(Schema):
    """Part of a score: the points it gave of those it could, in percent of the whole.

    Of texts, from 0 to 1: `letters` of almost equal titles, `cosine` of the whole texts as they
    were read at night, and the words that were most `telling` for it.
    """

    part: Part
    points: float
    most: float
    shared: list[str]
    same_alerts: int
    letters: float
    cosine: float
    telling: list[str]


class SimilarIncidentOut(Schema):
    incident_id: int
    title: str
    environment: Environment
    opened_at: datetime
    score: float
    parts: list[SimilarPartOut]
    verdict: Verdict
    pattern_id: int | None


class AlikeIncidentsOut(Schema):
    items: list[SimilarIncidentOut]
    next: str | None = None


class VerdictIn(Schema):
    other_id: int
    verdict: Literal["same", "different"]


class VerdictOut(Schema):
    pattern_id: int | None


class TopPatternOut(Schema):
    pattern: PatternOut
    incidents: int
    prod: int
    uat: int
    dev: int


class TopPatternsOut(Schema):
    items: list[TopPatternOut]
    next: str | None = None
