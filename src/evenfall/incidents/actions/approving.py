"""Two people for what the public reads: a text waits, and somebody else approves or returns it.

Who decides at the same time meets at the lock of the incident: the first one wins, the second is
told. What waits is a row, so nothing is lost when a process stops.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import moving, telling
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.telling import Wording
from evenfall.incidents.logic import approving, cadence, markdown
from evenfall.incidents.logic.approving import Decision
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import ApprovalRule, Incident, ProposedText
from evenfall.incidents.queries.approving import approval_severities, seats_of
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News, Urgency
from evenfall.platform.events import SYSTEM, publish

PURPOSE: Final = "approval"
REASON_LENGTH: Final = 500
_URGENT_UP_TO: Final = 2


class Said(Struct, frozen=True, kw_only=True):
    """What came of an update: what was told at once, and what waits for approval."""

    update_id: int | None
    proposed_id: int | None


class Decider(Struct, frozen=True, kw_only=True):
    """Who approves or sends back; `administers` the site."""

    user_id: int
    actor: str
    administers: bool = False


def set_approval(*, severities: Collection[Sev], now: datetime, actor: str) -> None:
    """Let public updates of these severities wait for a second person, and of no others.

    What waits already goes on waiting.
    """
    with transaction.atomic():
        before = approval_severities()
        after = [sev for sev in Sev if sev in severities]
        if before == after:
            return
        ApprovalRule.objects.exclude(severity__in=[sev.value for sev in after]).delete()
        rows = [ApprovalRule(severity=sev.value, set_at=now, set_by=actor) for sev in after]
        ApprovalRule.objects.bulk_create(rows, ignore_conflicts=True)
        publish(
            events.ApprovalRulesChanged(
                before=tuple(sev.value for sev in before),
                after=tuple(sev.value for sev in after),
                at=now,
                actor=actor,
            )
        )


def say_update(
    *,
    incident_id: int,
    draft: str,
    wordings: Mapping[Audience, Wording],
    user_id: int | None,
    now: datetime,
    actor: str,
) -> Said:
    """Tell these audiences as `tell_update`; but the public only what needs no second person.

    Where it does, its text waits, instead of an older one that may wait; the others are told at
    once. What was promised to the public is not kept before. Raises as `tell_update`.
    """
    tell = partial(
        telling.tell_update,
        incident_id=incident_id,
        draft=draft,
        user_id=user_id,
        now=now,
        actor=actor,
    )
    with transaction.atomic():
        incident = changeable(incident_id)
        public = wordings.get(Audience.PUBLIC)
        if public is None or not _waits(incident, user_id):
            return Said(update_id=tell(wordings=wordings), proposed_id=None)
        row = _propose(incident, draft, public, By(actor=actor, at=now, user_id=user_id))
        inside: dict[Audience, Wording] = {
            who: one for who, one in wordings.items() if who is not Audience.PUBLIC
        }
        update_id = tell(wordings=inside) if inside else None
        return Said(update_id=update_id, proposed_id=row.pk)


def approve_proposed(*, incident_id: int, proposed_id: int, by: Decider, now: datetime) -> int:
    """Tell the public what waits, as of whoever wrote it; returns the id of the update.

    A next update that was named and is past by now is that of the table. Raises
    IncidentNotFound, NotPossible (merged), ProposedNotFound, ProposedDecided, NotYoursToApprove.
    """
    with transaction.atomic():
        incident, row = _waiting(incident_id, proposed_id, by)
        is_ahead = row.next_update_at is not None and row.next_update_at > now
        wording = Wording(text=row.text, next_update_at=row.next_update_at if is_ahead else None)
        row.update_id = telling.tell_update(
            incident_id=incident_id,
            draft="",
            wordings={Audience.PUBLIC: wording},
            user_id=row.author_id,
            now=now,
            actor=row.actor,
        )
        _decide(incident, row, Decision.APPROVED, By(actor=by.actor, at=now, user_id=by.user_id))
        return row.update_id


def send_back_proposed(
    *, incident_id: int, proposed_id: int, reason: str, by: Decider, now: datetime
) -> None:
    """Tell the public nothing, and its author why; they write a better one.

    Raises as `approve_proposed`, and ReasonMissing, ReasonTooLong.
    """
    why = one_line(reason, length=REASON_LENGTH + 1)
    if not why:
        raise errors.ReasonMissing(field="reason")
    if len(why) > REASON_LENGTH:
        raise errors.ReasonTooLong(field="reason", most=REASON_LENGTH)
    with transaction.atomic():
        incident, row = _waiting(incident_id, proposed_id, by)
        row.reason = why
        _decide(incident, row, Decision.SENT_BACK, By(actor=by.actor, at=now, user_id=by.user_id))


def withdraw_proposed(*, incident_ids: Collection[int], now: datetime) -> None:
    """Nobody waits any more for texts about these: they were declined, or merged."""
    if not incident_ids:
        return
    with transaction.atomic():
        incidents = {row.pk: row for row in moving.lock_many(incident_ids)}
        rows = ProposedText.objects.filter(
            incident_id__in=incidents, decision=Decision.WAITING.value
        )
        for row in rows.select_for_update().order_by("id"):
            incident = incidents[row.incident_id]
            _decide(incident, row, Decision.WITHDRAWN, By(actor=SYSTEM, at=now))


def _waits(incident: Incident, user_id: int | None) -> bool:
    is_asked_for = ApprovalRule.objects.filter(severity=incident.severity).exists()
    return is_asked_for and approving.waits(
        is_asked_for=is_asked_for, author_id=user_id, seats=seats_of(incident.pk)
    )


def _propose(incident: Incident, draft: str, public: Wording, by: By) -> ProposedText:
    text = telling.worded(draft, public)
    telling.check_time(public.next_update_at, now=by.at)
    older = ProposedText.objects.filter(incident=incident, decision=Decision.WAITING.value)
    for row in older.select_for_update():
        _decide(incident, row, Decision.REPLACED, by)
    row = ProposedText.objects.create(
        incident=incident,
        author_id=by.user_id,
        actor=by.actor,
        text=text,
        html=markdown.to_html(text),
        next_update_at=public.next_update_at,
        written_at=by.at,
    )
    fact = events.UpdateProposed(
        **moving.about(incident, by), proposed_id=row.pk, text=one_line(text, length=500)
    )
    moving.save([incident], [fact], now=by.at)
    _ask(incident, row, now=by.at)
    return row


def _waiting(incident_id: int, proposed_id: int, by: Decider) -> tuple[Incident, ProposedText]:
    """The incident and the text, locked, if this person may decide about it now."""
    incident = changeable(incident_id)
    rows = ProposedText.objects.select_for_update().filter(incident=incident, id=proposed_id)
    row = rows.first()
    if row is None:
        raise errors.ProposedNotFound(incident_id=incident_id, proposed_id=proposed_id)
    if row.decision != Decision.WAITING.value:
        raise errors.ProposedSettled(how=Decision(row.decision).label)
    if not approving.may_decide(
        by.user_id,
        author_id=row.author_id,
        seats=seats_of(incident_id),
        administers=by.administers,
    ):
        raise errors.NotYoursToApprove
    return incident, row


def _decide(incident: Incident, row: ProposedText, decision: Decision, by: By) -> None:
    row.decision, row.decided_at, row.decided_by = decision.value, by.at, by.actor
    row.save()
    notifications_actions.cancel_notices(
        subjects=[_subject(row)], reason=f"it is {decision.label}", now=by.at
    )
    fact = events.ProposedDecided(
        **moving.about(incident, by),
        proposed_id=row.pk,
        decision=decision.value,
        reason=row.reason,
        update_id=row.update_id,
    )
    moving.save([incident], [fact], now=by.at)
    if row.author_id != by.user_id:
        _answer(incident, row, decision, now=by.at)


def _subject(row: ProposedText) -> str:
    return f"proposed_update:{row.pk}"


def _ask(incident: Incident, row: ProposedText, *, now: datetime) -> None:
    """Those who may decide: who commands, and the deputy; without them administrators."""
    seats = seats_of(incident.pk)
    people = [one for one in (seats.commander_id, seats.deputy_id) if one is not None]
    asked = [one for one in dict.fromkeys(people) if one != row.author_id]
    if not asked:
        asked = [one for one in identity_queries.administrators() if one != row.author_id]
    lines = ["It reaches nobody before somebody else approves it."]
    if not incident.is_private:
        lines = [incident.headline, one_line(row.text, length=500), *lines]
    title = f"#{incident.pk}: an update for the public waits for you"
    _notify(incident, row, asked, title, lines, now=now)


def _answer(incident: Incident, row: ProposedText, decision: Decision, *, now: datetime) -> None:
    title = f"#{incident.pk}: your update for the public is {decision.label}"
    people = [row.author_id] if row.author_id is not None else []
    _notify(incident, row, people, title, [row.reason] if row.reason else [], now=now)


def _notify(
    incident: Incident,
    row: ProposedText,
    people: Collection[int],
    title: str,
    lines: Collection[str],
    *,
    now: datetime,
) -> None:
    is_bad = cadence.level_of(incident.severity) <= _URGENT_UP_TO
    content = Content(
        title=title,
        lines=tuple(lines),
        url=f"/incidents/{incident.pk}/updates/",
        severity=loudness(Sev(incident.severity)).value,
        tag=f"incident-{incident.pk}-proposed",
    )
    urgency = Urgency(incident.urgency) if is_bad else Urgency.LOW
    news = [
        News(user_id=number, subject=_subject(row), urgency=urgency, content=content)
        for number in people
    ]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)
