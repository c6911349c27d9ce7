"""What the rules, silences and windows of today have to do with the alerts of the last days."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.alerting.logic import pipeline
from evenfall.alerting.logic.candidate import Candidate, Context
from evenfall.alerting.logic.matchers import accepts_all
from evenfall.alerting.logic.replaying import Configuration
from evenfall.alerting.models import Alert, InhibitionRow, Integration
from evenfall.alerting.queries.replays import configuration, lives
from evenfall.alerting.queries.rules import RuleView, rules

MOST: Final = 20_000


class RuleUse(Struct, frozen=True, kw_only=True):
    """`holds`: alerts its condition is true for, `took`: those that no rule before it took."""

    rule: RuleView
    holds: int
    took: int


class QuietUse(Struct, frozen=True, kw_only=True):
    """A silence, window or inhibition rule, and how many of the alerts it would hold or may hold.

    `kind` is silence, maintenance or inhibition.
    """

    kind: str
    id: int
    name: str
    covers: int


class Use(Struct, frozen=True, kw_only=True):
    """Of the `looked_at` newest alerts since `since`: which rule took what, what would be quiet."""

    looked_at: int
    rules: tuple[RuleUse, ...]
    quiet: tuple[QuietUse, ...]


class Unowned(Struct, frozen=True, kw_only=True):
    """An integration that belongs to no service and to no team."""

    id: int
    name: str


def rule_use(*, since: datetime, now: datetime, most: int = MOST) -> Use:
    """Try every condition on the recorded alerts; at most `most` of them. A dozen queries."""
    known = configuration(since=now, until=now)
    views = {view.id: view for view in rules()}
    conditions = [active.rule.condition for active in known.rules.rules]
    holds, took, quiet = Counter[int](), Counter[int](), Counter[tuple[str, int]]()
    count = 0
    for one in islice(_enriched(conditions, known, since, now), most):
        count += 1
        true = [active.rule.id for active in known.rules.rules if active.condition.holds(one)]
        holds.update(true)
        took.update(true[:1] or [known.rules.catch_all.id])
        quiet.update(_quiet_over(one, known, now))
    return Use(
        looked_at=count,
        rules=tuple(
            RuleUse(rule=view, holds=holds[number], took=took[number])
            for number, view in views.items()
            if view.is_enabled
        ),
        quiet=tuple(_named(known, quiet)),
    )


def unowned_integrations() -> list[Unowned]:
    """The integrations in use that nobody answers for, by name."""
    rows = Integration.objects.filter(service=None, team=None, is_enabled=True)
    return [
        Unowned(id=number, name=name)
        for number, name in rows.order_by("name", "id").values_list("id", "name")
    ]


def _enriched(
    conditions: list[str], known: Configuration, since: datetime, now: datetime
) -> Iterator[Candidate]:
    """The alerts as routing sees them, the oldest first."""
    context = Context(
        integrations=known.integrations,
        services=known.services,
        services_by_slug={service.slug: service for service in known.services.values()},
        silences=(),
        maintenances=(),
        rules=known.rules,
        zone=known.zone,
    )
    for life in lives(conditions, since=since, until=now):
        if life.candidate.integration_id in known.integrations:
            yield pipeline.enrich(life.candidate, context)


def _quiet_over(one: Candidate, known: Configuration, now: datetime) -> Iterator[tuple[str, int]]:
    values = pipeline.values_of(one)
    for silence in known.silences:
        if accepts_all(silence.matchers, values):
            yield "silence", silence.id
    for window in known.maintenances:
        always = replace(window, starts_at=now, ends_at=datetime.max.replace(tzinfo=now.tzinfo))
        if always.covers(values, service_id=one.service_id, environment=one.environment, at=now):
            yield "maintenance", window.id
    for rule in known.inhibitions.rules.values():
        if accepts_all(rule.target, values):
            yield "inhibition", rule.id


def _named(known: Configuration, quiet: Counter[tuple[str, int]]) -> Iterator[QuietUse]:
    names = dict(InhibitionRow.objects.values_list("id", "name"))
    silences = {one.id: one.comment or f"silence {one.id}" for one in known.silences}
    windows = {one.id: one.name for one in known.maintenances}
    words = {"silence": silences, "maintenance": windows, "inhibition": names}
    for (kind, number), covers in quiet.items():
        yield QuietUse(kind=kind, id=number, name=words[kind].get(number, ""), covers=covers)


def services_heard_of(integration_ids: Collection[int], *, since: datetime) -> dict[int, set[int]]:
    """The services that the alerts of each integration were about; one query, none without ids."""
    found: dict[int, set[int]] = {number: set() for number in integration_ids}
    if not found:
        return {}
    rows = Alert.objects.filter(
        integration_id__in=list(found), opened_at__gte=since, service_id__isnull=False
    )
    for number, service_id in (
        rows.values_list("integration_id", "service_id").distinct().order_by()
    ):
        found[number].add(service_id)
    return found
