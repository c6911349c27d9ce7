"""What pages and the API need before they act: who may, what to look for, and bars of clocks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.http import HttpRequest
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents.queries import IncidentView
from evenfall.platform.panels import Panel
from evenfall.triage import queries
from evenfall.triage.logic.bandwidth import PersonWeek, Plan, Work, plan, total_hours
from evenfall.triage.logic.capacity import Verdict, WeekLoad, judge
from evenfall.triage.logic.clocks import LEVELS, Clock, Kind, Status
from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.states import PLANNED, State, What, may
from evenfall.triage.queries import Filters, ItemView, Somebody

CLOCK_NAMES = {
    Kind.FIRST_RESPONSE: "First response",
    Kind.DECISION: "Decision",
    Kind.NEXT_CONTACT: "Next contact",
    Kind.RESOLUTION: "Resolution",
}
STATE_NAMES = {
    State.NEW: "New",
    State.NEEDS_INFO: "Needs info",
    State.ACCEPTED: "Ready",
    State.SCHEDULED: "Scheduled",
    State.ACTIVE: "In work",
    State.WAITING: "Waiting",
    State.VERIFYING: "To verify",
    State.DONE: "Done",
    State.DECLINED: "Declined",
    State.DUPLICATE: "Duplicate",
    State.RISK_ACCEPTED: "Risk accepted",
    State.PROMOTED: "Incident",
}
_LANES = (
    ("New", (State.NEW, State.NEEDS_INFO)),
    ("Ready", (State.ACCEPTED, State.SCHEDULED)),
    ("In work", (State.ACTIVE,)),
    ("Waiting", (State.WAITING,)),
    ("To verify", (State.VERIFYING,)),
    ("Done", (State.DONE,)),
)
_TONES = {
    Status.RUNNING: "info",
    Status.PAUSED: "",
    Status.KEPT: "good",
    Status.BROKEN: "critical",
    Status.CANCELLED: "",
}
_LATE_SOON = LEVELS[1]
_MOST_DONE = 20
_MOST_LOADS = 8


class ClockLine(Struct, frozen=True, kw_only=True):
    """A clock as a bar of 100 with its `tone`, and `word` as the badge shows it."""

    clock: Clock
    name: str
    tone: str
    word: str
    width: int

    @property
    def mark(self) -> str:
        """The badge of the same tone."""
        return {"good": "resolved", "": "snoozed"}.get(self.tone, self.tone)


class QueueLine(Struct, frozen=True, kw_only=True):
    """An item of the queue, its most urgent clock, and whether it fits this week, if known.

    `why` says why it is not for this week, whatever hours there are.
    """

    item: ItemView
    clock: ClockLine | None
    fits: bool | None
    why: str = ""


class BoardLane(Struct, frozen=True, kw_only=True):
    """Its items are in one of some states; `state` is the first of these."""

    state: State
    name: str
    lines: tuple[QueueLine, ...]
    limit: int | None = None


class Fit(Struct, frozen=True, kw_only=True):
    """What this week holds, and the first item that does not fit."""

    plan: Plan
    first_out: ItemView | None


def responder_of(request: HttpRequest, item_id: int) -> Viewer:
    """The viewer, when they may respond for the team of the item. Raises `ItemNotFound`."""
    viewer = viewer_of(request)
    viewer.check(Permission.RESPOND, team_id=queries.team_of(item_id))
    return viewer


def manager_of(request: HttpRequest, team_id: int | None) -> Viewer:
    """The viewer, when they may manage the team (None: the whole site)."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=team_id)
    return viewer


def filters_of(query: Mapping[str, str]) -> Filters:
    """Read the filters of a list from the address; what makes no sense filters nothing."""
    state, priority = query.get("state", ""), query.get("priority", "")
    return Filters(
        team_id=number(query.get("team")),
        service_id=number(query.get("service")),
        priority=Priority(priority) if priority in set(Priority) else None,
        state=State(state) if state in set(State) else None,
        text=query.get("q", "").replace("\0", "").strip(),
    )


def clock_lines(clocks: Iterable[Clock]) -> list[ClockLine]:
    return [_clock_line(clock) for clock in clocks]


def queue_lines(items: Sequence[ItemView], fit: Fit | None) -> list[QueueLine]:
    """The items in their order; with a plan each says whether it fits."""
    fits = set(fit.plan.fits) if fit else set[int]()
    why = {one.item_id: one.why for one in fit.plan.skipped} if fit else {}
    return [
        QueueLine(
            item=item,
            clock=_clock_line(item.next_clock) if item.next_clock else None,
            fits=item.id in fits if fit and item.state in PLANNED else None,
            why=why.get(item.id, ""),
        )
        for item in items
    ]


def fit_of(items: Sequence[ItemView], team_id: int | None, *, now: datetime) -> Fit | None:
    """What of the accepted work fits into this week; None without a team that has members."""
    monday = now.date() - timedelta(days=now.weekday())
    hours = None if team_id is None else queries.week_hours(team_id, monday=monday)
    if hours is None:
        return None
    planned = {item.id: item for item in items if item.state in PLANNED}
    works = [_work(item) for item in planned.values()]
    people = _people(team_id, monday) if any(work.skills for work in works) else ()
    found = plan(works, hours=hours, monday=monday, people=people)
    out = planned[found.first_out.item_id] if found.first_out else None
    return Fit(plan=found, first_out=out)


def _people(team_id: int | None, monday: date) -> Sequence[PersonWeek]:
    return () if team_id is None else queries.people_of_week(team_id, monday=monday)


class Week(Struct, frozen=True, kw_only=True):
    """The week of a team: who has which hours, what fits, and the first that does not."""

    monday: date
    people: Sequence[PersonWeek]
    computed: float
    chosen: float | None
    fit: Fit | None
    fitting: Sequence[ItemView]
    skipped: Sequence[tuple[ItemView, str]]
    capacity: Verdict
    loads: Sequence[WeekLoad]


def week_of(team_id: int, *, now: datetime) -> Week:
    """This week, from Monday (UTC) on."""
    monday = now.date() - timedelta(days=now.weekday())
    items = queries.queue(Filters(team_id=team_id), now=now)
    fit = fit_of(items, team_id, now=now)
    known = {item.id: item for item in items}
    loads = queries.loads(team_id)
    people = queries.people_of_week(team_id, monday=monday)
    return Week(
        monday=monday,
        people=people,
        computed=total_hours(people),
        chosen=queries.team_review(team_id).weekly_hours,
        fit=fit,
        fitting=[known[number] for number in fit.plan.fits] if fit else [],
        skipped=[(known[one.item_id], one.why) for one in fit.plan.skipped] if fit else [],
        capacity=judge(loads),
        loads=loads[-_MOST_LOADS:],
    )


def team_of(query: Mapping[str, str], viewer: Viewer) -> int | None:
    """The team that a page is about: the one asked for, else the first of the viewer's own."""
    asked = number(query.get("team"))
    if asked is not None:
        return asked
    teams = [team.id for team in identity_queries.teams()]
    mine = (number for number in teams if number in viewer.team_roles)
    return next(mine, teams[0] if teams else None)


def board(team_id: int, *, now: datetime) -> list[BoardLane]:
    """The lanes of a team; of what is done, the last twenty."""
    filters = Filters(team_id=team_id)
    items = queries.queue(filters, now=now)
    done = queries.ended(Filters(team_id=team_id, state=State.DONE), now=now, size=_MOST_DONE)
    lines = queue_lines([*items, *done.items], fit_of(items, team_id, now=now))
    limit = queries.work_in_progress(team_id, now=now).limit
    return [
        BoardLane(
            state=states[0],
            name=name,
            lines=tuple(line for line in lines if line.item.state in states),
            limit=limit if State.ACTIVE in states else None,
        )
        for name, states in _LANES
    ]


def possible(item: ItemView) -> set[str]:
    """The names of what people can do with the item now."""
    return {what.value for what in set(What) - {What.COMMENTED} if may(what, item.state)}


def mondays(now: datetime) -> list[date]:
    """The weeks that an item is likely put into: this one and the seven after it."""
    this = now.date() - timedelta(days=now.weekday())
    return [this + timedelta(weeks=week) for week in range(8)]


def incident_panel(view: IncidentView, viewer: Viewer) -> Panel | None:  # noqa: ARG001 - all read items
    """The items of the review that became this incident; people declared it then."""
    found = queries.promoted_to(view.id) if view.declared else []
    if not found:
        return None
    return Panel(template="triage/parts/incident.html", context={"items": found})


def people_to_choose() -> list[Somebody]:
    return [Somebody(id=one.id, name=one.name) for one in identity_queries.active_people()]


def _clock_line(clock: Clock) -> ClockLine:
    is_late_soon = clock.status is Status.RUNNING and clock.level >= _LATE_SOON
    word = "paused, and too late" if clock.status is Status.PAUSED and clock.is_broken else ""
    return ClockLine(
        clock=clock,
        name=CLOCK_NAMES[clock.kind],
        tone="warning" if is_late_soon else _TONES[clock.status],
        word=word or clock.status.value,
        width=min(clock.percent, 100),
    )


def _work(item: ItemView) -> Work:
    clock = item.next_clock
    at_risk = clock is not None and clock.level >= _LATE_SOON
    return Work(
        item_id=item.id,
        rank=item.score.rank,
        effort_hours=item.effort_hours,
        due_at=clock.due_at if clock is not None and at_risk else None,
        skills=frozenset(item.skills),
        week=item.scheduled_for,
    )


def number(text: str | None) -> int | None:
    """The number that a field of a form or an address says, or None."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - what a row's number has
