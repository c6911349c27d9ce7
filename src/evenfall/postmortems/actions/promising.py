"""Actions: somebody promises something by a date."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.notifications.ports import Content
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import wake
from evenfall.postmortems import errors, events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.reminding import tell
from evenfall.postmortems.actions.trackers import MIRROR
from evenfall.postmortems.logic import action_life, factors
from evenfall.postmortems.logic.action_life import (
    SETTLED,
    WITHIN,
    WORK,
    ActionClass,
    ActionRefusal,
    ActionState,
    ActionStep,
    ActionType,
    Asker,
    Effort,
    Wish,
)
from evenfall.postmortems.logic.guardrails import Guardrail
from evenfall.postmortems.models import Action, Factor, IssueLink, Postmortem

FURTHEST: Final = timedelta(days=5 * 366)
_TITLE: Final = 200


class ActionDraft(Struct, frozen=True, kw_only=True):
    """What an action says; `owner_id` is one person, never a team.

    `factor` is the name of one that its post-mortem names, "" for none.
    """

    title: str
    owner_id: int
    type: ActionType = ActionType.PREVENT
    level: ActionClass = ActionClass.P2
    ticket_url: str = ""
    guardrail_url: str = ""
    guardrail_kind: str = ""
    effort: str = ""
    factor: str = ""


@transaction.atomic
def add_action(*, postmortem_id: int, draft: ActionDraft, now: datetime, actor: str) -> int:
    """Add an action, due as its class says, and return its number.

    Raises PostmortemNotFound, TitleMissing, OwnerNotActive, LinkWrong, GuardrailUnknown,
    EffortUnknown, FactorNotNamed.
    """
    title = _title(draft.title)
    loading.check_active([draft.owner_id])
    postmortem = loading.lock(postmortem_id)
    due = now + WITHIN[draft.level]
    row = Action.objects.create(
        postmortem=postmortem,
        title=title,
        owner_id=draft.owner_id,
        team_id=postmortem.team_id,
        type=draft.type.value,
        level=draft.level.value,
        ticket_url=loading.link_of(draft.ticket_url, field="ticket_url"),
        guardrail_url=loading.link_of(draft.guardrail_url, field="guardrail_url"),
        guardrail_kind=_kind(draft.guardrail_kind),
        effort=_effort(draft.effort),
        factor=_factor(postmortem, None, draft.factor),
        due_at=due,
        created_at=now,
        remind_at=action_life.next_reminder(due, now, answer_by=action_life.answer_by(now)),
    )
    _tell_owner(row, now=now, actor=actor)
    facts = loading.about_action(row, now=now, actor=actor)
    publish(events.ActionAdded(**facts, owner_id=row.owner_id, due_at=due.isoformat()))
    return row.pk


@transaction.atomic
def change_action(*, action_id: int, draft: ActionDraft, now: datetime, actor: str) -> None:
    """Change what it says; its date stays, whatever the class becomes.

    Raises ActionNotFound, TitleMissing, OwnerNotActive, LinkWrong, GuardrailUnknown, EffortUnknown,
    FactorNotNamed.
    """
    row = loading.lock_action(action_id)
    before = _words(row)
    is_given = draft.owner_id != row.owner_id
    if is_given:
        loading.check_active([draft.owner_id])
    row.title, row.owner_id = _title(draft.title), draft.owner_id
    row.type, row.level = draft.type.value, draft.level.value
    row.ticket_url = loading.link_of(draft.ticket_url, field="ticket_url")
    row.guardrail_url = loading.link_of(draft.guardrail_url, field="guardrail_url")
    row.guardrail_kind = _kind(draft.guardrail_kind)
    row.effort = _effort(draft.effort)
    row.factor = _factor(row.postmortem, row.factor, draft.factor)
    row.save()
    if is_given:
        _tell_owner(row, now=now, actor=actor)
    if before != _words(row):
        facts = loading.about_action(row, now=now, actor=actor)
        publish(events.ActionChanged(**facts, before=before, after=_words(row)))


@transaction.atomic
def move_action(
    *, action_id: int, wish: Wish, asker: Asker, now: datetime, actor: str
) -> ActionState:
    """Take a step and return the state after it.

    Done wants a link as proof, rejecting and accepting the risk a reason, the risk also a manager
    and a date to look again. Raises ActionNotFound, ActionNotPossible, LinkWrong, DateWrong.
    """
    row = loading.lock_action(action_id)
    proof = loading.link_of(wish.proof_url, field="proof_url")
    _check_date(wish.review_at, now, field="review_at")
    state = ActionState(row.state)
    after = action_life.take(state, wish, owner_id=row.owner_id, asker=asker, now=now)
    if isinstance(after, ActionRefusal):
        raise errors.ActionNotPossible(action_id=action_id, reason=after.value)
    row.state = after.value
    row.reason = loading.text_of(wish.reason, most=2000).strip()
    _stamp(row, after, wish, asker, proof, now)
    row.save()
    facts = loading.about_action(row, now=now, actor=actor)
    publish(events.ActionMoved(**facts, before=state.value, after=after.value, reason=row.reason))
    _tell_issue(row, now)
    return after


def follow_issue(
    row: Action, step: ActionStep, *, proof: str, reason: str, now: datetime
) -> ActionState:
    """Finish or reopen a locked action because its issue was; call it in a transaction.

    Whoever closed the issue said that it is done, and the issue is the proof; that it works is
    still verified here.
    """
    before = ActionState(row.state)
    after = ActionState.DONE if step is ActionStep.FINISH else ActionState.IN_PROGRESS
    row.state, row.reason = after.value, reason
    _stamp(row, after, Wish(step=step), Asker(user_id=None), proof, now)
    row.save()
    facts = loading.about_action(row, now=now, actor=SYSTEM)
    publish(events.ActionMoved(**facts, before=before.value, after=after.value, reason=reason))
    return after


def _tell_issue(row: Action, now: datetime) -> None:
    """The issue is opened or closed like the action, as soon as its tracker can be reached."""
    if IssueLink.objects.filter(action=row).update(due_at=now):
        wake(MIRROR)


@transaction.atomic
def extend_action(
    *, action_id: int, due_at: datetime, reason: str, now: datetime, actor: str
) -> None:
    """Move the date, at most twice and with a reason.

    Raises ActionNotFound, ActionNotPossible, DateWrong.
    """
    _check_date(due_at, now, field="due_at")
    row = loading.lock_action(action_id)
    refusal = action_life.extension(
        ActionState(row.state), row.due_at, due_at, extensions=row.extensions, reason=reason
    )
    if refusal is not None:
        raise errors.ActionNotPossible(action_id=action_id, reason=refusal.value)
    before, why = row.due_at, loading.text_of(reason, most=2000).strip()
    row.due_at, row.extensions = due_at, row.extensions + 1
    row.remind_at = action_life.next_reminder(due_at, now)
    row.save(update_fields=["due_at", "extensions", "remind_at"])
    publish(
        events.ActionChanged(
            **loading.about_action(row, now=now, actor=actor),
            before={"due_at": before.isoformat()},
            after={"due_at": due_at.isoformat()},
            reason=why,
        )
    )


def _stamp(
    row: Action, after: ActionState, wish: Wish, asker: Asker, proof: str, now: datetime
) -> None:
    if wish.step is ActionStep.FINISH:
        row.proof_url, row.done_at = proof, now
    if wish.step is ActionStep.REOPEN:
        row.done_at = row.review_at = row.approved_by_id = None
    if wish.step is ActionStep.ACCEPT_RISK:
        row.approved_by_id, row.review_at = asker.user_id, wish.review_at
    row.settled_at = now if after in SETTLED else None
    row.remind_at = row.review_at
    if after in WORK:
        row.remind_at = action_life.next_reminder(row.due_at, now)


def _tell_owner(row: Action, *, now: datetime, actor: str) -> None:
    """Whoever is given an action by somebody else hears of it."""
    if row.is_work and actor != f"user:{row.owner_id}":
        content = Content(
            title=f"An action is yours: {row.title}"[:_TITLE],
            lines=(
                f"{row.level}, due {row.due_at:%d %b %Y}. Accept it, or say why not.",
                f"From the post-mortem of incident {row.postmortem.incident_id}.",
            ),
            url=f"/actions/{row.pk}/",
            tag=f"action-{row.pk}",
        )
        tell([row.owner_id], f"action:{row.pk}", content, now)


def _title(title: str) -> str:
    wanted = " ".join(title.replace("\0", "").split())[:_TITLE]
    if not wanted:
        raise errors.TitleMissing(field="title")
    return wanted


def _kind(wanted: str) -> str:
    """One of the kinds of guardrails, or "" for none."""
    if wanted and wanted not in set(Guardrail):
        raise errors.GuardrailUnknown(field="guardrail_kind")
    return wanted


def _effort(wanted: str) -> str:
    if wanted and wanted not in set(Effort):
        raise errors.EffortUnknown(field="effort")
    return wanted


def _factor(postmortem: Postmortem, known: Factor | None, name: str) -> Factor | None:
    """One that the post-mortem names, or that the action has already; None for ""."""
    key = factors.key(name.replace("\0", ""))
    if not key or (known is not None and known.key == key):
        return known if key else None
    found = Factor.objects.filter(uses__postmortem=postmortem, key=key).first()
    if found is None:
        raise errors.FactorNotNamed(field="factor", name=name[:80])
    return found


def _check_date(wanted: datetime | None, now: datetime, *, field: str) -> None:
    if wanted is not None and wanted - now > FURTHEST:
        raise errors.DateWrong(field=field)


def _words(row: Action) -> dict[str, object]:
    names = (
        *("title", "owner_id", "type", "level", "ticket_url", "guardrail_url", "guardrail_kind"),
        *("effort", "factor_id"),
    )
    return {name: getattr(row, name) for name in names}
