"""Tell people in time that a promise is at risk, once for each level, and end long pauses."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.oncall import queries as oncall_queries
from evenfall.platform.events import SYSTEM, publish
from evenfall.triage import events, queries
from evenfall.triage.actions.moving import resume_locked
from evenfall.triage.actions.recording import By, plan_next, told_of
from evenfall.triage.actions.risks import look_at_risks
from evenfall.triage.logic.clocks import LEVELS, TOO_LONG, Clock, Kind
from evenfall.triage.logic.states import PAUSED, State
from evenfall.triage.models import Item, Warned

BATCH = 50
PURPOSE = "review"
_BREACH = LEVELS[-1]
_MOMENT = timedelta(seconds=1)
_WORDS = {
    Kind.FIRST_RESPONSE: "the first response",
    Kind.DECISION: "the decision",
    Kind.NEXT_CONTACT: "the next contact",
    Kind.RESOLUTION: "the resolution",
}


class Reminded(Struct, frozen=True, kw_only=True):
    """How many items were looked at, and when the next one is due."""

    done: int
    next_due: datetime | None


class _Warning(Struct, frozen=True):
    item: Item
    clock: Clock


@transaction.atomic
def remind(*, now: datetime) -> Reminded:
    """Look at one batch of items that are due, oldest first.

    Claimed with SKIP LOCKED; what is told and that it was told are one transaction. After a long
    outage only the highest level is told.
    """
    due = Item.objects.select_for_update(skip_locked=True).filter(next_due_at__lte=now)
    rows = list(due.order_by("next_due_at", "id")[:BATCH])
    if rows:
        _end_pauses(rows, now)
        look_at_risks(rows, now=now)
        _warn(list(_reached(rows, now)), now)
        plan_next(rows, now=now)
        Item.objects.bulk_update(rows, ["next_due_at"])
    following = Item.objects.filter(next_due_at__isnull=False).order_by("next_due_at")
    return Reminded(
        done=len(rows), next_due=following.values_list("next_due_at", flat=True).first()
    )


def _end_pauses(rows: Sequence[Item], now: datetime) -> None:
    """An item whose clocks run again does not wait any longer."""
    waiting = [row for row in rows if State(row.state) in PAUSED]
    clocks = queries.clocks_of(waiting, now=now)
    for row in waiting:
        paused = [one for one in clocks[row.pk] if one.resumes_at is not None]
        if not paused and any(one.reason == TOO_LONG for one in clocks[row.pk]):
            resume_locked(row, By(SYSTEM, now), text=TOO_LONG.capitalize() + ".")


def _reached(rows: Sequence[Item], now: datetime) -> Iterator[_Warning]:
    """The highest level of each running clock that nobody was told of."""
    clocks, told = queries.clocks_of(rows, now=now), told_of(rows)
    for row in rows:
        for clock in clocks[row.pk]:
            key = (clock.kind.value, clock.started_at, clock.level)
            if clock.level and not clock.is_over and key not in told[row.pk]:
                yield _Warning(row, clock)


def _warn(warnings: Sequence[_Warning], now: datetime) -> None:
    Warned.objects.bulk_create(
        [
            Warned(
                item=one.item,
                clock=one.clock.kind.value,
                started_at=one.clock.started_at,
                level=one.clock.level,
                at=now,
            )
            for one in warnings
        ]
    )
    publish(*(_fact(one, now) for one in warnings))
    news = list(_news(warnings, now))
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)


def _news(warnings: Sequence[_Warning], now: datetime) -> Iterator[News]:
    people = identity_queries.team_people({one.item.team_id for one in warnings})
    away = _away(warnings, now)
    for one in warnings:
        for user_id in _readers(one, people.get(one.item.team_id), away):
            yield News(user_id=user_id, subject=f"item:{one.item.pk}", content=_content(one))


def _away(warnings: Sequence[_Warning], now: datetime) -> set[int]:
    """Which of the contacts are absent at the moment."""
    contacts = {
        number
        for one in warnings
        for number in (one.item.technical_contact_id, one.item.technical_stand_in_id)
        if number is not None
    }
    absent = oncall_queries.absent_at(contacts, starts_at=now, ends_at=now + _MOMENT)
    return {number for number, absences in absent.items() if absences}


def _readers(warning: _Warning, team: TeamPeople | None, away: set[int]) -> list[int]:
    """Whoever has it; with a breach, or nobody, also those who lead the team, or all of it.

    For a technical contact who is absent the stand-in is told, unless absent too.
    """
    item, found = warning.item, list[int | None]()
    contact, stand_in = item.technical_contact_id, item.technical_stand_in_id
    if contact in away and stand_in not in away:
        contact = stand_in or contact
    found += [item.assignee_id, contact]
    if team and (warning.clock.level == _BREACH or not any(found)):
        found += team.leading_ids
    return list(dict.fromkeys(user_id for user_id in found if user_id is not None))


def _content(warning: _Warning) -> Content:
    item, clock = warning.item, warning.clock
    what = _WORDS[clock.kind]
    if clock.level == _BREACH:
        title = f"Promise broken: {what} of “{item.title}”"
    else:
        title = f"{clock.level} % of the time for {what} of “{item.title}” is used"
    return Content(
        title=title, lines=(f"Priority {item.priority}",), url=f"/triage/{item.pk}/", tag="review"
    )


def _fact(warning: _Warning, now: datetime) -> events.PromiseAtRisk:
    return events.PromiseAtRisk(
        item_id=warning.item.pk,
        team_id=warning.item.team_id,
        title=warning.item.title,
        clock=warning.clock.kind.value,
        percent=warning.clock.level,
        at=now,
    )
