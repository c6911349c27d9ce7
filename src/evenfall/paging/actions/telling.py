"""The facts about moves: who was looked for and found, and where nobody was."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from evenfall.paging import events
from evenfall.paging.actions import digesting
from evenfall.paging.logic.people import Miss
from evenfall.paging.logic.walk import Move, Outcome
from evenfall.paging.logic.words import Reason
from evenfall.paging.queries.live import LivePage
from evenfall.platform.events import Event

# Moves that only say what the human's own event says already.
UNTOLD = frozenset({Reason.NOT_DUE, Reason.ESCALATED})


class Carried(Struct, frozen=True, kw_only=True):
    """A page, and what its decision came to; `page.state` is the state before."""

    page: LivePage
    outcome: Outcome


type Moved = list[tuple[Carried, Move]]
"""Pages with what they did."""


def facts_of(
    moved: Moved,
    digests: Mapping[int, digesting.OpenDigest],
    *,
    now: datetime,
    actor: str,
) -> Iterable[Event]:
    """What to publish for these moves: somebody notified, or nobody found."""
    for one, move in moved:
        about: dict[str, Any] = {
            "page_id": one.page.id,
            "subject": one.page.subject,
            "reason": move.reason.value,
            "round": move.round,
            "step": move.step,
            "missing": tuple(_unfound(miss) for miss in move.missing),
            "at": now,
            "actor": actor,
        }
        if move.missing and not move.found:
            yield events.PageNobodyFound(**about)
        elif move.reason not in UNTOLD:
            people = tuple(
                events.Paged(
                    user_id=found.user_id,
                    why=found.why,
                    digest_id=digesting.digest_id(digests, found.user_id, one.page.id),
                )
                for found in move.found
            )
            yield events.PageStepTaken(**about, people=people)


def _unfound(miss: Miss) -> events.Unfound:
    return events.Unfound(
        target=miss.target.kind.value,
        target_id=miss.target.id,
        reason=miss.reason.value,
        user_id=miss.user_id,
        why=miss.why,
    )
