"""A rule that is not saved yet, tried on the alerts of the last days.

However many came, a bounded number is looked at, spread evenly, for a bounded time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from msgspec import Struct

from evenfall.alerting.logic import pipeline
from evenfall.alerting.logic.candidate import Candidate, Context
from evenfall.alerting.logic.dedup import DEFAULT_SEVERITY
from evenfall.alerting.logic.rules import Rule
from evenfall.alerting.logic.trying import (
    Draft,
    Example,
    Taken,
    Trial,
    Tried,
    busiest,
    draft_among,
    examples,
    look_at,
    scaled,
    spread,
)
from evenfall.alerting.logic.updates import Severity
from evenfall.alerting.models import Alert, RuleBookVersion
from evenfall.alerting.queries.context import (
    books,
    integration_facts,
    rule_from_json,
    service_facts,
)
from evenfall.identity import queries as identity_queries

DAYS: Final = 7
LOOKED_AT: Final = 3_000
_AT_ONCE: Final = 500
_COLUMNS: Final = (
    "id", "integration_id", "dedup_key", "opened_at", "summary", "told_severity", "source",
    "labels", "annotations", "told_environment", "unparsed",
)  # fmt: skip
# Alerts are numbered in the order they come, so their first one is found by halving.
_FIRST_SINCE = """
WITH RECURSIVE search (low, high) AS (
    SELECT min(id), max(id) + 1 FROM alerting_alert
    UNION ALL
    SELECT CASE WHEN probe.is_old THEN middle + 1 ELSE low END,
           CASE WHEN probe.is_old THEN high ELSE middle END
      FROM (SELECT low, high, (low + high) / 2 AS middle FROM search WHERE low < high) AS half
     CROSS JOIN LATERAL (
           SELECT opened_at < %s AS is_old FROM alerting_alert WHERE id >= middle
            ORDER BY id LIMIT 1) AS probe
)
SELECT low, (SELECT max(id) FROM alerting_alert) FROM search WHERE low >= high
"""


class Day(Struct, frozen=True, kw_only=True):
    """One day of the reader: how many alerts came and matched; `left` and heights in percent."""

    day: date
    left: float
    looked_at: int
    matched: int
    seen_height: float
    matched_height: float


class RuleTrial(Struct, frozen=True, kw_only=True):
    """What a draft would take. Numbers are of all alerts of the last days, estimated from a sample
    where `is_sample`; `ran_out` says that time was up before all of the sample was looked at.
    """

    looked_at: int
    total: int
    is_sample: bool
    ran_out: bool
    matched: int
    taken: int
    days: tuple[Day, ...]
    examples: tuple[Example, ...]
    earlier: tuple[Taken, ...]
    gained: tuple[Taken, ...]
    lost: tuple[Taken, ...]


def try_rule(
    *,
    condition: str,
    rule_id: int | None,
    now: datetime,
    zone: ZoneInfo,
    is_late: Callable[[], bool] = lambda: False,
) -> RuleTrial:
    """Try a condition in the place of a rule; None is a new one, in front of the catch-all.

    Stops when `is_late`. Raises ExpressionError.
    """
    draft = draft_among(_all_rules(), books(now).rules, rule_id=rule_id, condition=condition)
    first, last = _since(now - timedelta(days=DAYS))
    wanted = spread(first, last, LOOKED_AT)
    trial, asked = Trial(), 0
    for ids in _chunks(wanted):
        look_at(_read(ids, draft), draft, trial, day_of=lambda at: at.astimezone(zone).date())
        asked += len(ids)
        if is_late():
            break
    span = max(last - first + 1, 0)
    is_sample = asked < span
    # some numbers are of no alert: so many of those asked for are, so many of all will be
    total = round(trial.looked_at * span / asked) if is_sample else trial.looked_at
    return _told(
        trial, draft, total, ran_out=asked < len(wanted), until=now.astimezone(zone).date()
    )


def _told(trial: Trial, draft: Draft, total: int, *, ran_out: bool, until: date) -> RuleTrial:
    def whole(count: int) -> int:
        return scaled(count, trial.looked_at, total)

    def all_of(counted: Mapping[str, int]) -> tuple[Taken, ...]:
        return busiest({name: whole(count) for name, count in counted.items()})

    return RuleTrial(
        looked_at=trial.looked_at,
        total=whole(trial.looked_at),
        is_sample=total > trial.looked_at,
        ran_out=ran_out,
        matched=whole(trial.matched),
        taken=whole(trial.taken),
        days=_days(trial, until, whole),
        examples=examples(trial, draft),
        earlier=all_of(trial.earlier),
        gained=all_of(trial.gained),
        lost=all_of(trial.lost),
    )


def _days(trial: Trial, until: date, whole: Callable[[int], int]) -> tuple[Day, ...]:
    """The days of the reader, oldest first; the one a week ago is not complete, so it is left."""
    most = max(trial.seen_by_day.values(), default=1)
    days = [until - timedelta(days=back) for back in reversed(range(DAYS))]
    return tuple(
        Day(
            day=day,
            left=round(place * 100 / DAYS, 2),
            looked_at=whole(trial.seen_by_day[day]),
            matched=whole(trial.matched_by_day[day]),
            seen_height=round(trial.seen_by_day[day] / most * 100, 1),
            matched_height=round(trial.matched_by_day[day] / most * 100, 1),
        )
        for place, day in enumerate(days)
    )


def _all_rules() -> list[Rule]:
    stored = RuleBookVersion.objects.order_by("-id").values_list("rules", flat=True).first()
    return [rule_from_json(entry) for entry in stored or ()]


def _since(at: datetime) -> tuple[int, int]:
    """The numbers of the first and the last alert since then; (1, 0) when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_SINCE, [at])
        row = cursor.fetchone()
    return (1, 0) if row is None or row[0] is None else (row[0], row[1])


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


def _read(ids: Sequence[int], draft: Draft) -> list[Tried]:
    """Read alerts as the rules saw them: with the service and the environment they had by then.

    Details can be large, and are read only where a condition looks at them.
    """
    columns = (*_COLUMNS, "details") if _looks_at_details(draft) else _COLUMNS
    rows = list(Alert.objects.filter(id__in=ids).values(*columns))
    integrations = integration_facts({row["integration_id"] for row in rows})
    services = service_facts(
        ids={one.service_id for one in integrations.values() if one.service_id},
        labels={row["labels"].get("service", "") for row in rows},
    )
    known = Context(
        integrations=integrations,
        services=services,
        services_by_slug={service.slug: service for service in services.values()},
        silences=(),
        maintenances=(),
        rules=draft.today,
        zone=identity_queries.site().time_zone,
    )
    return [_tried(row, known) for row in rows]


def _looks_at_details(draft: Draft) -> bool:
    texts = [draft.condition.text, *(active.condition.text for active in draft.today.rules)]
    return any("details" in text or "payload" in text for text in texts)


def _tried(row: Mapping[str, Any], known: Context) -> Tried:
    told = Severity(row["told_severity"]) if row["told_severity"] else None
    came = Candidate(
        alert_id=row["id"],
        integration_id=row["integration_id"],
        dedup_key=row["dedup_key"],
        at=row["opened_at"],
        summary=row["summary"],
        severity=told or DEFAULT_SEVERITY,
        told_severity=told,
        source=row["source"],
        labels=row["labels"],
        annotations=row["annotations"],
        details=row.get("details", {}),
        told_environment=row["told_environment"] or None,
        unparsed=row["unparsed"],
    )
    facts = pipeline.enrich(came, known)
    return Tried(row["id"], row["summary"], row["opened_at"], facts, bool(row["unparsed"]))
