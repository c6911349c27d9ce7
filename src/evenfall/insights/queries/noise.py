"""The noise audit: what pages cost and what they were for, summed over one narrow table."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import (
    Aggregate,
    BooleanField,
    Count,
    ExpressionWrapper,
    FloatField,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncWeek
from msgspec import Struct
from msgspec.structs import replace

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.insights.logic.noise import Counts
from evenfall.insights.logic.waking import AGAIN_WITHIN, DAY_HOURS, SELF_HEALED
from evenfall.insights.models import PagedOnce, PersonCalled

NOISE_DAYS: Final = (7, 28, 90, 365)
MOST_PARTS: Final = 100


class When(StrEnum):
    """Which pages: all, those of nights, those of days."""

    ALL = "all"
    NIGHT = "night"
    DAY = "day"


class By(StrEnum):
    """What pages are summed by. A problem is what has one name in one service and environment."""

    PROBLEMS = "problems"
    RULES = "rules"
    SERVICES = "services"
    TEAMS = "teams"


class Wanted(Struct, frozen=True, kw_only=True):
    """Which pages are audited; None and "" leave it open. `zone` is where weeks begin.

    Of a person (`user_id`) it is the pages that called them, and the nights are their own.
    """

    since: datetime
    until: datetime
    zone: ZoneInfo
    when: When = When.ALL
    service_id: int | None = None
    team_id: int | None = None
    user_id: int | None = None
    rule_id: int | None = None
    problem: str = ""

    @property
    def before(self) -> "Wanted":
        """The same for as long before."""
        return replace(self, since=self.since - (self.until - self.since), until=self.since)


class PartCounts(Struct, frozen=True, kw_only=True):
    """The counts of one rule, service, team or problem; `key` asks for it alone."""

    key: str
    name: str
    detail: str
    counts: Counts


class NoiseReport(Struct, frozen=True, kw_only=True):
    """What was counted in a time, and in one as long before it."""

    wanted: Wanted
    counts: Counts
    before: Counts
    records_begin: datetime | None


class NoiseRhythm(Struct, frozen=True, kw_only=True):
    """`weeks` are the first days of weeks with the pages acted on and not, and those of nights.

    `hours` has the nights and days of the week, 168 counts from Monday 0:00.
    """

    wanted: Wanted
    weeks: Sequence[tuple[datetime, int, int, int]]
    hours: Sequence[int]


_HEALED: Final = Q(is_acted=False, over_s__lte=int(SELF_HEALED.total_seconds()))
CONDITIONS: Final[Mapping[str, Q]] = {
    "pages": Q(),
    "acted": Q(is_acted=True),
    "unanswered": Q(is_acted=False, ack_s=None),
    "only_seen": Q(is_acted=False, ack_s__isnull=False),
    "healed": _HEALED,
    "again": Q(after_s__lte=int(AGAIN_WITHIN.total_seconds())),
    "flapping": Q(is_flapping=True),
    "not_actionable": Q(is_not_actionable=True),
    "night": Q(is_night=True),
}


class Percentile(Aggregate):
    """The value below which the part `share` of all lies; nulls do not count."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, *, share: float) -> None:
        super().__init__(expression, share=share)


def _counting() -> dict[str, Aggregate]:
    counts: dict[str, Aggregate] = {
        name: Count("page_id", filter=condition) if condition else Count("page_id")
        for name, condition in CONDITIONS.items()
    }
    return counts | {
        "problems": Count("incident_id", filter=Q(is_acted=True), distinct=True),
        "acknowledged": Count("ack_s"),
        "ack_median_s": Percentile("ack_s", share=0.5),
        "ack_p90_s": Percentile("ack_s", share=0.9),
    }


_COUNTED: Final = tuple(_counting())


def noise_report(wanted: Wanted) -> NoiseReport:
    """Four queries, however much there is."""
    counts, before = _counts(wanted)
    return NoiseReport(
        wanted=wanted,
        counts=counts,
        before=before,
        records_begin=PagedOnce.objects.order_by("started_at")
        .values_list("started_at", flat=True)
        .first(),
    )


def noise_rhythm(wanted: Wanted) -> NoiseRhythm:
    """When people were called. Two queries."""
    rows = paged(wanted)
    return NoiseRhythm(wanted=wanted, weeks=_weeks(rows, wanted.zone), hours=_hours(rows))


def paged(wanted: Wanted, figure: str = "pages") -> QuerySet[PagedOnce]:
    """The pages behind a figure, without an order."""
    given = {
        "service_id": wanted.service_id,
        "team_id": wanted.team_id,
        "rule_id": wanted.rule_id,
        "problem": wanted.problem or None,
    }
    rows = PagedOnce.objects.filter(
        CONDITIONS.get(figure, Q()),
        started_at__gte=wanted.since,
        started_at__lt=wanted.until,
        **{name: value for name, value in given.items() if value is not None},
    )
    if wanted.user_id is not None:
        return rows.filter(page_id__in=_calls_of(wanted, wanted.user_id))
    if wanted.when is When.ALL:
        return rows
    return rows.filter(is_night=wanted.when is When.NIGHT)


def _calls_of(wanted: Wanted, user_id: int) -> QuerySet[PersonCalled, int]:
    calls = PersonCalled.objects.filter(user_id=user_id, at__gte=wanted.since)
    if wanted.when is not When.ALL:
        calls = calls.filter(night__isnull=wanted.when is When.DAY)
    return calls.values_list("page_id", flat=True)


def _counts(wanted: Wanted) -> tuple[Counts, Counts]:
    """Of that time, and of the one before."""
    both = paged(replace(wanted, since=wanted.before.since))
    is_now = ExpressionWrapper(Q(started_at__gte=wanted.since), output_field=BooleanField())
    rows = both.annotate(is_now=is_now).values("is_now").annotate(**_counting())
    found = {
        one: dict(zip(_COUNTED, counts, strict=True))
        for one, *counts in rows.values_list("is_now", *_COUNTED)
    }
    return (
        Counts(**found.get(True, {}), nights=_interrupted(wanted)),
        Counts(**found.get(False, {}), nights=_interrupted(wanted.before)),
    )


def _interrupted(wanted: Wanted) -> int:
    """Nights of single persons in which one of these pages called them."""
    nights = PersonCalled.objects.filter(
        at__gte=wanted.since, at__lt=wanted.until + _LATE, night__isnull=False
    )
    if wanted.user_id is not None:
        nights = nights.filter(user_id=wanted.user_id)
    if wanted != Wanted(since=wanted.since, until=wanted.until, zone=wanted.zone):
        nights = nights.filter(page_id__in=paged(wanted).values("page_id"))
    return nights.values("user_id", "night").distinct().count()


_LATE: Final = timedelta(days=1)
"""A page calls people some time after it began."""


def _weeks(rows: QuerySet[PagedOnce], zone: ZoneInfo) -> list[tuple[datetime, int, int, int]]:
    found = (
        rows.annotate(week=TruncWeek("started_at", tzinfo=zone))
        .values_list("week")
        .annotate(
            acted=Count("page_id", filter=Q(is_acted=True)),
            idle=Count("page_id", filter=Q(is_acted=False)),
            night=Count("page_id", filter=Q(is_night=True)),
        )
        .order_by("week")
    )
    return list(found.values_list("week", "acted", "idle", "night"))


def _hours(rows: QuerySet[PagedOnce]) -> list[int]:
    found = dict(rows.values_list("hour").annotate(n=Count("page_id")).order_by())
    return [found.get(hour, 0) for hour in range(7 * DAY_HOURS)]


def noise_parts(wanted: Wanted, by: By, *, limit: int = MOST_PARTS) -> list[PartCounts]:
    """The parts with most pages first, at most `limit`. Three queries."""
    column = _COLUMNS[by]
    rows = paged(wanted).values(column)
    if by is By.PROBLEMS:
        rows = rows.values("problem", "name", "service_id", "environment")
    else:
        rows = rows.exclude(**{column: None})
    found = list(rows.annotate(**_counting()).order_by("-pages", column)[:limit])
    names = _NAMES[by](found)
    return [_part(row, column, names) for row in found]


_COLUMNS: Final = {
    By.PROBLEMS: "problem",
    By.RULES: "rule_id",
    By.SERVICES: "service_id",
    By.TEAMS: "team_id",
}


def _part(
    row: Mapping[str, Any], column: str, names: Mapping[object, tuple[str, str, str]]
) -> PartCounts:
    number = row[column]
    key, name, detail = names.get(number, (str(number), f"Number {number}, deleted", ""))
    counts = {name: row[name] for name in _COUNTED}
    return PartCounts(key=key, name=name, detail=detail, counts=Counts(**counts))


type _Rows = Sequence[Mapping[str, Any]]
type _Names = dict[object, tuple[str, str, str]]


def _problems(rows: _Rows) -> _Names:
    services = catalog_queries.services({row["service_id"] for row in rows if row["service_id"]})
    names = {number: service.name for number, service in services.items()}
    return {
        row["problem"]: (
            row["problem"],
            row["name"],
            " · ".join(filter(None, [names.get(row["service_id"], ""), row["environment"]])),
        )
        for row in rows
    }


def _rules(_rows: _Rows) -> _Names:
    return {one.id: (str(one.id), one.name, one.condition) for one in alerting_queries.rules()}


def _services(rows: _Rows) -> _Names:
    found = catalog_queries.services({row["service_id"] for row in rows})
    return {number: (one.slug, one.name, "") for number, one in found.items()}


def _teams(rows: _Rows) -> _Names:
    found = identity_queries.teams({row["team_id"] for row in rows})
    return {one.id: (one.slug, one.name, "") for one in found}


_NAMES: Final = {
    By.PROBLEMS: _problems,
    By.RULES: _rules,
    By.SERVICES: _services,
    By.TEAMS: _teams,
}
