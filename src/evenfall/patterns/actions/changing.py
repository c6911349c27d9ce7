"""What people say about a pattern: its name, who answers for it, how far it is."""

from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.patterns import errors, events
from evenfall.patterns.actions import loading
from evenfall.patterns.logic.states import WANT_REASON, State, may_become
from evenfall.patterns.models import Pattern
from evenfall.platform.events import publish


class PatternWish(Struct, frozen=True, kw_only=True):
    """What a pattern says; `team_id` None makes it everybody's."""

    title: str
    owner_id: int | None = None
    team_id: int | None = None
    note: str = ""


@transaction.atomic
def change_pattern(*, pattern_id: int, wish: PatternWish, now: datetime, actor: str) -> None:
    """Save title, owner, team and note.

    Raises PatternNotFound, TitleMissing, OwnerNotActive, TeamNotFound.
    """
    title, note = loading.title_of(wish.title), loading.text_of(wish.note)
    row = loading.lock(pattern_id)
    before = _words(row)
    if wish.owner_id is not None and wish.owner_id != row.owner_id:
        _check_owner(wish.owner_id)
    if wish.team_id is not None:
        identity_queries.team(wish.team_id)
    row.title, row.note, row.owner_id, row.team_id = title, note, wish.owner_id, wish.team_id
    row.save(update_fields=["title", "note", "owner", "team"])
    if _words(row) != before:
        facts = loading.about(row, now=now, actor=actor)
        publish(events.PatternChanged(**facts, before=before, after=_words(row)))


@transaction.atomic
def move_pattern(
    *, pattern_id: int, state: State, reason: str = "", now: datetime, actor: str
) -> None:
    """Say how far it is; living with it wants a reason.

    Raises PatternNotFound, StateNotPossible, ReasonMissing.
    """
    why = loading.text_of(reason)
    if state in WANT_REASON and not why:
        raise errors.ReasonMissing(field="reason")
    row = loading.lock(pattern_id)
    if not may_become(State(row.state), state):
        raise errors.StateNotPossible(pattern_id=pattern_id, state=row.state, wanted=state.value)
    before, row.state, row.state_at, row.reason = row.state, state.value, now, why
    if state is State.MENDED:
        row.mended_at = now
    row.save(update_fields=["state", "state_at", "reason", "mended_at"])
    facts = loading.about(row, now=now, actor=actor)
    publish(events.PatternMoved(**facts, before=before, after=state.value, reason=why))


def _check_owner(user_id: int) -> None:
    if not loading.active([user_id]):
        raise errors.OwnerNotActive(field="owner_id")


def _words(row: Pattern) -> dict[str, object]:
    return {
        "title": row.title,
        "owner_id": row.owner_id,
        "team_id": row.team_id,
        "note": row.note,
    }
