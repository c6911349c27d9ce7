"""The clock of promises: people are reminded, somebody else is called, what breaks is said.

Promises of one incident that come to the same step together are one reminder.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from msgspec import Struct
from msgspec.structs import replace

from evenfall.incidents import events
from evenfall.incidents.actions import briefing, moving, promising, quieting
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import cadence, promises
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.promises import MOST_NUDGES, Outcome, Step, Taken
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.models import LIVE_STATES, Incident, Promise, RoleAssignment
from evenfall.incidents.queries.approving import with_waiting_text
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.notifications.ports import Urgency as NoticeUrgency
from evenfall.paging import actions as paging_actions
from evenfall.paging.ports import PageRequest, Urgency
from evenfall.platform import durations
from evenfall.platform.events import SYSTEM, Event, publish

BATCH: Final = 100
PURPOSE: Final = "promise"
_CALLS_UP_TO: Final = 2
"""For severities as bad as this a missed update calls somebody; for others it is a message."""

type _Crew = Mapping[CrewRole, int]


class Watched(Struct, frozen=True):
    """How many promises came to a step, and when the next one does."""

    done: int
    next_due: datetime | None


class _Group(Struct, frozen=True):
    """Promises of one incident that came to one step."""

    incident: Incident
    taken: Taken
    rows: Sequence[Promise]

    @property
    def audiences(self) -> str:
        return " and ".join(Audience(row.audience).label for row in self.rows)


def watch_promises(*, now: datetime) -> Watched:
    """Take the steps that are due, each once; what was missed while nothing ran is one late step.

    Incidents that somebody works on at this moment wait for the next pass. Locks incidents, then
    promises.
    """
    with transaction.atomic():
        due = _armed().filter(step_at__lte=now).order_by("step_at", "id")
        ids = list(due.values_list("incident_id", flat=True)[:BATCH])
        locked = Incident.objects.filter(id__in=ids).order_by("id")
        incidents = {row.pk: row for row in locked.select_for_update(skip_locked=True, no_key=True)}
        rows = list(due.filter(incident_id__in=incidents).select_for_update())
        facts = [fact for one in _groups(rows, incidents, now) for fact in _take(one, now)]
        promising.save(rows)
        if facts:
            publish(*facts)
    following = _armed().order_by("step_at").values_list("step_at", flat=True).first()
    return Watched(len(rows), following)


def _armed() -> QuerySet[Promise]:
    return Promise.objects.filter(step_at__isnull=False, outcome=Outcome.OPEN.value)


def _groups(
    rows: Iterable[Promise], incidents: Mapping[int, Incident], now: datetime
) -> list[_Group]:
    found: dict[tuple[int, Step, bool], list[tuple[Promise, Taken]]] = defaultdict(list)
    for row in rows:
        taken = promises.step(promising.clock(row), now=now)
        if taken is not None:
            found[row.incident_id, taken.step, taken.nudges].append((row, taken))
    return [
        _Group(incidents[number], some[0][1], [row for row, _ in some])
        for (number, *_), some in found.items()
    ]


def _take(group: _Group, now: datetime) -> list[Event]:
    """Take the step and return what it makes known."""
    by = By(actor=SYSTEM, at=now)
    step = group.taken.step
    told: Sequence[int] = ()
    page_id = None
    nudges = group.taken.nudges and any(row.nudges < MOST_NUDGES for row in group.rows)
    if nudges:
        crew = _crew(group.incident)
        told = _whom(step, crew, group.incident)
        page_id = _call(group, told, by) if step is Step.HELP else None
        if page_id is None:
            _remind(group, told, now=now)
    for row in group.rows:
        _mark(row, step, nudged=nudges and bool(told), page_id=page_id)
    return _facts(group, told, page_id, by, nudged=nudges)


def _mark(row: Promise, step: Step, *, nudged: bool, page_id: int | None) -> None:
    row.taken = step.value
    row.nudges = min(row.nudges + nudged, MOST_NUDGES)
    row.page_id = page_id or row.page_id
    if step is Step.BREAK:
        row.broken_at = row.due_at + row.interval
    promising.rearm(row)


def _crew(incident: Incident) -> _Crew:
    rows = RoleAssignment.objects.filter(incident=incident, ended_at=None)
    return {CrewRole(role): number for role, number in rows.values_list("role", "user_id")}


def _whom(step: Step, crew: _Crew, incident: Incident) -> list[int]:
    """Whom a step is for; where nobody has the role, whoever commands, else whoever has it."""
    speaks, commands = crew.get(CrewRole.COMMUNICATIONS), crew.get(CrewRole.COMMANDER)
    holder = incident.mobilised_by_id or incident.acknowledged_by_id
    if step is Step.WARN:
        wanted = [speaks or commands or holder]
    elif step is Step.HELP:
        wanted = [crew.get(CrewRole.DEPUTY) or commands or holder]
    else:
        wanted = [speaks, commands] if speaks or commands else [holder]
    return list(dict.fromkeys(number for number in wanted if number is not None))


def _call(group: _Group, told: Sequence[int], by: By) -> int | None:
    """Page somebody, else whoever the policy leads to; None where a message is enough."""
    incident = group.incident
    is_bad = cadence.level_of(incident.severity) <= _CALLS_UP_TO
    if not is_bad or incident.state not in LIVE_STATES:
        return None
    said = briefing.contents([incident], now=by.at)[incident.pk]
    subject = quieting.subject(incident.pk)
    request = PageRequest(
        subject=subject,
        content=replace(said, title=_title(group), summary=f"{said.title}. {said.summary}"),
        service_id=incident.service_id,
        team_id=incident.team_id,
        policy_id=incident.policy_id,
        user_id=told[0] if told else None,
        urgency=Urgency(incident.urgency),
    )
    pages = paging_actions.start_pages(requests=[request], now=by.at, actor=by.actor)
    return pages[subject]


def _remind(group: _Group, told: Sequence[int], *, now: datetime) -> None:
    incident = group.incident
    content = Content(
        title=_title(group),
        lines=(incident.headline, _line(group)),
        url=f"/incidents/{incident.pk}/updates/",
        severity=loudness(Sev(incident.severity)).value,
        tag=f"incident-{incident.pk}-updates",
    )
    about, urgency = quieting.subject(incident.pk), _urgency(group)
    news = [News(user_id=n, subject=about, urgency=urgency, content=content) for n in told]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)


def _urgency(group: _Group) -> NoticeUrgency:
    is_bad = cadence.level_of(group.incident.severity) <= _CALLS_UP_TO
    return NoticeUrgency(group.incident.urgency) if is_bad else NoticeUrgency.LOW


_TITLES: Final = {
    Step.WARN: "Update for {who} is due soon",
    Step.DUE: "Update for {who} is due",
    Step.HELP: "Update for {who} is overdue",
    Step.BREAK: "Update for {who} was not told",
}


def _title(group: _Group) -> str:
    return f"#{group.incident.pk}: {_TITLES[group.taken.step].format(who=group.audiences)}"


def _line(group: _Group) -> str:
    due_at = min(row.due_at for row in group.rows)
    said = f"Promised until {due_at:%H:%M} UTC.{_waiting(group)}"
    if group.taken.late < timedelta(minutes=1):
        return said
    late = durations.spoken(group.taken.late)
    return f"{said} This reminder comes {late} late: nothing ran meanwhile."


def _waiting(group: _Group) -> str:
    """A promise is due all the same while its text waits for a second person."""
    is_public = any(row.audience == Audience.PUBLIC.value for row in group.rows)
    waits = is_public and with_waiting_text([group.incident.pk])
    return " A text for the public waits for approval." if waits else ""


def _facts(
    group: _Group, told: Sequence[int], page_id: int | None, by: By, *, nudged: bool
) -> list[Event]:
    about = moving.about(group.incident, by)
    late = group.taken.late.total_seconds()
    facts: list[Event] = []
    if group.taken.step is Step.BREAK:
        facts += [
            events.PromiseBroken(
                **about, audience=row.audience, due_at=row.due_at, seconds_late=late
            )
            for row in group.rows
        ]
    if nudged:
        facts.append(
            events.UpdateAskedFor(
                **about,
                audiences=tuple(row.audience for row in group.rows),
                step=group.taken.step.value,
                due_at=min(row.due_at for row in group.rows),
                people=tuple(events.CrewMember(user_id=number) for number in told),
                page_id=page_id,
                seconds_late=late,
            )
        )
    return facts
