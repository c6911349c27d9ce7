"""Times that do not count, with their reason; what was measured stays beside it."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.platform.wall_clock import instant, reading
from evenfall.slo import errors, events
from evenfall.slo.actions.loading import about, locked, reason_of
from evenfall.slo.logic.states import CorrectionKind
from evenfall.slo.models import Correction, Objective

LONGEST: Final = timedelta(days=92)
MOST_WEEKS: Final = 53
_FAR: Final = timedelta(days=366)


class CorrectionWish(Struct, frozen=True, kw_only=True):
    """A time that does not count. With `weeks` it comes again so often in all, each week at the
    same time on the wall of `zone`.
    """

    kind: CorrectionKind
    starts_at: datetime
    ends_at: datetime
    reason: str
    weeks: int = 1
    zone: str = "UTC"


@transaction.atomic
def correct(
    *, objective_id: int, wish: CorrectionWish, by: int | None, now: datetime, actor: str
) -> list[int]:
    """Take times out of the sums, past ones or planned ones; return the ids of the corrections.

    Raises ObjectiveNotFound, ReasonMissing, TimesUnclear.
    """
    row, reason = locked(objective_id), reason_of(wish.reason)
    made = Correction.objects.bulk_create(
        Correction(
            objective=row,
            kind=wish.kind.value,
            starts_at=since,
            ends_at=until,
            reason=reason,
            by_id=by,
            at=now,
        )
        for since, until in _times(wish, now)
    )
    publish(*(_fact(row, one, now, actor) for one in made))
    return [one.pk for one in made]


@transaction.atomic
def withdraw_correction(
    *, objective_id: int, correction_id: int, by: int | None, now: datetime, actor: str
) -> None:
    """Let the time count again; that it once did not stays known.

    Raises ObjectiveNotFound, CorrectionNotFound.
    """
    row = locked(objective_id)
    found = Correction.objects.filter(id=correction_id, objective=row, withdrawn_at=None).first()
    if found is None:
        raise errors.CorrectionNotFound(objective=objective_id)
    found.withdrawn_at, found.withdrawn_by_id = now, by
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    publish(_fact(row, found, now, actor, is_withdrawn=True))


def _times(wish: CorrectionWish, now: datetime) -> list[tuple[datetime, datetime]]:
    if not timedelta() < wish.ends_at - wish.starts_at <= LONGEST:
        reason = "It ends after it began, and lasts 92 days at most."
        raise errors.TimesUnclear(field="ends_at", reason=reason)
    if abs(wish.starts_at - now) > _FAR:
        reason = "It begins within a year from now, before or after."
        raise errors.TimesUnclear(field="starts_at", reason=reason)
    if not 1 <= wish.weeks <= MOST_WEEKS:
        reason = f"It comes once, or each week at most {MOST_WEEKS} times."
        raise errors.TimesUnclear(field="weeks", reason=reason)
    zone = _zone(wish.zone)
    return [
        (_later(wish.starts_at, number, zone), _later(wish.ends_at, number, zone))
        for number in range(wish.weeks)
    ]


def _later(at: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """So many weeks later, at the same time on the wall."""
    return instant(reading(at, zone) + timedelta(weeks=weeks), zone) if weeks else at


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        reason = f"There is no time zone {name}."
        raise errors.TimesUnclear(field="zone", reason=reason) from error


def _fact(
    row: Objective, one: Correction, now: datetime, actor: str, *, is_withdrawn: bool = False
) -> events.CorrectionMade:
    return events.CorrectionMade(
        **about(row, now=now, actor=actor),
        correction_id=one.pk,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        reason=one.reason,
        is_withdrawn=is_withdrawn,
    )
