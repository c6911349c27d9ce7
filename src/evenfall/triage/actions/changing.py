"""What is known of an item, its priority, and its place in the queue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.events import SYSTEM, publish
from evenfall.triage import errors, events
from evenfall.triage.actions.recording import By, check, lock, record
from evenfall.triage.actions.skills import sound_skills
from evenfall.triage.logic.priority import Level, priority_of
from evenfall.triage.logic.score import PINS
from evenfall.triage.logic.states import What
from evenfall.triage.models import Item

MOST_SCORE = 10_000.0


class Details(Struct, frozen=True, kw_only=True):
    """What people find out about an item. `confidence` and `multiplier` in percent."""

    description: str = ""
    release: str = ""
    workaround: str = ""
    business_contact: str = ""
    business_stand_in: str = ""
    technical_contact_id: int | None = None
    technical_stand_in_id: int | None = None
    users_affected: int = 0
    confidence: int = 100
    multiplier: int = 100
    effort_hours: float | None = None
    skills: tuple[str, ...] = ()
    recurs: bool = False
    pin: str = ""


@transaction.atomic
def change_item(*, item_id: int, details: Details, now: datetime, actor: str) -> None:
    """Save what is known now. Raises `ItemNotFound`, `NotPossible`, `ItemIncomplete`."""
    item = lock(item_id)
    check(item, What.CHANGED)
    _check_details(details)
    before = _known(item)
    for name in Details.__struct_fields__:
        setattr(item, name, getattr(details, name))
    item.skills = list(sound_skills(details.skills))
    if _known(item) == before:
        return
    by = By(actor, now)
    record(item, What.CHANGED, by)
    _publish(item, before, _known(item), by)


@transaction.atomic
def prioritise(
    *, item_id: int, impact: Level, urgency: Level, text: str = "", now: datetime, actor: str
) -> None:
    """Another impact or urgency; the clocks keep what has passed. Raises as `change_item`."""
    item = lock(item_id)
    check(item, What.PRIORITISED)
    if (item.impact, item.urgency) == (impact.value, urgency.value):
        return
    before = _place(item)
    item.impact, item.urgency = impact.value, urgency.value
    item.priority = priority_of(impact, urgency).value
    by = By(actor, now)
    record(item, What.PRIORITISED, by, text=text.strip())
    _publish(item, before, _place(item), by)


@transaction.atomic
def override_score(
    *,
    item_id: int,
    score: float | None,
    reason: str = "",
    until: datetime | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Set a score with its reason until a day; None lets the parts decide again.

    Raises `ItemNotFound`, `NotPossible`, `ItemIncomplete`.
    """
    item = lock(item_id)
    check(item, What.OVERRIDDEN)
    if score is not None:
        _check_override(score, reason, until, now)
    before = _place(item)
    item.override_score = score
    item.override_reason = "" if score is None else reason.strip()
    item.override_until = None if score is None else until
    by = By(actor, now)
    text = "The parts decide again." if score is None else f"{score:g}: {reason.strip()}"
    record(item, What.OVERRIDDEN, by, text=text)
    _publish(item, before, _place(item), by)


@transaction.atomic
def follow_pattern(*, pattern_id: int, item_id: int | None, is_live: bool, now: datetime) -> None:
    """The item of a pattern counts more while this is live; without `item_id` it has none now.

    Locks the items. What is so already stays as it is.
    """
    mine = Item.objects.select_for_update().filter(Q(pattern_id=pattern_id) | Q(id=item_id or 0))
    for item in mine.order_by("id"):
        is_its = item.pk == item_id
        before, recurs = item.recurs, is_its and is_live
        item.pattern_id, item.recurs = pattern_id if is_its else None, recurs
        if before == recurs:
            item.save(update_fields=["pattern_id"])
            continue
        text = "Its pattern is live." if recurs else "Its pattern is over, or no pattern."
        by = By(SYSTEM, now)
        record(item, What.CHANGED, by, text=text)
        _publish(item, {"recurs": before}, {"recurs": recurs}, by)


def _check_override(score: float, reason: str, until: datetime | None, now: datetime) -> None:
    if not 0 <= score <= MOST_SCORE:
        raise errors.ItemIncomplete(reason="A score is from 0 to 10,000.", field="score")
    if not reason.strip():
        raise errors.ItemIncomplete(reason="Say why it gets another score.", field="reason")
    if until is None or until <= now:
        raise errors.ItemIncomplete(
            reason="Say until when it counts; a day that is still to come.", field="until"
        )


def _check_details(details: Details) -> None:
    if details.pin and details.pin not in PINS:
        known = ", ".join(PINS)
        raise errors.ItemIncomplete(reason=f"A pin is one of {known}, or none.", field="pin")
    if not 50 <= details.confidence <= 100:  # noqa: PLR2004 - the message says what they are
        raise errors.ItemIncomplete(reason="Between 50 and 100 percent.", field="confidence")
    if not 100 <= details.multiplier <= 200:  # noqa: PLR2004 - the message says what they are
        raise errors.ItemIncomplete(reason="Between 100 and 200 percent.", field="multiplier")
    if details.effort_hours is not None and details.effort_hours <= 0:
        raise errors.ItemIncomplete(reason="More than no hours, or none.", field="effort_hours")
    for user_id in (details.technical_contact_id, details.technical_stand_in_id):
        if user_id is not None:
            identity_queries.person(user_id)


def _known(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Details.__struct_fields__}


def _place(item: Item) -> dict[str, Any]:
    until = item.override_until
    return {
        "impact": item.impact,
        "urgency": item.urgency,
        "priority": item.priority,
        "override_score": item.override_score,
        "override_until": None if until is None else until.isoformat(),
    }


def _publish(item: Item, before: Mapping[str, Any], after: Mapping[str, Any], by: By) -> None:
    publish(
        events.ItemChanged(
            item_id=item.pk,
            team_id=item.team_id,
            title=item.title,
            before=before,
            after=after,
            at=by.at,
            actor=by.actor,
        )
    )
