"""The way of a post-mortem from draft to closed, and who is named on it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.incidents.ports import Sev
from evenfall.platform.events import publish
from evenfall.postmortems import errors, events, queries
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.commenting import tell_reviewers
from evenfall.postmortems.actions.sharing import share_as_written
from evenfall.postmortems.logic import deadlines, factors
from evenfall.postmortems.logic.action_life import SETTLED
from evenfall.postmortems.logic.states import (
    UNFINISHED,
    Doer,
    Refusal,
    Standing,
    State,
    Step,
    take,
)
from evenfall.postmortems.models import Factor, Postmortem, PostmortemFactor, Reviewer

MOST_TAGS: Final = 20
MOST_FACTORS: Final = 30
TAG_LENGTH: Final = 40


@transaction.atomic
def move_postmortem(
    *,
    postmortem_id: int,
    step: Step,
    doer: Doer,
    reason: str = "",
    is_public: bool = False,
    now: datetime,
    actor: str,
) -> State:
    """Take a step and return the state after it; `is_public` counts for publishing only.

    Waiving, sending back and reopening want a reason. Locks the row. Raises PostmortemNotFound,
    StepNotPossible.
    """
    row = loading.lock(postmortem_id)
    why = loading.text_of(reason, most=2000).strip()
    after = take(_standing(row), step, doer, why)
    if isinstance(after, Refusal):
        raise errors.StepNotPossible(postmortem_id=postmortem_id, reason=after.value)
    before = row.state
    _stamp(row, after, step, doer, why, is_public=is_public, now=now)
    row.save()
    if step is Step.SUBMIT:
        tell_reviewers(row, set(_reviewers(row)) - {doer.user_id}, now)
    if step is Step.PUBLISH and is_public:
        share_as_written(row, now=now, actor=actor)
    publish(
        events.PostmortemMoved(
            **loading.about(row, now=now, actor=actor),
            before=before,
            after=after.value,
            reason=why,
            is_public=row.is_public,
        )
    )
    return after


@transaction.atomic
def set_people(
    *,
    postmortem_id: int,
    owner_id: int | None,
    reviewer_ids: Collection[int],
    now: datetime,
    actor: str,
) -> None:
    """Name the owner and the reviewers. Raises PostmortemNotFound, OwnerNotActive."""
    row = loading.lock(postmortem_id)
    known = set(row.reviewers.values_list("user_id", flat=True))
    wanted = set(reviewer_ids)
    before: dict[str, object] = {"owner_id": row.owner_id, "reviewer_ids": sorted(known)}
    after: dict[str, object] = {"owner_id": owner_id, "reviewer_ids": sorted(wanted)}
    if before == after:
        return
    if owner_id is not None and owner_id != row.owner_id:
        loading.check_active([owner_id])
    loading.check_active(wanted - known, field="reviewer_ids")
    row.owner_id = owner_id
    row.save(update_fields=["owner"])
    row.reviewers.exclude(user_id__in=wanted).delete()
    Reviewer.objects.bulk_create(
        Reviewer(postmortem=row, user_id=number) for number in sorted(wanted - known)
    )
    _tell_change(row, before, after, now=now, actor=actor)


@transaction.atomic
def set_tags_and_factors(
    *,
    postmortem_id: int,
    tags: Collection[str],
    factor_names: Collection[str],
    now: datetime,
    actor: str,
) -> None:
    """Replace both lists; a factor that nobody named before joins the list of all.

    Two spellings of one factor are one. Raises PostmortemNotFound.
    """
    row = loading.lock(postmortem_id)
    before: dict[str, object] = {"tags": list(row.tags), "factors": _factors_of(row)}
    clean = (" ".join(tag.replace("\0", "").split()).casefold()[:TAG_LENGTH] for tag in tags)
    row.tags = list(dict.fromkeys(tag for tag in clean if tag))[:MOST_TAGS]
    row.save(update_fields=["tags"])
    wanted = _known_factors(factor_names, now=now)
    row.factors.exclude(factor__in=wanted).delete()
    PostmortemFactor.objects.bulk_create(
        (PostmortemFactor(postmortem=row, factor=one) for one in wanted), ignore_conflicts=True
    )
    after: dict[str, object] = {"tags": list(row.tags), "factors": _factors_of(row)}
    if before != after:
        _tell_change(row, before, after, now=now, actor=actor)


def _reviewers(row: Postmortem) -> list[int]:
    return list(row.reviewers.values_list("user_id", flat=True))


def _standing(row: Postmortem) -> Standing:
    settled = [state.value for state in SETTLED]
    return Standing(
        state=State(row.state),
        severity=Sev(row.severity),
        owner_id=row.owner_id,
        reviewer_ids=frozenset(row.reviewers.values_list("user_id", flat=True)),
        responder_ids=queries.responder_ids(row.incident_id),
        open_actions=row.actions.exclude(state__in=settled).count(),
    )


def _stamp(  # one place that knows what a step leaves on the row
    row: Postmortem,
    after: State,
    step: Step,
    doer: Doer,
    why: str,
    *,
    is_public: bool,
    now: datetime,
) -> None:
    row.state, row.reason = after.value, why
    if step is Step.APPROVE:
        row.approved_by_id, row.approved_at = doer.user_id, now
    if step in {Step.REOPEN, Step.SEND_BACK}:
        row.approved_by_id = row.approved_at = row.closed_at = None
        row.is_public = False
    if step is Step.PUBLISH:
        row.published_at, row.is_public = now, is_public
    if step is Step.CLOSE:
        row.closed_at = now
    if step in {Step.REQUIRE, Step.REOPEN}:
        row.due_at = max(row.due_at, deadlines.due_at(Sev(row.severity), now))
    runs = after in UNFINISHED
    row.remind_at = deadlines.next_reminder(row.created_at, row.due_at, now) if runs else None


def _factors_of(row: Postmortem) -> list[str]:
    return sorted(row.factors.values_list("factor__name", flat=True))


def _known_factors(names: Collection[str], *, now: datetime) -> list[Factor]:
    clean = [factors.shown(name.replace("\0", "")) for name in names]
    # whoever named it first chose the spelling
    wanted = {factors.key(name): name for name in reversed(clean) if name}
    keys = list(reversed(wanted))[:MOST_FACTORS]
    fresh = (Factor(key=key, name=wanted[key], created_at=now) for key in sorted(keys))
    Factor.objects.bulk_create(fresh, ignore_conflicts=True)
    return list(Factor.objects.filter(key__in=keys).order_by("key"))


def _tell_change(
    row: Postmortem,
    before: dict[str, object],
    after: dict[str, object],
    *,
    now: datetime,
    actor: str,
) -> None:
    facts = loading.about(row, now=now, actor=actor)
    publish(events.PostmortemChanged(**facts, before=before, after=after))
