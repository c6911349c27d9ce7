"""What incidents do when alerts or pages change. Batches come in the order of the journal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from evenfall.alerting import events as alerting_events
from evenfall.alerting.ports import Severity
from evenfall.incidents import actions
from evenfall.incidents import events as incidents_events
from evenfall.incidents.actions import (
    AlertBack,
    AlertChange,
    AlertEnd,
    Arrival,
    By,
    Ended,
    PageWord,
    Reopened,
    Symptom,
    Turn,
    Turned,
)
from evenfall.incidents.logic.cadence import level_of
from evenfall.incidents.logic.grouping import arrival_of, is_calling, urgency_now
from evenfall.incidents.logic.states import State
from evenfall.incidents.logic.titles import incident_title
from evenfall.paging import events as paging_events
from evenfall.platform.events import Event, Recorded

_SUBJECT = "incident:"
_CALLS_FOR = (_SUBJECT, "updates:", actions.INVITED)

ALERT_EVENTS: tuple[type[Event], ...] = (
    alerting_events.AlertOpened,
    alerting_events.AlertUpdated,
    alerting_events.AlertSuppressed,
    alerting_events.AlertAcknowledged,
    alerting_events.AlertResolved,
    alerting_events.AlertUnacknowledged,
    alerting_events.AlertReopened,
)
PAGE_EVENTS: tuple[type[Event], ...] = (
    paging_events.PageAcknowledged,
    paging_events.PageMobilised,
    paging_events.PageEscalated,
    paging_events.HelpRequested,
    paging_events.PageResolved,
    paging_events.AckExpired,
    paging_events.PageHandedOn,
)


CREW_EVENTS: tuple[type[Event], ...] = (
    incidents_events.IncidentResolved,
    incidents_events.IncidentDeclined,
    incidents_events.IncidentMerged,
    incidents_events.IncidentReopened,
)
TURN_EVENTS: tuple[type[Event], ...] = (
    *CREW_EVENTS,
    incidents_events.IncidentOpened,
    incidents_events.IncidentAcknowledged,
    incidents_events.IncidentMobilised,
    incidents_events.IncidentAlarmed,
    incidents_events.IncidentMoved,
    incidents_events.SeverityChanged,
    incidents_events.PrivacyChanged,
)
LIFE_EVENTS: tuple[type[Event], ...] = (
    *CREW_EVENTS,
    incidents_events.IncidentOpened,
    incidents_events.SeverityChanged,
)
HEARING_EVENTS: tuple[type[Event], ...] = (
    *LIFE_EVENTS,
    incidents_events.PrivacyChanged,
    incidents_events.UpdateTold,
)
_CALM = frozenset({State.MONITORING.value, State.PAUSED.value})


def follow_alerts(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Open, join, raise, acknowledge and resolve incidents as their alerts do.

    A batch may be taken kind by kind: first all that opened, last all that ended, and after them
    what somebody took back, where that is the last word about an alert. Silenced alerts and those
    that page nobody open nothing.
    """
    facts = [recorded.event for recorded in events]
    actions.let_go(alert_ids=_leaving(facts), now=now)
    actions.open_or_join(arrivals=list(_arrivals(facts)), now=now)
    actions.update_alerts(changes=list(_changes(facts)), now=now)
    actions.host_symptoms(symptoms=list(_symptoms(facts)), now=now)
    actions.link_causes(pairs=list(_causes(facts)), now=now)
    actions.acknowledge_alerts(by=_acknowledged(facts), now=now)
    actions.end_alerts(ends=list(_ends(facts)), now=now)
    actions.take_back(back=_taken_back(facts))


def follow_pages(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Move incidents as people answer their pages; pages about anything else are left alone."""
    words = [word for recorded in events if (word := _word(recorded.event)) is not None]
    actions.follow_answers(words=words, now=now)


def follow_calls(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Whoever is called for a private incident, or for an update of one, may see it."""
    called: dict[int, set[int]] = {}
    for recorded in events:
        fact = recorded.event
        if isinstance(fact, paging_events.PageStepTaken) and fact.subject.startswith(_CALLS_FOR):
            people = called.setdefault(int(fact.subject.split(":")[1]), set())
            people.update(paged.user_id for paged in fact.people)
    actions.name_called(called=called, now=now)


def follow_endings(events: Sequence[Recorded[Event]], *, now: datetime) -> None:  # noqa: ARG001 - a reactor gets it
    """End the roles of incidents that are over, and find a commander for those that came back."""
    facts = [recorded.event for recorded in events]
    actions.end_roles(ended=list(_endings(facts)))
    actions.restore_command(reopened=list(_reopenings(facts)))


def follow_turns(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Let what people were promised follow the life of their incidents."""
    facts = (recorded.event for recorded in events)
    turned = [turn for fact in facts if (turn := _turn(fact)) is not None]
    if turned:
        actions.follow_turns(turned=turned)
        gone = {one.incident_id for one in turned if one.turn is Turn.GONE}
        actions.withdraw_proposed(incident_ids=gone, now=now)


def invite_by_severity(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Call whom the table names for incidents that are new or worse; stop it when they are over."""
    actions.invite(incident_ids=_incidents(events), now=now)
    endings = [one for one in events if isinstance(one.event, CREW_EVENTS)]
    if endings:  # what only began rings on: no query on the way of a page
        actions.stop_invitations(incident_ids=_incidents(endings), now=now)


def tell_by_severity(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Tell whom the table names that incidents began or ended, and what their updates say."""
    facts = [recorded.event for recorded in events]
    opened = {
        fact.incident_id for fact in facts if isinstance(fact, incidents_events.IncidentOpened)
    }
    updates = [fact.update_id for fact in facts if isinstance(fact, incidents_events.UpdateTold)]
    lives = [one for one in events if not isinstance(one.event, incidents_events.UpdateTold)]
    actions.tell_listeners(
        incident_ids=_incidents(lives), opened_ids=opened, update_ids=updates, now=now
    )


def _incidents(events: Iterable[Recorded[Event]]) -> set[int]:
    facts = (recorded.event for recorded in events)
    return {fact.incident_id for fact in facts if isinstance(fact, incidents_events.IncidentEvent)}


def _turn(fact: Event) -> Turned | None:
    turn, into_id = _turn_of(fact), getattr(fact, "into_id", None)
    if turn is None or not isinstance(fact, incidents_events.IncidentEvent):
        return None
    by = By(actor=fact.actor, at=fact.at)
    return Turned(incident_id=fact.incident_id, turn=turn, by=by, into_id=into_id)


_TURNS = {
    incidents_events.IncidentResolved: Turn.OVER,
    incidents_events.IncidentDeclined: Turn.GONE,
    incidents_events.IncidentMerged: Turn.GONE,
    incidents_events.IncidentReopened: Turn.BACK,
    incidents_events.IncidentAlarmed: Turn.WORSE,
}


def _turn_of(fact: Event) -> Turn | None:
    match fact:
        case incidents_events.IncidentOpened(declared=False):
            return None  # alerts alone promise nothing
        case incidents_events.SeverityChanged():
            before, after = level_of(fact.before), level_of(fact.after)
            return Turn.WORSE if after < before else Turn.MILDER if after > before else None
        case incidents_events.IncidentMoved() if fact.before in _CALM:
            return Turn.WORSE
        case incidents_events.PrivacyChanged(is_private=True):
            return Turn.HIDDEN
        case _:
            return _TURNS.get(type(fact), Turn.BEGUN)


def _endings(facts: Iterable[Event]) -> Iterable[Ended]:
    for fact in facts:
        match fact:
            case incidents_events.IncidentMerged():
                yield Ended(incident_id=fact.incident_id, at=fact.at, into_id=fact.into_id)
            case incidents_events.IncidentResolved() | incidents_events.IncidentDeclined():
                yield Ended(incident_id=fact.incident_id, at=fact.at)


def _reopenings(facts: Iterable[Event]) -> Iterable[Reopened]:
    for fact in facts:
        match fact:
            case incidents_events.IncidentReopened():
                by = By(actor=fact.actor, at=fact.at, user_id=_user_id(fact.actor))
                yield Reopened(incident_id=fact.incident_id, by=by)


def _arrivals(facts: Iterable[Event]) -> Iterable[Arrival]:
    for fact in facts:
        match fact:
            case alerting_events.AlertOpened() | alerting_events.AlertUpdated() if is_calling(fact):
                yield arrival_of(fact)


_CAUSE = "cause:"


def _leaving(facts: Iterable[Event]) -> list[int]:
    """Alerts that waited for a cause and do not any more, or for another one."""
    return [
        fact.alert_id
        for fact in facts
        if isinstance(fact, alerting_events.AlertUpdated | alerting_events.AlertSuppressed)
        and str(fact.before.get("held_by", "")).startswith(_CAUSE)
        and fact.before["held_by"] != fact.held_by
    ]


def _symptoms(facts: Iterable[Event]) -> Iterable[Symptom]:
    """The alerts that wait for a cause now, as the last word about each has it."""
    last = {
        fact.alert_id: fact
        for fact in facts
        if isinstance(
            fact,
            alerting_events.AlertOpened
            | alerting_events.AlertUpdated
            | alerting_events.AlertSuppressed,
        )
    }
    for fact in last.values():
        if fact.held_by.startswith(_CAUSE) and fact.cause_id is not None:
            yield Symptom(
                alert_id=fact.alert_id,
                cause_alert_id=fact.cause_id,
                title=incident_title(fact.title, service=""),
                severity=Severity(fact.severity),
                service_id=fact.service_id,
                team_id=fact.team_id,
                log_lines=fact.log_lines,
            )


def _causes(facts: Iterable[Event]) -> Iterable[tuple[int, int]]:
    """Pairs of (alert, alert that it probably comes from) that both call people."""
    for fact in facts:
        match fact:
            case alerting_events.AlertOpened() | alerting_events.AlertUpdated() if is_calling(fact):
                yield from ((alert_id, fact.alert_id) for alert_id in fact.caused_ids)
                if fact.cause_id is not None:
                    yield fact.alert_id, fact.cause_id


def _changes(facts: Iterable[Event]) -> Iterable[AlertChange]:
    for fact in facts:
        match fact:
            case alerting_events.AlertUpdated() | alerting_events.AlertSuppressed():
                yield AlertChange(
                    alert_id=fact.alert_id,
                    title=incident_title(fact.title, service=""),
                    severity=Severity(fact.severity),
                    urgency=urgency_now(fact),
                    calls=is_calling(fact),
                    is_held=bool(fact.held_by),
                )


def _acknowledged(facts: Iterable[Event]) -> dict[int, By]:
    return {
        fact.alert_id: By(actor=fact.actor, at=fact.at, user_id=_user_id(fact.actor))
        for fact in facts
        if isinstance(fact, alerting_events.AlertAcknowledged)
    }


def _user_id(actor: str) -> int | None:
    noun, _, number = actor.partition(":")
    return int(number) if noun == "user" and number.isdecimal() else None


def _taken_back(facts: Iterable[Event]) -> list[AlertBack]:
    """What was taken back and neither acknowledged nor ended again in the same batch."""
    last = {
        fact.alert_id: fact
        for fact in facts
        if isinstance(
            fact,
            alerting_events.AlertAcknowledged
            | alerting_events.AlertResolved
            | alerting_events.AlertUnacknowledged
            | alerting_events.AlertReopened,
        )
    }
    return [
        AlertBack(
            alert_id=fact.alert_id,
            was_over=isinstance(fact, alerting_events.AlertReopened),
            done_at=fact.done_at,
            calls=fact.calls and not fact.is_acknowledged,
            by=By(actor=fact.actor, at=fact.at, user_id=_user_id(fact.actor)),
        )
        for fact in last.values()
        if isinstance(fact, alerting_events.AlertUnacknowledged | alerting_events.AlertReopened)
    ]


def _ends(facts: Iterable[Event]) -> Iterable[AlertEnd]:
    for fact in facts:
        match fact:
            case alerting_events.AlertResolved():
                yield AlertEnd(alert_id=fact.alert_id, title=fact.title, at=fact.at)


def _word(fact: Event) -> PageWord | None:
    if not isinstance(fact, paging_events.PageEvent) or not fact.subject.startswith(_SUBJECT):
        return None
    return PageWord(
        incident_id=int(fact.subject.removeprefix(_SUBJECT)),
        kind=fact.kind,
        by=By(actor=fact.actor, at=fact.at, user_id=getattr(fact, "user_id", None)),
        actionable=getattr(fact, "actionable", True),
    )
