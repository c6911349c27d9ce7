"""The recorded alerts of some days, decided again: as things are, and as they would be."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db.models import Max, Min
from msgspec import Struct

from evenfall.alerting.errors import ConditionNotValid
from evenfall.alerting.logic import flapping
from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.dedup import DEFAULT_SEVERITY
from evenfall.alerting.logic.expressions import ExpressionError
from evenfall.alerting.logic.inhibition import InhibitionBook
from evenfall.alerting.logic.proposals import changed
from evenfall.alerting.logic.replaying import Configuration, Life, Replay, Turn
from evenfall.alerting.logic.rules import compile_rules
from evenfall.alerting.logic.updates import Severity
from evenfall.alerting.models import (
    Alert,
    Integration,
    MaintenanceWindow,
    RuleBookVersion,
    Silence,
)
from evenfall.alerting.queries.context import (
    books,
    inhibition_from_json,
    integration_facts,
    maintenance_value,
    rule_from_json,
    service_facts,
    silence_value,
)
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries

_AT_ONCE: Final = 2_000
_OUT_OF_ORDER: Final = timedelta(hours=1)
"""Ids are given when a batch is decided, `opened_at` is when it came: they may differ a little."""
_COLUMNS: Final = (
    "id", "integration_id", "dedup_key", "opened_at", "resolved_at", "summary", "severity",
    "told_severity", "told_environment", "source", "labels", "unparsed", "is_flapping", "is_split",
)  # fmt: skip
_WIDE: Final = ("annotations", "details")
"""Columns that only conditions of rules look at; they are most of what a row weighs."""


class Turns(Struct, frozen=True):
    """What happened next by either configuration; the same object where nothing is to change."""

    as_is: Sequence[Turn]
    proposed: Sequence[Turn]


def recorded_count(*, since: datetime, until: datetime) -> int:
    """How many alerts opened in this time."""
    return Alert.objects.filter(
        id__gte=first_id(since), opened_at__gte=since, opened_at__lt=until
    ).count()


def proposed(
    known: Configuration, changes: Sequence[object], *, since: datetime, until: datetime
) -> Configuration:
    """The configuration with changes of `ports.proposals`; the same object where none concerns it.

    Raises ConditionNotValid.
    """
    try:
        return changed(known, changes, since=since, until=until)
    except ExpressionError as error:
        raise ConditionNotValid(
            field="condition", reason=error.reason, column=error.column
        ) from None


def replays(
    known: Configuration,
    other: Configuration,
    *,
    since: datetime,
    until: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Iterator[Turns]:
    """Decide again about all alerts that opened from `since` to `until`, read once.

    Where both are the same object there is one replay. `progress` hears how many alerts are done.
    A few queries, and one for 2,000 alerts.
    """
    as_is = Replay(known, until=until)
    would_be = None if other is known else Replay(other, until=until)
    texts = [rule.condition for rule in (*known.all_rules, *other.all_rules)]
    done = 0
    found = lives(texts, since=since, until=until)
    for _, together in groupby(found, key=lambda life: life.candidate.at):
        batch = list(together)
        told = list(as_is.opened(*batch))
        yield Turns(told, told if would_be is None else list(would_be.opened(*batch)))
        before, done = done, done + len(batch)
        if before // _AT_ONCE != done // _AT_ONCE:
            progress(done)
    told = list(as_is.rest())
    yield Turns(told, told if would_be is None else list(would_be.rest()))


def configuration(*, since: datetime, until: datetime) -> Configuration:
    """The rules as they are now, with every silence and window that held in this time.

    Seven queries.
    """
    stored = RuleBookVersion.objects.order_by("-id").values_list("id", "rules", "inhibitions")
    version, rules, inhibitions = stored.first() or (0, [], [])
    all_rules = tuple(rule_from_json(entry) for entry in rules)
    integrations = integration_facts(Integration.objects.values_list("id", flat=True))
    in_time = {"ends_at__gt": since, "starts_at__lte": until}
    return Configuration(
        integrations=integrations,
        services=service_facts(ids=catalog_queries.services().keys(), labels=()),
        rules=compile_rules(version, all_rules),
        all_rules=all_rules,
        inhibitions=InhibitionBook.of(map(inhibition_from_json, inhibitions)),
        silences=tuple(map(silence_value, Silence.objects.filter(**in_time).order_by("id"))),
        maintenances=tuple(
            map(maintenance_value, MaintenanceWindow.objects.filter(**in_time).order_by("id"))
        ),
        graph=books(until).graph,
        zone=identity_queries.site().time_zone,
    )


def lives(conditions: Sequence[str], *, since: datetime, until: datetime) -> Iterator[Life]:
    """The alerts by the time of their opening; wide columns only where a rule asks for them."""
    wide = [name for name in _WIDE if any(name in text for text in conditions)]
    rows = Alert.objects.filter(id__gte=first_id(since), opened_at__gte=since, opened_at__lt=until)
    columns = (*_COLUMNS, *wide)
    for row in rows.order_by("opened_at", "id").values(*columns).iterator(chunk_size=_AT_ONCE):
        yield _life(row, until)


def _life(row: dict[str, Any], until: datetime) -> Life:
    told = Severity(row["told_severity"]) if row["told_severity"] else None
    ends_at = row["resolved_at"]
    return Life(
        candidate=Candidate(
            alert_id=row["id"],
            integration_id=row["integration_id"],
            dedup_key=row["dedup_key"],
            at=row["opened_at"],
            summary=row["summary"],
            severity=told or DEFAULT_SEVERITY,
            told_severity=told,
            source=row["source"],
            labels=row["labels"],
            annotations=row.get("annotations", {}),
            details=row.get("details", {}),
            told_environment=row["told_environment"] or None,
            unparsed=row["unparsed"],
            ended=flapping.FLIPS if row["is_flapping"] else 0,
            is_split=row["is_split"],
        ),
        ends_at=ends_at if ends_at is not None and ends_at <= until else None,
    )


def first_id(since: datetime) -> int:
    """An id before which no alert opened at or after this time.

    There is no index by time, which would cost every new alert something: as ids rise with time,
    halving finds it in some twenty looks at the primary key.
    """
    ends = Alert.objects.aggregate(first=Min("id"), last=Max("id"))
    low, high = ends["first"] or 0, (ends["last"] or 0) + 1
    wanted = since - _OUT_OF_ORDER
    while low < high:
        middle = (low + high) // 2
        found = Alert.objects.filter(id__gte=middle).order_by("id")
        number, opened_at = found.values_list("id", "opened_at").first() or (high, wanted)
        if opened_at >= wanted:
            high = middle
        else:
            low = number + 1
    return low
