"""Nothing waits in silence: owners are reminded, then those who lead their team, every week.

When somebody is told next stands in the row, so that no restart and no late pass loses it. Where
nobody is there to be told, administrators are, and the journal says so.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Min

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.platform.events import publish
from evenfall.postmortems import events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.logic import action_life, deadlines
from evenfall.postmortems.logic.action_life import ActionState
from evenfall.postmortems.models import Action, Postmortem

BATCH: Final = 20
PURPOSE: Final = "learning"
CHANNELS: Final = ("inbox", "email")


@transaction.atomic
def remind_of_postmortems(*, now: datetime) -> int:
    """Tell the owners of one batch of post-mortems that they wait; return how many were due.

    Claimed with SKIP LOCKED; what is told and the next time are one transaction.
    """
    due = Postmortem.objects.select_for_update(skip_locked=True, of=("self",))
    rows = list(due.filter(remind_at__lte=now).order_by("remind_at", "id")[:BATCH])
    for row in rows:
        at = row.remind_at or now
        is_late = deadlines.is_escalation(row.due_at, at)
        to = _listeners(row.owner_id, row.team_id, is_late=is_late)
        tell(to, f"postmortem:{row.pk}", _postmortem_content(row, now), now)
        facts = loading.about(row, now=now, actor="system")
        publish(events.PostmortemReminded(**facts, user_ids=tuple(to), is_late=is_late))
        row.remind_at = deadlines.next_reminder(row.created_at, row.due_at, now)
        row.save(update_fields=["remind_at"])
    return len(rows)


@transaction.atomic
def remind_of_actions(*, now: datetime) -> int:
    """The same for actions; an accepted risk is brought back to whoever accepted it.

    One that its owner did not accept in time is told to those who lead the team too.
    """
    due = Action.objects.select_for_update(skip_locked=True, of=("self",))
    claimed = due.select_related("postmortem").filter(remind_at__lte=now)
    rows = list(claimed.order_by("remind_at", "id")[:BATCH])
    for row in rows:
        is_risk = row.state == ActionState.RISK_ACCEPTED.value
        at = row.remind_at or now
        waits = _waits_for_answer(row, at)
        is_late = waits or (not is_risk and action_life.is_escalation(row.due_at, at))
        first = row.approved_by_id if is_risk else row.owner_id
        to = _listeners(first, row.team_id, is_late=is_late)
        tell(to, f"action:{row.pk}", _action_content(row, now, is_risk=is_risk, waits=waits), now)
        facts = loading.about_action(row, now=now, actor="system")
        publish(events.ActionReminded(**facts, user_ids=tuple(to), is_late=is_late))
        row.remind_at = _next_time(row, now, is_risk=is_risk)
        row.save(update_fields=["remind_at"])
    return len(rows)


def next_reminder_due(model: type[Postmortem | Action]) -> datetime | None:
    """When the next one is due; None where none waits."""
    rows = model.objects.filter(remind_at__isnull=False)
    found: datetime | None = rows.aggregate(at=Min("remind_at"))["at"]
    return found


def _waits_for_answer(row: Action, at: datetime) -> bool:
    """Whether this reminder is the one about an action that nobody accepted."""
    is_proposed = row.state == ActionState.PROPOSED.value
    return is_proposed and at < row.due_at and at == action_life.answer_by(row.created_at)


def _next_time(row: Action, now: datetime, *, is_risk: bool) -> datetime:
    return now + action_life.WEEK if is_risk else action_life.next_reminder(row.due_at, now)


def _listeners(first: int | None, team_id: int | None, *, is_late: bool) -> list[int]:
    """Whoever answers for it; with those who lead the team when it is late or nobody answers."""
    found = _active([first] if first else [])
    if is_late or not found:
        found += _active(_leads(first, team_id))
    if not found:
        found = identity_queries.administrators()
    return list(dict.fromkeys(found))


def _leads(owner_id: int | None, team_id: int | None) -> list[int]:
    """Of the team it belongs to, else of the teams that its owner is in."""
    own = identity_queries.team_ids_of(owner_id) if owner_id is not None else []
    return [
        lead
        for number in ([team_id] if team_id is not None else own)
        for lead in identity_queries.team_leads(number)
    ]


def _active(ids: Iterable[int]) -> list[int]:
    people = identity_queries.people(list(ids))
    return sorted(number for number, person in people.items() if person.is_active)


def tell(to: Collection[int], subject: str, content: Content, now: datetime) -> None:
    """Tell people through what reaches them quietly; call it in a transaction."""
    news = [News(user_id=user_id, subject=subject, content=content) for user_id in to]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now, kinds=CHANNELS)


def _postmortem_content(row: Postmortem, now: datetime) -> Content:
    word = "is late" if now > row.due_at else "is waiting"
    return Content(
        title=f"The post-mortem of incident {row.incident_id} {word}",
        lines=(
            row.title,
            f"It is {row.state.replace('_', ' ')}, to be published by {_day(row.due_at)}.",
            "" if row.owner_id else "It has no owner. Name one.",
        )[: 2 + (row.owner_id is None)],
        url=f"/postmortems/{row.pk}/",
        tag=f"postmortem-{row.pk}",
    )


def _action_content(row: Action, now: datetime, *, is_risk: bool, waits: bool) -> Content:
    if is_risk:
        title, line = "An accepted risk wants another look", "Is it still worth taking?"
    elif waits:
        title, line = "Nobody accepted an action yet", "Accept it, or reject it with a reason."
    else:
        title = "An action is late" if now > row.due_at else "An action is due soon"
        line = f"{row.level}, due {_day(row.due_at)}, {row.state.replace('_', ' ')}."
    return Content(
        title=f"{title}: {row.title}"[:200],
        lines=(line, f"From the post-mortem of incident {row.postmortem.incident_id}."),
        url=f"/actions/{row.pk}/",
        tag=f"action-{row.pk}",
    )


def _day(at: datetime) -> str:
    return f"{at:%d %b %Y}"
