"""What somebody sees before they ask: their shifts, who would be asked, what a yes would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.requests import Way
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec
from evenfall.oncall.queries.candidates import CandidateView, candidates
from evenfall.oncall.queries.diffs import WHOEVER, ScheduleDiff, schedule_diff
from evenfall.oncall.queries.held import held_shifts
from evenfall.oncall.queries.requests import RequestView

WEEKS_TO_CHOOSE = 8


@dataclass(frozen=True, kw_only=True)
class NamedShift:
    """A shift with the name of whoever holds it."""

    shift: HeldShift
    name: str


@dataclass(frozen=True, kw_only=True)
class RequestPreview:
    """`line` are the candidates, lowest load first, also those who would not be asked."""

    diff: ScheduleDiff
    line: list[CandidateView]

    @property
    def is_anybody_free(self) -> bool:
        return any(one.candidate.is_free for one in self.line)


def held_and_named(rota_id: int, *, now: datetime) -> list[NamedShift]:
    """Everybody's shifts of the next weeks, whole, by start. Raises `RotaNotFound`."""
    until = now + timedelta(weeks=WEEKS_TO_CHOOSE)
    shifts = held_shifts(rota_id, starts_at=now, ends_at=until)
    people = identity_queries.people({shift.user_id for shift in shifts})
    return [
        NamedShift(shift=shift, name=people[shift.user_id].name)
        for shift in shifts
        if shift.user_id in people
    ]


def request_preview(
    rota_id: int,
    *,
    shift: HeldShift,
    part: tuple[datetime, datetime],
    person_id: int | None,
    back: HeldShift | None,
    now: datetime,
) -> RequestPreview:
    """What a yes would change; without a person somebody unnamed takes the shift."""
    taker_id = back.user_id if back else person_id or WHOEVER
    starts_at, ends_at = max(part[0], now), part[1]
    overrides = [_handed(shift, starts_at, ends_at, taker_id)]
    if back is not None:
        overrides.append(_handed(back, max(back.starts_at, now), back.ends_at, shift.user_id))
    line = candidates(
        rota_id,
        role=shift.role,
        asker_id=shift.user_id,
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        and_ids=[] if taker_id == WHOEVER else [taker_id],
    )
    return RequestPreview(diff=_diff(rota_id, overrides), line=line)


def diff_of_request(shown: RequestView, *, now: datetime) -> ScheduleDiff:
    """What a yes to this request would change."""
    taker_id = shown.offers[0].user_id if shown.way is Way.PERSON else WHOEVER
    mine = HeldShift(shown.asker_id, shown.role, shown.turn, shown.starts_at, shown.ends_at)
    overrides = [_handed(mine, max(shown.starts_at, now), max(shown.ends_at, now), taker_id)]
    if shown.back_starts_at and shown.back_ends_at:
        back = HeldShift(taker_id, shown.role, "", shown.back_starts_at, shown.back_ends_at)
        starts_at = max(back.starts_at, now)
        overrides.append(_handed(back, starts_at, max(back.ends_at, now), shown.asker_id))
    return _diff(shown.rota_id, [one for one in overrides if one.starts_at < one.ends_at])


def _diff(rota_id: int, overrides: Sequence[OverrideSpec]) -> ScheduleDiff:
    if not overrides:
        return ScheduleDiff(changes=[], weeks=())
    return schedule_diff(
        rota_id,
        starts_at=min(one.starts_at for one in overrides),
        ends_at=max(one.ends_at for one in overrides),
        overrides=overrides,
    )


def _handed(
    shift: HeldShift, starts_at: datetime, ends_at: datetime, taker_id: int
) -> OverrideSpec:
    return OverrideSpec(
        role=shift.role,
        kind=OverrideKind.REPLACE,
        starts_at=starts_at,
        ends_at=ends_at,
        user_id=taker_id,
        instead_of=shift.user_id,
    )
