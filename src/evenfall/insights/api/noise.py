"""The noise audit over the API."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.insights import queries
from evenfall.insights.logic.noise import NAMES, Counts
from evenfall.insights.queries import By, PagedLine, Wanted, When
from evenfall.platform.clock import utc_now

router = Router()


class NoiseQuery(Schema):
    """Of a service (its slug), of a team, of whoever asks (`mine`); of everything without."""

    service: str = ""
    team_id: int | None = None
    mine: bool = False
    rule_id: int | None = Field(None, ge=0, lt=2**63)
    problem: str = Field("", max_length=300)
    when: When = When.ALL
    days: int = Field(28, ge=1, le=730)


class NoiseCountsOut(Schema):
    """Pages of high urgency; see the words on the page. `real_problems` is acted-on incidents."""

    pages: int
    acted: int
    unanswered: int
    only_seen: int
    healed: int
    again: int
    flapping: int
    not_actionable: int
    night: int
    real_problems: int
    pages_a_problem: float | None
    acknowledged: int
    ack_median_s: float | None
    ack_p90_s: float | None
    nights_interrupted: int | None = None


class NoisePartOut(Schema):
    key: str
    name: str
    detail: str
    counts: NoiseCountsOut


class NoiseWeekOut(Schema):
    week: datetime
    acted: int
    not_acted: int
    night: int


class NoiseOut(Schema):
    """`hours` are 168 counts from Monday 0:00, on the wall of whoever was called first."""

    since: datetime
    until: datetime
    counts: NoiseCountsOut
    before: NoiseCountsOut
    weeks: list[NoiseWeekOut]
    hours: list[int]
    by: By
    parts: list[NoisePartOut]


class NoisyPageOut(Schema):
    page_id: int
    incident_id: int | None
    alert_id: int | None
    name: str
    service: str
    severity: str
    environment: str
    started_at: datetime
    ack_s: int | None
    over_s: int | None
    after_s: int | None
    is_night: bool
    is_acted: bool
    is_flapping: bool
    is_not_actionable: bool


class NoisyPagesOut(Schema):
    items: list[NoisyPageOut]
    next: str | None


@router.get("/insights/noise", response=NoiseOut, auth=api_auth(Permission.VIEW))
def noise(request: HttpRequest, asked: Query[NoiseQuery], by: By = By.PROBLEMS) -> dict[str, Any]:
    """What pages cost and whether anybody had to act, beside as long before; weeks in UTC."""
    wanted = _wanted(request, asked)
    report, rhythm = queries.noise_report(wanted), queries.noise_rhythm(wanted)
    return {
        "since": wanted.since,
        "until": wanted.until,
        "counts": _counts(report.counts),
        "before": _counts(report.before),
        "weeks": [
            {"week": week, "acted": acted, "not_acted": idle, "night": night}
            for week, acted, idle, night in rhythm.weeks
        ],
        "hours": rhythm.hours,
        "by": by,
        "parts": [
            {"key": one.key, "name": one.name, "detail": one.detail, "counts": _counts(one.counts)}
            for one in queries.noise_parts(wanted, by)
        ],
    }


@router.get("/insights/noise/pages", response=NoisyPagesOut, auth=api_auth(Permission.VIEW))
def noisy_pages(
    request: HttpRequest,
    asked: Query[NoiseQuery],
    figure: str = "pages",
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """The pages behind a figure ("healed", "again" and so on), newest first."""
    shown = figure if figure in NAMES else "pages"
    page = queries.paged_page(_wanted(request, asked), shown, cursor=cursor, size=limit)
    items: list[PagedLine] = page.items
    return {"items": items, "next": page.next_cursor}


def _wanted(request: HttpRequest, asked: NoiseQuery) -> Wanted:
    now = utc_now()
    if asked.team_id is not None:
        identity_queries.team(asked.team_id)
    service = catalog_queries.service_by_slug(asked.service) if asked.service else None
    return Wanted(
        since=now - timedelta(days=asked.days),
        until=now,
        zone=ZoneInfo("UTC"),
        when=asked.when,
        service_id=service.id if service else None,
        team_id=asked.team_id,
        user_id=viewer_of(request).user_id if asked.mine else None,
        rule_id=asked.rule_id,
        problem=asked.problem.replace("\0", ""),
    )


def _counts(one: Counts) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in NAMES},
        "real_problems": one.problems,
        "pages_a_problem": one.pages_a_problem,
        "acknowledged": one.acknowledged,
        "ack_median_s": one.ack_median_s,
        "ack_p90_s": one.ack_p90_s,
        "nights_interrupted": one.nights,
    }
