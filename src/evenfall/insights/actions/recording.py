"""Pages are written down for the noise audit: a batch in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.queries import AlertRecord
from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentRecord
from evenfall.insights.logic import waking
from evenfall.insights.logic.waking import Act, Night
from evenfall.insights.models import PagedOnce, PersonCalled, RecordedTo
from evenfall.oncall import queries as oncall_queries
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PageRecord
from evenfall.platform import journal
from evenfall.platform.retention import AT_ONCE, Step

BATCH: Final = 500
BY_HAND: Final = "Declared by a person"
_UTC: Final = ZoneInfo("UTC")
_LONGEST: Final = timedelta(days=14)
"""Longer after a page nobody's work is looked for."""
_COLUMNS: Final = (
    "incident_id", "alert_id", "rule_id", "integration_id", "monitor_id", "service_id", "team_id",
    "environment", "name", "is_named", "problem", "severity", "started_at", "ended_at", "ack_s",
    "over_s", "hour", "is_night", "is_acted", "is_flapping", "is_not_actionable",
)  # fmt: skip
# the page before of each, by time; a page that came late changes the one after it, so all of the
# problem from the earliest of the batch on are looked at
_AFTER: Final = """
UPDATE insights_paged AS late
   SET after_s = known.after_s
  FROM (SELECT one.page_id, extract(epoch FROM one.started_at - before.started_at)::int AS after_s
          FROM insights_paged one
          LEFT JOIN LATERAL (
               SELECT started_at FROM insights_paged
                WHERE problem = one.problem
                  AND (started_at, page_id) < (one.started_at, one.page_id)
                ORDER BY started_at DESC, page_id DESC LIMIT 1) before ON TRUE
         WHERE one.problem = ANY(%s) AND one.started_at >= %s) known
 WHERE late.page_id = known.page_id AND late.after_s IS DISTINCT FROM known.after_s
"""
_FORGET: Final = """
WITH seen AS (
    SELECT page_id, started_at FROM insights_paged
     WHERE page_id > %(after_id)s ORDER BY page_id LIMIT %(limit)s
), calls AS (
    DELETE FROM insights_called USING seen
     WHERE insights_called.page_id = seen.page_id AND seen.started_at < %(before)s
), gone AS (
    DELETE FROM insights_paged USING seen
     WHERE insights_paged.page_id = seen.page_id AND seen.started_at < %(before)s RETURNING 1
)
SELECT (SELECT count(*) FROM gone), max(page_id), min(started_at) < %(before)s FROM seen
"""


class _Known(Struct, frozen=True, kw_only=True):
    """What the rows of a batch are made of."""

    incidents: Mapping[int, IncidentRecord]
    alerts: Mapping[int, AlertRecord]
    acts: Mapping[str, Sequence[Act]]
    people: Mapping[int, Person]
    nights: Mapping[int, Night]

    def night_of(self, user_id: int, team_id: int | None, at: datetime) -> date | None:
        return waking.night_of(at, self.zone_of(user_id), self.nights.get(team_id or 0, Night()))

    def zone_of(self, user_id: int | None) -> ZoneInfo:
        person = self.people.get(user_id) if user_id is not None else None
        return ZoneInfo(person.time_zone) if person else _UTC


def record_pages(*, page_ids: Collection[int]) -> int:
    """Write these pages down as they are now; return how many. Again is fine.

    Pages of low urgency wake nobody and are left out. About ten queries, however many pages.
    """
    ordered = sorted(set(page_ids))
    parts = [ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH)]
    return sum(_record(part) for part in parts)


def record_about(*, incident_ids: Collection[int]) -> int:
    """Write down what is known now of the pages of these incidents."""
    subjects = [f"incident:{number}" for number in incident_ids]
    return record_pages(page_ids=paging_queries.page_ids_about(subjects))


def record_history(*, limit: int = BATCH) -> int:
    """Write down the next pages from before this was counted; return how many were looked at.

    Called until it returns 0; afterwards it costs one look at the newest page.
    """
    with transaction.atomic():
        mark = RecordedTo.objects.select_for_update().first() or RecordedTo(page_id=0)
        found = paging_queries.page_ids_after(mark.page_id, limit=limit)
        if found:
            record_pages(page_ids=found)
            mark.page_id = found[-1]
            mark.save()
    return len(found)


@transaction.atomic
def forget_pages(*, before: datetime, after_id: int = 0, limit: int = AT_ONCE) -> Step:
    """Delete what was written down of pages that began earlier."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"before": before, "after_id": after_id, "limit": limit})
        deleted, last_id, is_old = cursor.fetchone()
    return Step(deleted=deleted, last_id=last_id if is_old else None)


def _record(page_ids: Sequence[int]) -> int:
    records = paging_queries.page_records(page_ids)
    if not records:
        return 0
    known = _known(records)
    rows = [_row(record, known) for record in records]
    called = [one for record in records for one in _called(record, known)]
    with transaction.atomic():
        PagedOnce.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["page_id"], update_fields=_COLUMNS
        )
        PersonCalled.objects.bulk_create(
            called,
            update_conflicts=True,
            unique_fields=["page_id", "user_id"],
            update_fields=["at", "night", "has_answered"],
        )
        with connection.cursor() as cursor:
            problems = sorted({row.problem for row in rows})
            cursor.execute(_AFTER, [problems, min(row.started_at for row in rows)])
    return len(rows)


def _known(records: Sequence[PageRecord]) -> _Known:
    incidents = incidents_queries.incident_records(_incident_ids(records))
    leads = {_lead(record, incidents) for record in records} - {None}
    people = {user_id for record in records for user_id in record.calls}
    teams = {record.team_id for record in records if record.team_id is not None}
    weights = oncall_queries.load_weights_of(teams)
    return _Known(
        incidents=incidents,
        alerts=alerting_queries.alert_records([one for one in leads if one is not None]),
        acts=_acts(records),
        people=identity_queries.people(people),
        nights={
            team_id: Night(view.weights.night_starts, view.weights.night_ends)
            for team_id, view in weights.items()
        },
    )


def _incident_ids(records: Iterable[PageRecord]) -> set[int]:
    found = {_incident_id(record) for record in records}
    return {number for number in found if number is not None}


def _incident_id(record: PageRecord) -> int | None:
    kind, _, number = record.subject.partition(":")
    return int(number) if kind == "incident" and number.isdecimal() else None


def _lead(record: PageRecord, incidents: Mapping[int, IncidentRecord]) -> int | None:
    incident = incidents.get(_incident_id(record) or 0)
    return waking.lead_alert(incident.alerts, record.started_at) if incident else None


def _acts(records: Sequence[PageRecord]) -> dict[str, list[Act]]:
    """What the journal has of each subject and page, by its name."""
    names = {record.subject for record in records} | {f"page:{record.id}" for record in records}
    entries = journal.about(
        sorted(names),
        kinds=waking.ACTS,
        since=min(record.started_at for record in records),
        until=max(record.started_at for record in records) + _LONGEST,
    )
    found: dict[str, list[Act]] = defaultdict(list)
    for entry in entries:
        for name in names.intersection(entry.subjects):
            found[name].append(Act(entry.kind, entry.actor))
    return found


def _row(record: PageRecord, known: _Known) -> PagedOnce:
    incident = known.incidents.get(_incident_id(record) or 0)
    alert = known.alerts.get(_lead(record, known.incidents) or 0)
    name = alert.name if alert else BY_HAND
    environment = incident.environment if incident else ""
    not_actionable = bool(incident and incident.not_actionable)
    acts = [*known.acts.get(record.subject, ()), *known.acts.get(f"page:{record.id}", ())]
    first = waking.first_called(record.calls)
    service_id = record.service_id
    return PagedOnce(
        page_id=record.id,
        incident_id=incident.id if incident else None,
        alert_id=alert.id if alert else None,
        rule_id=alert.rule_id if alert else None,
        integration_id=alert.integration_id if alert else None,
        monitor_id=alert.monitor_id if alert else None,
        service_id=service_id,
        team_id=record.team_id,
        environment=environment,
        name=name,
        is_named=bool(alert and alert.is_named),
        problem=waking.problem_key(service_id=service_id, environment=environment, name=name),
        severity=alert.severity if alert else record.severity,
        started_at=record.started_at,
        ended_at=record.ended_at,
        ack_s=waking.seconds_between(record.started_at, record.acknowledged_at),
        over_s=waking.seconds_between(record.started_at, alert.over_at if alert else None),
        hour=waking.hour_of(record.started_at, known.zone_of(first)),
        is_night=any(known.night_of(u, record.team_id, at) for u, at in record.calls.items()),
        is_acted=waking.was_acted(acts, not_actionable=not_actionable),
        is_flapping=bool(alert and alert.is_flapping),
        is_not_actionable=not_actionable,
    )


def _called(record: PageRecord, known: _Known) -> Iterable[PersonCalled]:
    answered = {user_id for user_id, _ in record.answers}
    for user_id, at in record.calls.items():
        yield PersonCalled(
            page_id=record.id,
            user_id=user_id,
            at=at,
            night=known.night_of(user_id, record.team_id, at),
            has_answered=user_id in answered,
        )
