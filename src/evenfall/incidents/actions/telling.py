"""Telling people of an incident: one draft, a text for each audience, and when they hear more."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, moving, promising, quieting
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import markdown
from evenfall.incidents.logic.cadence import LONG_AFTER, LONGEST, Audience
from evenfall.incidents.logic.promises import Outcome
from evenfall.incidents.logic.states import LIVE, State
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident, LongIncident, Promise, Update, UpdateText
from evenfall.incidents.queries.pacing import Pacing, pacings
from evenfall.platform.events import Event
from evenfall.platform.wakeups import wake

TEXT_LENGTH: Final = 20_000


class Wording(Struct, frozen=True, kw_only=True):
    """What one audience is told; without `text` the draft as it stands.

    `next_update_at` None: as the table says. Once the incident is over it is the last word then.
    """

    text: str = ""
    next_update_at: datetime | None = None


def tell_update(
    *,
    incident_id: int,
    draft: str,
    wordings: Mapping[Audience, Wording],
    user_id: int | None,
    now: datetime,
    actor: str,
) -> int:
    """Tell these audiences what is known and until when they hear more; return the update's id.

    Nobody is asked: `say_update` decides whether a second person has to approve it. Audiences that
    are left out keep waiting. Raises UpdateEmpty, UpdateTooLong, NobodyTold,
    NextUpdateNotPossible, IncidentNotFound, NotPossible (merged).
    """
    if not wordings:
        raise errors.NobodyTold(field="audiences")
    texts = {
        audience: worded(draft, wordings[audience]) for audience in Audience if audience in wordings
    }
    for one in wordings.values():
        check_time(one.next_update_at, now=now)
    with transaction.atomic():
        incident = changeable(incident_id)
        by = By(actor=actor, at=now, user_id=user_id)
        update = _keep(incident, draft, by)
        open_ = promising.open_promises([incident.pk])
        named = {audience: one.next_update_at for audience, one in wordings.items()}
        told = _settle(incident, open_, named, by)
        _keep_texts(update, texts, told)
        fact = events.UpdateTold(
            **moving.about(incident, by),
            update_id=update.pk,
            text=one_line(draft or next(iter(texts.values())), length=500),
            told=told,
        )
        moving.save([incident], [fact], now=now)
        calling.keep_alive(incident, now=now)
        return update.pk


def told_elsewhere(
    *,
    incident_id: int,
    audience: Audience,
    where: str,
    now: datetime,
    actor: str,
    next_update_at: datetime | None = None,
    is_last: bool = False,
) -> None:
    """An audience was told by another way, such as on a status page: its promise is kept.

    `now` is when they were told. `is_last`: they were told that it is over. A merged incident
    is left alone. Raises IncidentNotFound.
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        if State(incident.state) is State.MERGED:
            return
        by = By(actor=actor, at=now)
        open_ = promising.open_promises([incident.pk])
        (told,) = _settle(incident, open_, {audience: next_update_at}, by, is_last=is_last)
        if (incident.pk, audience) in open_ or told.next_update_at is not None:
            fact = events.PromiseKept(**moving.about(incident, by), where=where, told=(told,))
            moving.save([incident], [fact], now=now)


def name_next_update(
    *, incident_id: int, audience: Audience, due_at: datetime, now: datetime, actor: str
) -> None:
    """Promise an audience its next word until `due_at`, instead of what was promised before.

    Later is possible only while it is not due: whoever waits already is told first. Raises
    NextUpdateNotPossible, UpdateOverdue, IncidentNotFound, NotPossible (merged).
    """
    check_time(due_at, now=now)
    with transaction.atomic():
        incident = changeable(incident_id)
        by = By(actor=actor, at=now)
        row = promising.open_promises([incident.pk]).get((incident.pk, audience))
        facts = (
            _make(incident, audience, due_at, by)
            if row is None
            else _rename(incident, row, due_at, by)
        )
        moving.save([incident], facts, now=now)
        wake(promising.DRAIN)


def declare_long(*, incident_id: int, now: datetime, actor: str) -> None:
    """Say that it takes long: from the next update on people hear less often; twice is no error.

    Raises NotLongYet, IncidentNotFound, NotPossible (over or merged).
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.require_live(incident)
        if now - incident.opened_at < LONG_AFTER:
            raise errors.NotLongYet(hours=LONG_AFTER // timedelta(hours=1))
        _, is_new = LongIncident.objects.get_or_create(
            incident=incident, defaults={"declared_at": now, "declared_by": actor}
        )
        if is_new:
            _say_long(incident, By(actor=actor, at=now), withdrawn=False)


def take_back_long(*, incident_id: int, now: datetime, actor: str) -> None:
    """Tell people as often as at first again. Raises IncidentNotFound, NotPossible (merged)."""
    with transaction.atomic():
        incident = changeable(incident_id)
        gone, _ = LongIncident.objects.filter(incident=incident).delete()
        if gone:
            _say_long(incident, By(actor=actor, at=now), withdrawn=True)


def _say_long(incident: Incident, by: By, *, withdrawn: bool) -> None:
    fact = events.LongIncidentDeclared(**moving.about(incident, by), withdrawn=withdrawn)
    moving.save([incident], [fact], now=by.at)


def worded(draft: str, wording: Wording) -> str:
    """Return what an audience reads. Raises UpdateEmpty, UpdateTooLong."""
    text = wording.text.strip() or draft.strip()
    if not text:
        raise errors.UpdateEmpty(field="draft")
    if len(text) > TEXT_LENGTH or len(draft) > TEXT_LENGTH:
        raise errors.UpdateTooLong(field="draft", most=TEXT_LENGTH)
    return text


def check_time(due_at: datetime | None, *, now: datetime) -> None:
    """Raise NextUpdateNotPossible for a time that is past, or too far away."""
    if due_at is not None and not now < due_at <= now + LONGEST:
        raise errors.NextUpdateNotPossible(field="next_update_at", days=LONGEST.days)


def _keep(incident: Incident, draft: str, by: By) -> Update:
    return Update.objects.create(
        incident=incident,
        author_id=by.user_id,
        actor=by.actor,
        draft=draft.strip(),
        severity=incident.severity,
        state=incident.state,
        told_at=by.at,
    )


def _keep_texts(
    update: Update, texts: Mapping[Audience, str], told: Sequence[events.ToldTo]
) -> None:
    following = {one.audience: one.next_update_at for one in told}
    UpdateText.objects.bulk_create(
        UpdateText(
            update=update,
            audience=audience.value,
            text=text,
            html=markdown.to_html(text),
            next_update_at=following[audience.value],
        )
        for audience, text in texts.items()
    )


def _settle(
    incident: Incident,
    open_: Mapping[tuple[int, Audience], Promise],
    named: Mapping[Audience, datetime | None],
    by: By,
    *,
    is_last: bool = False,
) -> tuple[events.ToldTo, ...]:
    """Keep what was promised to these audiences, promise the next word, calm whoever was called."""
    pacing = pacings([incident])[incident.pk]
    new: list[Promise] = []
    told: list[events.ToldTo] = []
    kept = {
        audience: open_.get((incident.pk, audience)) for audience in Audience if audience in named
    }
    for audience, row in kept.items():
        late = promising.settle(row, Outcome.KEPT, by) if row else timedelta()
        due_at = None if is_last else _next(incident, pacing, audience, named[audience], by)
        if due_at is not None:
            by_hand = by.actor if named[audience] else ""
            new.append(
                promising.made(incident, audience, made_at=by.at, due_at=due_at, named_by=by_hand)
            )
        told.append(
            events.ToldTo(
                audience=audience.value, next_update_at=due_at, seconds_late=late.total_seconds()
            )
        )
    rows = [row for row in kept.values() if row is not None]
    promising.save(rows, new)
    quieting.calm(incident.pk, rows, [row for key, row in open_.items() if row not in rows], by)
    wake(promising.DRAIN)
    return tuple(told)


def _next(
    incident: Incident,
    pacing: Pacing,
    audience: Audience,
    named_at: datetime | None,
    by: By,
) -> datetime | None:
    if named_at is not None or State(incident.state) not in LIVE:
        return named_at
    return pacing.due(audience, by.at) if pacing.wants(audience) else None


def _make(incident: Incident, audience: Audience, due_at: datetime, by: By) -> list[Event]:
    row = promising.made(incident, audience, made_at=by.at, due_at=due_at, named_by=by.actor)
    knows = incident.promises.filter(audience=audience.value, outcome=Outcome.KEPT.value).exists()
    row.is_first = not knows
    promising.save([], [row])
    return promising.promised(incident, [row], by)


def _rename(incident: Incident, row: Promise, due_at: datetime, by: By) -> list[Event]:
    before = row.due_at
    if due_at == before:
        return []
    if before <= by.at and due_at > before:
        raise errors.UpdateOverdue(audience=Audience(row.audience).label)
    row.due_at, row.interval, row.named_by = due_at, due_at - row.made_at, by.actor
    promising.rearm(row)
    promising.save([row])
    return [promising.moved(incident, row, before, by, why="")]
