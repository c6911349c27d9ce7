"""Why (or why not) somebody was paged: the life of one alert, line by line."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from evenfall.alerting.logic.candidate import StageResult
from evenfall.alerting.models import Alert, Integration, Signal
from evenfall.alerting.queries.alerts import AlertView, alert
from evenfall.alerting.queries.repairs import repair_of
from evenfall.identity import queries as identity_queries
from evenfall.notifications.queries import AnswerView, AttemptView
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import StoryEntry
from evenfall.platform import journal
from evenfall.platform.journal import Entry

_BODY_SHOWN = 20_000
AROUND = timedelta(days=1)


class StoryMessage(Struct, frozen=True, kw_only=True):
    """One message to one person: over what, and what became of it. Times are UTC."""

    name: str
    channel: str
    state: str
    reason: str
    due_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    provider_id: str
    fallback_for_id: int | None = None
    attempts: tuple[AttemptView, ...] = ()
    answers: tuple[AnswerView, ...] = ()


class StoryLine(Struct, frozen=True, kw_only=True):
    """One line of the why-page. `tone` colours its dot; `path` is where to read more."""

    at: datetime
    title: str
    why: str = ""
    tone: str = ""
    path: str = ""
    details: tuple[str, ...] = ()
    messages: tuple[StoryMessage, ...] = ()
    stages: tuple[StageResult, ...] = ()


class RawSignal(Struct, frozen=True, kw_only=True):
    """The body as received; `text` is cut at 20,000 characters, None when it is deleted by now."""

    id: int
    received_at: datetime | None
    format: str
    text: str | None
    is_cut: bool = False


class AlertStory(Struct, frozen=True, kw_only=True):
    """Everything about one alert; `verdict` answers "who was paged, or why nobody" in a sentence.

    `incident_id` is the incident it is part of, if any; `page_ids` those that called people.
    """

    alert: AlertView
    lines: tuple[StoryLine, ...]
    raw: RawSignal | None
    incident_id: int | None
    page_ids: tuple[int, ...]
    verdict: str


def alert_story(alert_id: int) -> AlertStory:
    """Return the life of an alert; raises AlertNotFound."""
    view = alert(alert_id)
    raw = raw_signal(alert_id)
    entries = journal.entries(subject=f"alert:{alert_id}")
    incident_id = _incident_of(entries)
    pages = paging_queries.pages_for([f"incident:{incident_id}"]) if incident_id else []
    incident = journal.entries(subject=f"incident:{incident_id}") if incident_id else []
    lines = [_received(view, raw), *_told(view, entries, incident)]
    for page in pages:
        lines += [_paged(entry) for entry in paging_queries.page_story(page.id)]
    return AlertStory(
        alert=view,
        # the first line is the beginning, whatever other clocks say
        lines=(lines[0], *sorted(lines[1:], key=lambda line: line.at)),
        raw=raw,
        incident_id=incident_id,
        page_ids=tuple(page.id for page in pages),
        verdict=_verdict(view, incident_id, [name for page in pages for name in page.people]),
    )


def raw_signal(alert_id: int) -> RawSignal | None:
    """Return the message that opened the alert, as long as it is kept."""
    row = Alert.objects.filter(id=alert_id).values_list("signal_id", "opened_at").first()
    if row is None or row[0] is None:
        return None
    # the time leads PostgreSQL to the one partition that can have it
    near = (row[1] - AROUND, row[1] + AROUND)
    found = Signal.objects.filter(id=row[0], received_at__range=near).first()
    if found is None:
        return RawSignal(id=row[0], received_at=None, format="", text=None)
    return shown_signal(found)


def shown_signal(found: Signal) -> RawSignal:
    """A stored signal as people may see it."""
    text = bytes(found.body).decode(errors="replace")
    return RawSignal(
        id=found.id,
        received_at=found.received_at,
        format=found.format,
        text=text[:_BODY_SHOWN],
        is_cut=len(text) > _BODY_SHOWN,
    )


def _received(view: AlertView, raw: RawSignal | None) -> StoryLine:
    row = view.row
    hint = Integration.objects.filter(id=row.integration_id).values_list("key_hint", flat=True)
    key = f"with the key {hint[0]}" if hint else "with a key that is gone"
    form = f" as {raw.format}" if raw and raw.format else ""
    return StoryLine(
        at=(raw.received_at if raw else None) or row.opened_at,
        title=f"Received from {row.integration} {key}{form}",
        why=view.unparsed or f"Understood: {row.severity}, key {row.dedup_key}.",
        path=f"/integrations/{row.integration_id}/",
    )


def _told(view: AlertView, entries: Iterable[Entry], incident: Iterable[Entry]) -> list[StoryLine]:
    facts = {entry.id: entry for entry in (*incident, *entries)}
    actors = _actor_names({entry.actor for entry in facts.values()})
    lines: list[StoryLine] = []
    for entry in facts.values():
        teller = _TELLERS.get(entry.kind)
        mine = entry.data.get("alert_id", view.id) == view.id
        if teller and mine:
            lines.append(teller(entry, actors.get(entry.actor, entry.actor)))
    # what follows from the decision bears the same time, and sorting keeps this order
    return [_decided(view), *lines]


def _decided(view: AlertView) -> StoryLine:
    return StoryLine(
        at=view.decided_at,
        title=f"Decided: {_OUTCOMES.get(view.row.outcome, view.row.outcome)}",
        why=view.decision[-1].reason if view.decision else "",
        tone="critical" if view.row.outcome == "page" else "quiet",
        stages=view.decision,
    )


_OUTCOMES = {
    "page": "page somebody",
    "low": "tell somebody without waking anybody",
    "ticket": "a ticket for the review",
    "automate": "an automatic repair; people if it does not help",
    "record": "only keep it",
}


def _incident_of(entries: Iterable[Entry]) -> int | None:
    """The newest incident that names this alert: it may have moved by a merge."""
    subjects = [subject for entry in entries for subject in entry.subjects]
    ids = [int(s.removeprefix("incident:")) for s in subjects if s.startswith("incident:")]
    return ids[-1] if ids else None


def _paged(entry: StoryEntry) -> StoryLine:
    return StoryLine(
        at=entry.at,
        title=entry.words,
        details=entry.details,
        messages=tuple(
            StoryMessage(
                name=notice.name,
                channel=notice.channel,
                state=notice.state,
                reason=notice.reason,
                due_at=notice.due_at,
                sent_at=notice.handed_over_at,
                done_at=notice.finished_at,
                provider_id=notice.provider_id,
                fallback_for_id=notice.fallback_for_id,
                attempts=notice.attempts,
                answers=notice.answers,
            )
            for notice in entry.notices
        ),
        tone="accent" if entry.notices else "",
    )


def _verdict(view: AlertView, incident_id: int | None, people: list[str]) -> str:
    row = view.row
    reason = view.decision[-1].reason if view.decision else ""
    waits = row.held_by.startswith("cause:")
    if people and not waits:
        return f"{', '.join(dict.fromkeys(people))} got a message about it."
    if row.held_by:
        held = (stage.reason for stage in view.decision if stage.result == "held")
        first = "Its own people were not called." if waits else "Nobody was told."
        return f"{first} {next(held, reason)}"
    if row.outcome == "automate":
        return _repair_verdict(view)
    if row.outcome in ("page", "low") and incident_id is None:
        return "An incident is about to be opened for it."
    if row.outcome in ("page", "low"):
        return "It is part of an incident. Nobody got a message yet."
    return f"Nobody was told. {reason}"


def _repair_verdict(view: AlertView) -> str:
    repair = repair_of(view.id)
    if repair is None:
        return "Nobody was told. A repair is about to begin."
    if repair.ended_at is not None:
        return f"Nobody had to be told. {repair.why}"
    until = f"{repair.due_at:%H:%M:%S} UTC" if repair.due_at else "soon"
    why = repair.why or "A repair is about to begin."
    return (
        f"Nobody was told yet. {why} If it does not help, people are called: {until} at the latest."
    )


def _actor_names(actors: Iterable[str]) -> dict[str, str]:
    kinds: dict[str, set[int]] = {}
    for actor in actors:
        kind, _, number = actor.partition(":")
        if number.isdecimal():
            kinds.setdefault(kind, set()).add(int(number))
    people = identity_queries.people(kinds.get("user", set()))
    tools = Integration.objects.filter(id__in=kinds.get("integration", set()))
    return {
        "system": "Evenfall",
        **{f"user:{number}": person.name for number, person in people.items()},
        **{f"integration:{number}": name for number, name in tools.values_list("id", "name")},
    }


def _changed(entry: Entry, _actor: str) -> StoryLine:
    before = entry.data.get("before", {}).get("outcome", "")
    now = entry.data["outcome"]
    words = f"Decided again: {_OUTCOMES.get(now, now)}" + (f" (was {before})" if before else "")
    return StoryLine(at=entry.at, title=words, why=entry.data["why"], tone="warning")


def _suppressed(entry: Entry, _actor: str) -> StoryLine:
    return StoryLine(
        at=entry.at, title="Held back", why=f"{entry.data['why']} {entry.data['reason']}"
    )


def _acknowledged(entry: Entry, actor: str) -> StoryLine:
    return StoryLine(at=entry.at, title=f"{actor} acknowledged the alert", tone="accent")


def _ends_soon(entry: Entry, _actor: str) -> StoryLine:
    return StoryLine(at=entry.at, title="It ends soon by itself", why=entry.data["why"])


def _kept_open(entry: Entry, actor: str) -> StoryLine:
    return StoryLine(at=entry.at, title=f"{actor} keeps it open", tone="accent")


def _unacknowledged(entry: Entry, actor: str) -> StoryLine:
    title = f"{actor} took back that somebody knows of it"
    return StoryLine(at=entry.at, title=title, tone="warning")


def _reopened(entry: Entry, actor: str) -> StoryLine:
    return StoryLine(at=entry.at, title=f"{actor} took back that it is over", tone="warning")


def _resolved(entry: Entry, actor: str) -> StoryLine:
    title = f"{actor} ended it" if entry.actor != "system" else "It ended"
    return StoryLine(at=entry.at, title=title, why=entry.data["reason"], tone="good")


def _incident(words: str, tone: str = "") -> Any:  # noqa: ANN401 - a teller, as in _TELLERS
    def tell(entry: Entry, actor: str) -> StoryLine:
        number = entry.data.get("incident_id")
        return StoryLine(
            at=entry.at,
            title=words.format(number=number, actor=actor),
            why=str(entry.data.get("why", "")),
            path=f"/incidents/{number}/",
            tone=tone,
        )

    return tell


def _repair(words: str, tone: str = "") -> Any:  # noqa: ANN401 - a teller, as in _TELLERS
    def tell(entry: Entry, _actor: str) -> StoryLine:
        run_id = entry.data.get("run_id")
        runbook = entry.data.get("runbook") or "a runbook"
        why = str(entry.data.get("why", ""))
        return StoryLine(
            at=entry.at,
            title=words.format(runbook=runbook),
            why=f"{why[:1].upper()}{why[1:]}".rstrip(".") + ".",
            path=f"/runs/{run_id}/" if run_id else "",
            tone=tone,
            details=("What it did is taken back.",) if entry.data.get("undoes") else (),
        )

    return tell


_TELLERS = {
    "alerting.repair_started": _repair("Repair: {runbook} was started", "accent"),
    "alerting.repair_ran": _repair("Repair: {runbook} ran", "accent"),
    "alerting.repair_healed": _repair("Repair: {runbook} mended it, nobody was called", "good"),
    "alerting.repair_not_needed": _repair("No repair was needed", "good"),
    "alerting.repair_gave_up": _repair("The repair gave up: it was decided again", "warning"),
    "alerting.alert_updated": _changed,
    "alerting.alert_suppressed": _suppressed,
    "alerting.alert_acknowledged": _acknowledged,
    "alerting.alert_ends_soon": _ends_soon,
    "alerting.alert_kept_open": _kept_open,
    "alerting.alert_unacknowledged": _unacknowledged,
    "alerting.alert_resolved": _resolved,
    "alerting.alert_reopened": _reopened,
    # incidents stand above alerting: only the names of their facts are known here
    "incidents.incident_opened": _incident("Incident {number} was opened"),
    "incidents.alerts_joined": _incident("It joined incident {number}"),
    "incidents.alerts_left": _incident("It left incident {number}: it is a problem of its own"),
    "incidents.incident_resolved": _incident("Incident {number} was resolved", "good"),
    "incidents.incident_reopened": _incident("Incident {number} was reopened", "warning"),
    "incidents.incident_merged": _incident("Incident {number} was merged into another"),
}
