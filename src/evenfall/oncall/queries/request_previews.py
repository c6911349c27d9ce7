"""What somebody sees before they ask: their shifts, who would be asked, what a yes would change."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.requests import Way
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec
from evenfall.oncall.queries.candidates import CandidateView, candidates
from evenfall.oncall.queries.diffs import WHOEVER, ScheduleDiff, schedule_diff
from evenfall.oncall.queries.held import held_shifts_of
from evenfall.oncall.queries.requests import RequestView

WEEKS_TO_CHOOSE = 8


class NamedShift(Struct, frozen=True, kw_only=True):
    """A shift of a rota with the name of whoever holds it."""

    rota_id: int
    shift: HeldShift
    name: str


class Return(Struct, frozen=True, kw_only=True):
    """What is taken in return: a shift of a rota, between two instants."""

    rota_id: int
    shift: HeldShift
    part: Stretch


class RequestPreview(Struct, frozen=True, kw_only=True):
    """`line` are the candidates, lowest load first, also those who would not be asked.

    `back_diff` is that of the rota of the shift in return, where it is another one.
    """

    diff: ScheduleDiff
    back_diff: ScheduleDiff | None
    line: list[CandidateView]

    @property
    def is_anybody_free(self) -> bool:
        return any(one.candidate.is_free for one in self.line)


def held_and_named(*rota_ids: int, now: datetime) -> list[NamedShift]:
    """Everybody's shifts of the next weeks, whole, rota by rota, by start."""
    until = now + timedelta(weeks=WEEKS_TO_CHOOSE)
    found = held_shifts_of(rota_ids, starts_at=now, ends_at=until)
    people = identity_queries.people({s.user_id for shifts in found.values() for s in shifts})
    return [
        NamedShift(rota_id=rota_id, shift=shift, name=people[shift.user_id].name)
        for rota_id in rota_ids
        for shift in found.get(rota_id, ())
        if shift.user_id in people
    ]


def request_preview(
    rota_id: int,
    *,
    shift: HeldShift,
    part: Stretch,
    person_id: int | None,
    back: Return | None,
    now: datetime,
) -> RequestPreview:
    """What a yes would change; without a person somebody unnamed takes the shift."""
    taker_id = back.shift.user_id if back else person_id or WHOEVER
    starts_at, ends_at = max(part[0], now), part[1]
    overrides = {rota_id: [_handed(shift, starts_at, ends_at, taker_id)]}
    if back is not None:
        low, high = max(back.part[0], now), back.part[1]
        overrides.setdefault(back.rota_id, []).append(_handed(back.shift, low, high, shift.user_id))
    line = candidates(
        rota_id,
        role=shift.role,
        asker_id=shift.user_id,
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        and_ids=[] if taker_id == WHOEVER else [taker_id],
    )
    diff, back_diff = _diffs(overrides, rota_id)
    return RequestPreview(diff=diff, back_diff=back_diff, line=line)


def diffs_of_request(
    shown: RequestView, *, now: datetime
) -> tuple[ScheduleDiff, ScheduleDiff | None]:
    """What a yes to this request would change, in its rota and in that of the other shift."""
    taker_id = shown.offers[0].user_id if shown.way is Way.PERSON else WHOEVER
    mine = HeldShift(shown.asker_id, shown.role, shown.turn, shown.starts_at, shown.ends_at)
    stretch = (max(shown.starts_at, now), max(shown.ends_at, now))
    overrides = {shown.rota_id: [_handed(mine, *stretch, taker_id)]}
    if shown.back_starts_at and shown.back_ends_at and shown.back_rota_id and shown.back_role:
        times = (shown.back_starts_at, shown.back_ends_at)
        back = HeldShift(taker_id, shown.back_role, "", *times)
        stretch = (max(times[0], now), max(times[1], now))
        handed = _handed(back, *stretch, shown.asker_id)
        overrides.setdefault(shown.back_rota_id, []).append(handed)
    return _diffs(overrides, shown.rota_id)


def _diffs(
    overrides: Mapping[int, Sequence[OverrideSpec]], rota_id: int
) -> tuple[ScheduleDiff, ScheduleDiff | None]:
    found = {
        one: _diff(one, [spec for spec in some if spec.starts_at < spec.ends_at])
        for one, some in overrides.items()
    }
    mine = found.pop(rota_id)
    return mine, next(iter(found.values()), None)


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
