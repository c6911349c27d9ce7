"""Alerts that wait in the incident of their probable cause, and incidents that are linked to it.

Such a guest calls nobody and answers for nobody: whoever acknowledges or ends the incident does so
for its own alerts. Alerting decides again when the cause is over; then the guest leaves.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Final

from django.db import connection, transaction
from msgspec import Struct

from evenfall.alerting.ports import Severity
from evenfall.identity import queries as identity_queries
from evenfall.incidents import events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.joining import Seat, add_alerts
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.states import LIVE, State
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.oncall import queries as oncall_queries
from evenfall.platform.events import SYSTEM, publish

PURPOSE: Final = "cause"

_LINK: Final = """
INSERT INTO incidents_incidentcause (incident_id, cause_id, linked_at)
SELECT DISTINCT effect.incident_id, source.incident_id, %s::timestamptz
  FROM unnest(%s::bigint[], %s::bigint[]) AS pair (alert_id, cause_alert_id)
  JOIN incidents_incidentalert effect
    ON effect.alert_id = pair.alert_id AND effect.cause_alert_id IS NULL
  JOIN incidents_incidentalert source
    ON source.alert_id = pair.cause_alert_id AND source.cause_alert_id IS NULL
 WHERE effect.incident_id <> source.incident_id
   AND NOT EXISTS (SELECT FROM incidents_incidentcause other
                    WHERE other.incident_id = source.incident_id
                      AND other.cause_id = effect.incident_id)
    ON CONFLICT DO NOTHING
RETURNING incident_id, cause_id
"""


class Symptom(Struct, frozen=True, kw_only=True):
    """An alert that waits for its probable cause, an alert of a service that its own needs."""

    alert_id: int
    cause_alert_id: int
    title: str
    severity: Severity
    service_id: int | None
    team_id: int | None
    log_lines: tuple[str, ...] = ()


def host_symptoms(*, symptoms: Sequence[Symptom], now: datetime) -> None:
    """Let alerts wait in the incidents of their causes, and tell their teams without waking them.

    An alert that has an incident of its own stays there, and that is linked. Where the cause has no
    live incident nothing happens: the alert is decided again once its cause is over. Locks
    incidents.
    """
    if not symptoms:
        return
    with transaction.atomic():
        known = set(_incidents_of(one.alert_id for one in symptoms))
        fresh = [one for one in symptoms if one.alert_id not in known]
        homes = _homes({one.cause_alert_id for one in fresh})
        seated = [(homes[s.cause_alert_id], s) for s in fresh if s.cause_alert_id in homes]
        if seated:
            _seat(seated, By(actor=SYSTEM, at=now))
    link_causes(
        pairs=[(s.alert_id, s.cause_alert_id) for s in symptoms if s.alert_id in known], now=now
    )


def _incidents_of(alert_ids: Iterable[int]) -> dict[int, int]:
    rows = IncidentAlert.objects.filter(alert_id__in=list(alert_ids))
    return dict(rows.values_list("alert_id", "incident_id"))


def _homes(cause_alert_ids: Collection[int]) -> dict[int, Incident]:
    """The live incident of each of these causes, locked."""
    numbers = _incidents_of(cause_alert_ids)
    rows = {row.pk: row for row in moving.lock_many(set(numbers.values()))}
    return {
        alert_id: rows[number]
        for alert_id, number in numbers.items()
        if State(rows[number].state) in LIVE
    }


def _seat(seated: Sequence[tuple[Incident, Symptom]], by: By) -> None:
    add_alerts(
        [
            Seat(
                incident_id=incident.pk,
                alert_id=one.alert_id,
                service_id=one.service_id,
                title=one.title,
                severity=one.severity,
                log_lines=one.log_lines,
                cause_alert_id=one.cause_alert_id,
            )
            for incident, one in seated
        ],
        now=by.at,
    )
    rows = list({incident.pk: incident for incident, _ in seated}.values())
    facts = counting.refresh(rows, by)
    for row in rows:
        mine = [one for incident, one in seated if incident.pk == row.pk]
        ids = [one.alert_id for one in mine]
        facts += moving.joined(row, ids, by, title=mine[0].title, is_caused=True)
    moving.save(rows, facts, now=by.at)
    calling.retell(rows, now=by.at)
    _tell_teams(seated, by)


def _tell_teams(seated: Sequence[tuple[Incident, Symptom]], by: By) -> None:
    """One message for each team and incident to those on call now; else to those who manage it."""
    told: dict[tuple[int, int], list[Symptom]] = {}
    incidents = {incident.pk: incident for incident, _ in seated}
    for incident, one in seated:
        if one.team_id is not None and one.team_id != incident.team_id:
            told.setdefault((incident.pk, one.team_id), []).append(one)
    readers = _on_call({team_id for _, team_id in told}, now=by.at)
    news = [
        News(
            user_id=user_id,
            subject=f"incident:{number}",
            content=_content(incidents[number], mine),
        )
        for (number, team_id), mine in told.items()
        for user_id in readers.get(team_id, ())
    ]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=by.at)


def _on_call(team_ids: Collection[int], *, now: datetime) -> Mapping[int, Sequence[int]]:
    """Who is on call for each team at its rotas; where nobody is, who manages it."""
    if not team_ids:
        return {}
    found: dict[int, list[int]] = {}
    for duty in oncall_queries.duties_of_teams(team_ids, and_ids=(), at=now, with_next=False):
        primary = duty.on_call.primary
        if primary is not None and primary.user_id not in found.setdefault(duty.team_id, []):
            found[duty.team_id].append(primary.user_id)
    people = identity_queries.team_people(set(team_ids) - {n for n, ids in found.items() if ids})
    return {**found, **{number: one.leading_ids for number, one in people.items()}}


def _content(incident: Incident, mine: Sequence[Symptom]) -> Content:
    """Says what waits and for what; the alert's page has the button that splits it off."""
    title = "A private incident" if incident.is_private else incident.headline
    named = "; ".join(dict.fromkeys(one.title for one in mine[:3]))
    count = "An alert of yours waits" if len(mine) == 1 else f"{len(mine)} alerts of yours wait"
    first = f"/alerts/{mine[0].alert_id}/"
    return Content(
        title=f"{count} for #{incident.pk}: {title}",
        lines=(
            named,
            "It is probably caused by a service that yours needs, and its team was called.",
            "When it is a problem of its own, split it off: your team is called then.",
        ),
        url=first if len(mine) == 1 else f"/incidents/{incident.pk}/",
        severity=loudness(Sev(incident.severity)).value,
        tag=f"incident-{incident.pk}-cause",
        count=len(mine),
    )


def let_go(*, alert_ids: Collection[int], now: datetime) -> None:
    """These do not wait for their cause any more: they leave its incident. Locks incidents.

    An incident without an open alert then is over, as when its last alert ends.
    """
    if not alert_ids:
        return
    by = By(actor=SYSTEM, at=now)
    with transaction.atomic():
        rows = IncidentAlert.objects.filter(
            alert_id__in=list(alert_ids), cause_alert_id__isnull=False
        )
        guests = list(rows.order_by("id"))
        if not guests:
            return
        homes = moving.lock_many({guest.incident_id for guest in guests})
        rows.delete()
        facts = counting.refresh(homes, by)
        for home in homes:
            mine = [guest for guest in guests if guest.incident_id == home.pk]
            facts += _left(home, mine, by)
        over = [home for home in homes if State(home.state) in LIVE and counting.is_over(home)]
        facts += [fact for row in over for fact in moving.resolve(row, by, by_itself=True)]
        moving.save(homes, facts, now=now)
        calling.stop(over, reason="all its alerts ended", by=by)
        calling.retell([row for row in homes if row not in over], now=now)


def _left(home: Incident, guests: Sequence[IncidentAlert], by: By) -> list[events.AlertsLeft]:
    return [
        events.AlertsLeft(
            **moving.about(home, by),
            alert_ids=tuple(guest.alert_id for guest in some),
            count=len(some),
            title=some[0].title,
        )
        for some in batched(guests, 100)
    ]


def link_causes(*, pairs: Sequence[tuple[int, int]], now: datetime) -> None:
    """Link the incidents of these (alert, alert that probably caused it), where they are two."""
    if not pairs:
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            effects, causes = zip(*pairs, strict=True)
            cursor.execute(_LINK, [now, list(effects), list(causes)])
            linked = cursor.fetchall()
        publish(
            *(
                events.CauseLinked(incident_id=number, cause_id=cause_id, at=now, actor=SYSTEM)
                for number, cause_id in sorted(linked)
            )
        )
