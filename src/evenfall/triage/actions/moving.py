"""What happens to an item from the decision to its end. Each locks the item and says who did it."""

from datetime import date, datetime, timedelta

from django.db import transaction

from evenfall.platform.events import SYSTEM, publish
from evenfall.triage import errors, events, queries
from evenfall.triage.actions.recording import By, check, lock, record
from evenfall.triage.actions.telling import tell, tell_of_original
from evenfall.triage.logic.states import Reason, State, What, state_before
from evenfall.triage.models import Item, TeamReview

FURTHEST = timedelta(weeks=52)
EACH = 1
"""How many items one person has in work."""
MOST_ON_DUTY = 2.0
"""Hours of the longest item that whoever is on call takes: a page must not wait for it."""


def accept(*, item_id: int, text: str = "", now: datetime, actor: str) -> None:
    """It will be done. Raises `ItemNotFound`, `NotPossible`."""
    _move(item_id, What.ACCEPTED, By(actor, now), text=text)


@transaction.atomic
def schedule(*, item_id: int, monday: date, text: str = "", now: datetime, actor: str) -> None:
    """It is for the week that begins on `monday` (any of its days). Raises also `WeekIsOver`."""
    week, this = monday_of(monday), monday_of(now.date())
    if not this <= week <= this + FURTHEST:
        raise errors.WeekIsOver(field="monday")
    item = lock(item_id)
    check(item, What.SCHEDULED)
    item.scheduled_for = week
    save_move(item, What.SCHEDULED, By(actor, now), text=f"{week:%d %b %Y}. {text}".strip())


def answer(*, item_id: int, text: str, now: datetime, actor: str) -> None:
    """The reporter was told something: the first response, or the next contact."""
    _move(item_id, What.ANSWERED, By(actor, now), text=needed(text, "Say what was told."))


def ask_reporter(*, item_id: int, text: str, now: datetime, actor: str) -> None:
    """The reporter was asked something, and the clocks wait for the answer."""
    by = By(actor, now)
    text = needed(text, "Say what was asked.")
    _move(item_id, What.ASKED, by, reason=Reason.REPORTER.value, text=text)


def pause(*, item_id: int, reason: Reason, text: str = "", now: datetime, actor: str) -> None:
    """Wait for somebody else; the clock of the first response runs on."""
    _move(item_id, What.PAUSED, By(actor, now), reason=reason.value, text=text)


@transaction.atomic
def resume(*, item_id: int, text: str = "", now: datetime, actor: str) -> None:
    """Go on; the item is where it was before the pause, or accepted if it was in work."""
    item = lock(item_id)
    check(item, What.RESUMED)
    resume_locked(item, By(actor, now), text=text)


def resume_locked(item: Item, by: By, *, text: str = "") -> None:
    """As `resume`, for an item that is locked and waits."""
    before = state_before(queries.events_of([item.pk])[item.pk])
    # somebody may have pulled another item since: nobody has two in work by surprise
    state = State.ACCEPTED if before is State.ACTIVE else before
    save_move(item, What.RESUMED, by, text=text, state=state)


def fix(*, item_id: int, text: str = "", now: datetime, actor: str) -> None:
    """It is mended; the clocks wait until the reporter, or whoever looks, says that it is."""
    _move(item_id, What.FIXED, By(actor, now), reason=Reason.REPORTER.value, text=text)


def find_unfixed(*, item_id: int, text: str, now: datetime, actor: str) -> None:
    """It was not mended, as `text` says: the clocks go on. Raises also `ItemIncomplete`."""
    _move(item_id, What.NOT_FIXED, By(actor, now), text=needed(text, "Say what is still wrong."))


def finish(*, item_id: int, text: str = "", now: datetime, actor: str) -> None:
    """It is done; where a promise was broken, `text` says why. Raises also `ItemIncomplete`."""
    _move(item_id, What.DONE, By(actor, now), text=text)


def put_back(*, item_id: int, text: str = "", now: datetime, actor: str) -> None:
    """It goes on later: nobody has it in work."""
    _move(item_id, What.PUT_BACK, By(actor, now), text=text)


@transaction.atomic
def make_way(*, now: datetime) -> int:
    """Put back what people have in work who answer a SEV1 or SEV2; return how many items.

    The clocks of the reporters run on. Whoever has such an item as technical contact is told, and
    the stand-in.
    """
    busy = queries.responders(now=now)
    rows = Item.objects.select_for_update().filter(assignee_id__in=busy, state=State.ACTIVE.value)
    found = list(rows.order_by("id"))
    for item in found:
        incident = busy[item.assignee_id or 0]
        text = f"Put back: incident {incident.id} comes first. The promises run on."
        contacts = {item.technical_contact_id, item.technical_stand_in_id} - {item.assignee_id}
        item.assignee_id = None
        save_move(item, What.PUT_BACK, By(SYSTEM, now), text=text)
        tell(item, f"“{item.title}” waits", text, readers=contacts - {None}, now=now)
    return len(found)


@transaction.atomic
def pull(*, item_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Take an accepted item into work.

    Locks the item and the team's lane. Raises `IncidentComesFirst` while the person works on a
    SEV1 or SEV2, `TooLongOnDuty` for one who is on call and an item of more than two hours, and
    `LaneFull`; the lane has one place less for each member who works on an incident.
    """
    item = lock(item_id)
    check(item, What.PULLED)
    _check_incidents(user_id, now=now)
    _check_duty(item, user_id, now=now)
    _check_team(item.team_id, now=now)
    _check_person(user_id)
    item.assignee_id = user_id
    save_move(item, What.PULLED, By(actor, now))


def _check_incidents(user_id: int, *, now: datetime) -> None:
    incident = queries.responders(now=now).get(user_id)
    if incident is not None:
        raise errors.IncidentComesFirst(incident_id=incident.id, title=incident.title)


def _check_duty(item: Item, user_id: int, *, now: datetime) -> None:
    """What nobody estimated may be long."""
    hours = item.effort_hours
    if hours is not None and hours <= MOST_ON_DUTY:
        return
    if queries.is_on_duty(user_id, now=now):
        effort = "no estimate" if hours is None else f"{hours:g} h"
        raise errors.TooLongOnDuty(most=f"{MOST_ON_DUTY:g}", effort=effort)


def _check_person(user_id: int) -> None:
    count = Item.objects.filter(assignee_id=user_id, state=State.ACTIVE.value).count()
    if count >= EACH:
        raise errors.LaneFull(whom="you", count=count, limit=EACH)


def _check_team(team_id: int, *, now: datetime) -> None:
    """Whoever comes second waits here for whoever came first."""
    TeamReview.objects.get_or_create(team_id=team_id)
    TeamReview.objects.select_for_update().get(team_id=team_id)
    lane = queries.work_in_progress(team_id, now=now)
    if lane.count >= lane.limit:
        raise errors.LaneFull(whom="the team", count=lane.count, limit=lane.limit)


@transaction.atomic
def _move(item_id: int, what: What, by: By, *, reason: str = "", text: str = "") -> None:
    item = lock(item_id)
    check(item, what)
    if what is What.DONE:
        _check_promises(item, text, now=by.at)
    if what in {What.PUT_BACK, What.NOT_FIXED}:
        item.assignee_id = None
    save_move(item, what, by, reason=reason, text=text.strip())
    if what is What.DONE:
        tell_of_original(item, f"It is done. {text}".strip(), by)


def _check_promises(item: Item, text: str, *, now: datetime) -> None:
    """A broken promise that nobody explains is broken again."""
    clocks = queries.clocks_of([item], now=now)[item.pk]
    if not text.strip() and any(one.is_broken for one in clocks):
        raise errors.ItemIncomplete(
            reason="A promise was broken: say why, so that it can be learned from.", field="text"
        )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def save_move(
    item: Item,
    what: What,
    by: By,
    *,
    reason: str = "",
    text: str = "",
    state: State | None = None,
) -> None:
    """Record what happened to a locked item and announce it."""
    record(item, what, by, reason=reason, text=text, state=state)
    publish(
        events.ItemMoved(
            item_id=item.pk,
            team_id=item.team_id,
            title=item.title,
            what=what.value,
            state=item.state,
            reason=reason or text,
            original_id=item.duplicate_of_id,
            at=by.at,
            actor=by.actor,
        )
    )


def needed(text: str, otherwise: str) -> str:
    if not text.strip():
        raise errors.ItemIncomplete(reason=otherwise, field="text")
    return text.strip()
