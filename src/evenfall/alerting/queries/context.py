"""What the stages may look at: loaded in a fixed number of queries for any number of alerts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from msgspec.structs import replace

from evenfall.alerting.logic import pipeline
from evenfall.alerting.logic.candidate import Candidate, Context, IntegrationFacts, ServiceFacts
from evenfall.alerting.logic.causes import ServiceGraph
from evenfall.alerting.logic.grouping import Group
from evenfall.alerting.logic.inhibition import InhibitionBook, InhibitionRule, Inhibitor, Met
from evenfall.alerting.logic.matchers import from_json
from evenfall.alerting.logic.pipeline import base_of
from evenfall.alerting.logic.quiet import Maintenance, Silence
from evenfall.alerting.logic.rules import PRODUCTION, Effects, Rule, RuleBook, compile_rules
from evenfall.alerting.logic.updates import Fallback, Outcome, Severity, Urgency
from evenfall.alerting.models import (
    AlertGroup,
    InhibitionRow,
    Integration,
    MaintenanceWindow,
    RoutingRule,
    RuleBookVersion,
)
from evenfall.alerting.models import Silence as SilenceRow
from evenfall.alerting.queries.graph import findings_of, graph_at
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.platform.recordset import json_rows


def context(
    candidates: Collection[Candidate],
    *,
    now: datetime,
    known: Mapping[int, IntegrationFacts] | None = None,
) -> Context:
    """Load what a batch of alerts needs; four queries, and two where something is quiet now.

    `known` are all their integrations, for who has read them.
    """
    integrations = known or integration_facts({one.integration_id for one in candidates})
    rules, inhibitions, graph, is_quiet = books(now)
    services = service_facts(
        ids=rules.service_ids | {i.service_id for i in integrations.values() if i.service_id},
        labels={candidate.labels.get("service", "") for candidate in candidates},
    )
    return Context(
        integrations=integrations,
        services=services,
        services_by_slug={service.slug: service for service in services.values()},
        silences=silences_at(now) if is_quiet else (),
        maintenances=maintenances_at(now) if is_quiet else (),
        rules=rules,
        inhibitions=inhibitions,
        graph=graph,
        zone=identity_queries.site().time_zone,
    )


def integration_facts(ids: Collection[int]) -> dict[int, IntegrationFacts]:
    rows = Integration.objects.filter(id__in=ids).values_list(
        "id", "name", "service_id", "team_id", "environment"
    )
    return {row[0]: IntegrationFacts(*row[:4], row[4] or PRODUCTION) for row in rows}


_SOURCES = """
SELECT id, name, service_id, team_id, environment, mapping
  FROM alerting_integration WHERE id = ANY(%s)
"""


class Sources(NamedTuple):
    """Integrations by their ids: how their bodies are read, and what the stages look at."""

    mappings: dict[int, Mapping[str, str]]
    facts: dict[int, IntegrationFacts]


def sources(ids: Collection[int]) -> Sources:
    """Read both at once; those that are gone are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, [list(ids)])
        rows = cursor.fetchall()
    known = Sources({}, {})
    for number, name, service_id, team_id, environment, mapping in rows:
        facts = IntegrationFacts(number, name, service_id, team_id, environment or PRODUCTION)
        known.mappings[number] = msgspec.json.decode(mapping)
        known.facts[number] = facts
    return known


def service_facts(*, ids: Collection[int], labels: Iterable[str]) -> dict[int, ServiceFacts]:
    """Return the services with these ids, and those whose slug a label says in any case."""
    slugs = {label.lower() for label in labels if label}
    return {
        view.id: ServiceFacts(view.id, view.slug, view.name, view.team_id, view.runbook_url)
        for view in catalog_queries.services_named(ids=ids, slugs=slugs).values()
    }


def silences_at(now: datetime) -> tuple[Silence, ...]:
    rows = SilenceRow.objects.filter(ends_at__gt=now, starts_at__lte=now).order_by("id")
    return tuple(silence_value(row) for row in rows)


def silence_value(row: SilenceRow) -> Silence:
    return Silence(
        id=row.id,
        matchers=from_json(row.matchers),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        comment=row.comment,
        created_by=row.created_by_name,
    )


def maintenances_at(now: datetime) -> tuple[Maintenance, ...]:
    rows = MaintenanceWindow.objects.filter(ends_at__gt=now, starts_at__lte=now).order_by("id")
    return tuple(maintenance_value(row) for row in rows)


def maintenance_value(row: MaintenanceWindow) -> Maintenance:
    return Maintenance(
        id=row.id,
        name=row.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        service_ids=frozenset(row.service_ids),
        environments=frozenset(row.environments),
        matchers=from_json(row.matchers),
    )


class Books(NamedTuple):
    """The newest of all that people wrote down for the pipeline, compiled.

    `is_quiet`: a silence or planned work may hold alerts at that time.
    """

    rules: RuleBook
    inhibitions: InhibitionBook
    graph: ServiceGraph
    is_quiet: bool


_BOOKS = """
SELECT book.id, book.created_at, graph.id, graph.created_at,
       EXISTS (SELECT FROM alerting_silence WHERE ends_at > %(now)s AND starts_at <= %(now)s)
    OR EXISTS (SELECT FROM alerting_maintenance WHERE ends_at > %(now)s AND starts_at <= %(now)s)
  FROM (VALUES (TRUE)) AS always (is_so)
  LEFT JOIN (SELECT id, created_at FROM alerting_rule_book ORDER BY id DESC LIMIT 1) AS book
    ON TRUE
  LEFT JOIN (SELECT id, created_at FROM alerting_graph_book ORDER BY id DESC LIMIT 1) AS graph
    ON TRUE
"""


def books(now: datetime) -> Books:
    """Return the newest books; one query, and each book is read once for each process."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, {"now": now})
        row = cursor.fetchone()
    # the time is part of the key because a restored backup may give a number a second time
    written = (compile_rules(0, []), InhibitionBook()) if row[0] is None else _compiled(*row[:2])
    return Books(*written, graph_at(row[2], row[3]), is_quiet=row[4])


@lru_cache(maxsize=4)
def _compiled(version: int, _created_at: datetime) -> tuple[RuleBook, InhibitionBook]:
    stored = RuleBookVersion.objects.values_list("rules", "inhibitions").get(id=version)
    rules = compile_rules(version, [rule_from_json(entry) for entry in stored[0]])
    return rules, InhibitionBook.of(map(inhibition_from_json, stored[1]))


def inhibition_to_json(row: InhibitionRow) -> dict[str, Any]:
    """Return the words of an inhibition rule as a book keeps them."""
    names = ("id", "name", "source", "target", "equal", "is_enabled")
    return {name: getattr(row, name) for name in names}


def inhibition_from_json(stored: Mapping[str, Any]) -> InhibitionRule:
    return InhibitionRule(
        id=stored["id"],
        name=stored["name"],
        source=from_json(stored["source"]),
        target=from_json(stored["target"]),
        equal=tuple(stored["equal"]),
    )


def rule_value(row: RoutingRule) -> Rule:
    return rule_from_json(rule_to_json(row))


def rule_to_json(row: RoutingRule) -> dict[str, object]:
    """Return the words of a rule as a book keeps them."""
    return {
        "id": row.id,
        "name": row.name,
        "condition": row.condition,
        "outcome": row.outcome,
        "urgency": row.urgency,
        "severity": row.severity,
        "service_id": row.service_id,
        "policy_id": row.policy_id,
        "runbook_id": row.runbook_id,
        "clear_within_s": row.clear_within_s,
        "fallback": row.fallback or None,
        "group_by": row.group_by,
        "group_window_s": row.group_window_s,
        "wait_s": row.wait_s,
        "is_catch_all": row.is_catch_all,
        "is_enabled": row.is_enabled,
    }


def rule_from_json(stored: Mapping[str, object]) -> Rule:
    entry = dict(stored)
    group_by, window_s = entry["group_by"], entry["group_window_s"]
    return Rule(
        id=_number(entry["id"]) or 0,
        name=str(entry["name"]),
        condition=str(entry["condition"]),
        is_catch_all=bool(entry["is_catch_all"]),
        is_enabled=bool(entry["is_enabled"]),
        effects=Effects(
            outcome=Outcome(str(entry["outcome"])) if entry["outcome"] else None,
            urgency=Urgency(str(entry["urgency"])) if entry["urgency"] else None,
            severity=Severity(str(entry["severity"])) if entry["severity"] else None,
            service_id=_number(entry["service_id"]),
            policy_id=_number(entry["policy_id"]),
            # books from before there were repairs do not have these
            runbook_id=_number(entry.get("runbook_id")),
            clear_within=_span(entry.get("clear_within_s")),
            fallback=Fallback(str(entry["fallback"])) if entry.get("fallback") else None,
            group_by=tuple(map(str, group_by)) if isinstance(group_by, Sequence) else None,
            group_window=_span(window_s),
            wait=_span(entry.get("wait_s")),
        ),
    )


def _span(seconds: object) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=_number(seconds) or 0)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def prepare(name: str, candidates: Sequence[Candidate], known: Context) -> Context:
    """Load what one stage needs for the whole batch; see `logic.pipeline.Stage.prepare`."""
    if name == "inhibitors":
        return _with_inhibitors(candidates, known)
    if name == "causes":
        return replace(known, findings=findings_of(candidates, known))
    if name != "groups":
        raise KeyError(name)
    bases = {base_of(candidate) for candidate in candidates}
    return replace(known, groups=groups(bases))


def groups(bases: Iterable[str]) -> dict[str, Group]:
    """Return the last run of these groups."""
    rows = AlertGroup.objects.filter(base__in=list(bases))
    return {
        base: Group(base, key, last)
        for base, key, last in rows.values_list("base", "key", "last_alert_at")
    }


def _with_inhibitors(candidates: Sequence[Candidate], known: Context) -> Context:
    """Add what the alerts are to the inhibition rules, and the open causes that they meet.

    Alerts of the same batch count as causes too: a symptom often arrives with its cause.
    """
    if not known.inhibitions.rules:
        return known
    roles = {one.alert_id: known.inhibitions.roles(pipeline.values_of(one)) for one in candidates}
    met = {(r.rule_id, r.key) for mine in roles.values() for r in mine if r.is_target}
    fresh = [one for one in candidates if any(role.is_source for role in roles[one.alert_id])]
    inhibitors = open_causes(met, but=[one.alert_id for one in fresh])
    for one in fresh:
        for role in roles[one.alert_id]:
            if role.is_source:
                cause = Inhibitor(
                    alert_id=one.alert_id, summary=one.summary, is_target=role.is_target
                )
                inhibitors.setdefault((role.rule_id, role.key), []).append(cause)
    return replace(known, roles=roles, inhibitors=inhibitors)


_CAUSES = """
SELECT role.rule_id, role.key, role.alert_id, role.is_target, alert.summary
  FROM (SELECT rule_id, decode(key, 'hex') AS key
          FROM jsonb_to_recordset(%s::jsonb) AS told (rule_id bigint, key text)) AS met
  JOIN alerting_alert_role role ON role.rule_id = met.rule_id AND role.key = met.key
  JOIN alerting_alert alert ON alert.id = role.alert_id
 WHERE role.is_source AND alert.state IN ('open', 'acknowledged') AND NOT role.alert_id = ANY(%s)
"""


def open_causes(met: Collection[Met], *, but: Collection[int]) -> dict[Met, list[Inhibitor]]:
    """The causes that are open at these places, but for these alerts; one statement."""
    found: dict[Met, list[Inhibitor]] = {}
    if not met:
        return found
    told = [{"rule_id": rule_id, "key": key.hex()} for rule_id, key in met]
    with connection.cursor() as cursor:
        cursor.execute(_CAUSES, [json_rows(told), list(but)])
        for rule_id, key, alert_id, is_target, summary in cursor.fetchall():
            cause = Inhibitor(alert_id=alert_id, summary=summary, is_target=is_target)
            found.setdefault((rule_id, bytes(key)), []).append(cause)
    return found
