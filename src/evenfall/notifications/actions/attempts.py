"""Keep what was tried: the proof that stands behind each notice."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.notifications.models import Attempt, Notice
from evenfall.notifications.ports import Accepted, ChannelError
from evenfall.notifications.queries import INBOX

LONGEST_PROVIDER_ID: Final = 300


class Result(Struct, frozen=True, kw_only=True):
    """The answer to attempt number `attempt`, which came at `at`."""

    notice_id: int
    attempt: int
    at: datetime
    answer: Accepted | ChannelError


def keep_attempts(results: Iterable[tuple[Notice, Result]]) -> None:
    """Write one row for each provider asked. An answer that comes twice is kept once.

    The inbox asks nobody: its notices are their own proof.
    """
    rows = [
        attempt
        for notice, result in results
        if notice.kind != INBOX
        for attempt in _attempts(notice, result)
    ]
    Attempt.objects.bulk_create(rows, ignore_conflicts=True)


def tried_before(notices: Iterable[Notice]) -> dict[int, tuple[str, ...]]:
    """By notice, the providers that took an earlier try which did not arrive."""
    again = [notice.id for notice in notices if notice.attempts]
    found: dict[int, tuple[str, ...]] = {}
    if not again:
        return found
    rows = Attempt.objects.filter(notice_id__in=again, accepted=True, delivered=False)
    for notice_id, via in rows.exclude(via="").order_by("id").values_list("notice_id", "via"):
        found[notice_id] = (*found.get(notice_id, ()), via)
    return found


def lost_tries(results: Sequence[Result]) -> list[Result]:
    """Those of these answers whose provider has reported already that the message was lost."""
    if not results:
        return []
    lost = set(
        Attempt.objects.filter(
            notice_id__in=[one.notice_id for one in results], accepted=True, delivered=False
        ).values_list("notice_id", "number", "via")
    )
    return [one for one in results if (one.notice_id, one.attempt, one.answer.via) in lost]


def storable(text: str) -> str:
    """Foreign words without the one character that PostgreSQL cannot hold."""
    return text.replace("\x00", "")


def provider_id_of(answer: Accepted) -> str:
    return storable(answer.provider_id)[:LONGEST_PROVIDER_ID]


def _attempts(notice: Notice, result: Result) -> list[Attempt]:
    answer = result.answer
    before = [
        _row(notice, result, via=refusal.via, detail=storable(refusal.detail))
        for refusal in answer.after
    ]
    if isinstance(answer, ChannelError):
        return [*before, _row(notice, result, via=answer.via, detail=storable(answer.message))]
    last = _row(notice, result, via=answer.via)
    last.accepted, last.delivered = True, True if answer.delivered else None
    last.provider_id = provider_id_of(answer)
    last.cost, last.currency = answer.cost, answer.currency
    return [*before, last]


def _row(notice: Notice, result: Result, *, via: str, detail: str = "") -> Attempt:
    return Attempt(
        notice_id=notice.id,
        number=result.attempt,
        via=via,
        handed_over_at=notice.handed_over_at or result.at,
        answered_at=result.at,
        accepted=False,
        detail=detail,
    )
