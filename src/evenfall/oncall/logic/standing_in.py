"""Who stands in for somebody who is away.

The lieutenant steps up, and somebody with little load becomes the new lieutenant. Both are
overrides; what is decided here is which of those that exist are still needed and which are new.
Overrides that people made by hand are never touched, and what they say counts. So does that they
cancelled one: it does not come back while the same absence lasts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from evenfall.oncall.logic import lieutenant, schedule
from evenfall.oncall.logic.spec import LayerSpec, OverrideKind, OverrideSpec, Role, RotaSpec
from evenfall.oncall.logic.tiles import Paving
from evenfall.platform.wall_clock import reading

REST = timedelta(days=7)
"""Whoever was primary that recently is asked only when nobody else is left."""
_STRIDE = timedelta(days=14)
_FAR = timedelta(days=92)
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


class Away(Struct, frozen=True, kw_only=True):
    """A person is absent from `starts_at` until just before `ends_at`."""

    absence_id: int
    user_id: int
    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


class StandIn(Struct, frozen=True, kw_only=True):
    """`user_id` has the role in place of `instead_of`; None: nobody is left to ask."""

    absence_id: int
    role: Role
    user_id: int | None
    instead_of: int
    starts_at: datetime
    ends_at: datetime

    def override(self) -> OverrideSpec:
        return OverrideSpec(
            role=self.role,
            kind=OverrideKind.REMOVE if self.user_id is None else OverrideKind.REPLACE,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            user_id=self.user_id,
            instead_of=self.instead_of,
        )

    def follows(self, other: "StandIn") -> bool:
        """Whether it only goes on with the other."""
        return replace(other, starts_at=other.ends_at, ends_at=self.ends_at) == self


class Known(Struct, frozen=True, kw_only=True):
    """An override as it stands; `absence_id` says that it is there because of that absence."""

    id: int
    override: OverrideSpec
    absence_id: int | None = None

    def stand_in(self) -> StandIn | None:
        if self.absence_id is None or self.override.instead_of is None:
            return None
        return StandIn(
            absence_id=self.absence_id,
            role=self.override.role,
            user_id=self.override.user_id,
            instead_of=self.override.instead_of,
            starts_at=self.override.starts_at,
            ends_at=self.override.ends_at,
        )


class Decision(Struct, frozen=True, kw_only=True):
    """Overrides to cancel, by id, and those to add after that."""

    cancel: tuple[int, ...]
    add: tuple[StandIn, ...]


class _Post(Struct, frozen=True):
    """Who has what in a stretch in which nothing changes; `named` is the lieutenant by the rule."""

    starts_at: datetime
    ends_at: datetime
    primary: int | None
    named: int | None
    lieutenant: int | None


def horizon(now: datetime) -> datetime:
    """Until when stand-ins are looked for: 78 to 92 days ahead.

    It moves a fortnight at a time, so that a long shift at the horizon is not cut every day.
    """
    return _EPOCH + (now + _FAR - _EPOCH) // _STRIDE * _STRIDE


def decide(
    rota: RotaSpec,
    known: Sequence[Known],
    aways: Sequence[Away],
    candidates: Sequence[int],
    *,
    declined: Sequence[StandIn] = (),
    now: datetime,
    until: datetime,
) -> Decision:
    """What to change so that from `now` until `until` nobody who is away is on call.

    `rota` has no overrides; `known` are all of them, by id, also those of the week before.
    `candidates` are the people who may be asked, the lowest load first. `declined` are those that
    people cancelled by hand: in their time nobody stands in for the same person and absence.
    """
    return _Desk(rota, known, aways, candidates, declined, now, until).decide()


class _Desk:
    """One decision being made: what is kept so far, what is added, who was asked last."""

    def __init__(
        self,
        rota: RotaSpec,
        known: Sequence[Known],
        aways: Sequence[Away],
        candidates: Sequence[int],
        declined: Sequence[StandIn],
        now: datetime,
        until: datetime,
    ) -> None:
        self._rota, self._aways, self._now, self._until = rota, aways, now, until
        self._declined = declined
        self._lieutenants_rest = any(plan.lieutenant.spares_previous for plan in rota.plans)
        self._known = list(known)
        self._line = list(candidates)
        self._old: list[StandIn] = []
        self._new: list[StandIn] = []

    def decide(self) -> Decision:
        dropped = [*self._drop(Role.PRIMARY), *self._drop(Role.LIEUTENANT)]
        self._old = [found for known in dropped if (found := known.stand_in())]
        self._fill()
        added = list(_merged(self._new))
        cancelled = []
        for known in dropped:
            same = self._rest_of(known)
            if same in added:
                added.remove(same)
            else:
                cancelled.append(known.id)
        return Decision(cancel=tuple(cancelled), add=tuple(added))

    def _drop(self, role: Role) -> list[Known]:
        """Take out those that nobody needs any more, and every gap: somebody may be free now."""
        dropped = []
        for known in list(self._known):
            stand_in = known.stand_in()
            if stand_in is None or stand_in.role is not role or stand_in.ends_at <= self._now:
                continue
            self._known.remove(known)
            if stand_in.user_id is None or not self._is_needed(stand_in):
                dropped.append(known)
            else:
                self._known.append(known)
                self._known.sort(key=lambda one: one.id)
        return dropped

    def _is_needed(self, stand_in: StandIn) -> bool:
        posts = self._posts(max(stand_in.starts_at, self._now), stand_in.ends_at)
        if stand_in.role is Role.PRIMARY:
            return all(self._away(post.primary, post) for post in posts)
        return all(self._cause(post, post.primary) is not None for post in posts)

    def _fill(self) -> None:
        at = self._now
        while at < self._until:
            at = self._fill_from(at)

    def _fill_from(self, at: datetime) -> datetime:
        """Fill the posts from here on; return until when that is done.

        Where lieutenants rest after a shift of their own, a new primary changes who is lieutenant
        later: what comes after is looked at anew.
        """
        for post in self._posts(at, self._until):
            primary, away = post.primary, self._to_replace(post)
            if primary is not None and away is not None:
                steps_up = None if self._away(post.lieutenant, post) else post.lieutenant
                chosen = steps_up or self._choose(post, Role.PRIMARY, primary, {primary})
                self._add(post, Role.PRIMARY, chosen, primary, away.absence_id)
                primary = chosen
            self._fill_lieutenant(post, primary)
            if away is not None and self._lieutenants_rest:
                return post.ends_at
        return self._until

    def _to_replace(self, post: _Post) -> Away | None:
        """The absence because of which the primary needs a stand-in; None when nobody does."""
        away = self._away(post.primary, post)
        if away is None or post.primary is None:
            return None
        is_declined = self._is_declined(post, Role.PRIMARY, post.primary, away.absence_id)
        return None if is_declined else away

    def _fill_lieutenant(self, post: _Post, primary: int | None) -> None:
        cause = self._cause(post, primary)
        if post.named is None or cause is None:
            return
        if self._is_declined(post, Role.LIEUTENANT, post.named, cause):
            return
        chosen = self._choose(post, Role.LIEUTENANT, post.named, {primary, post.named})
        self._add(post, Role.LIEUTENANT, chosen, post.named, cause)

    def _is_declined(self, post: _Post, role: Role, instead_of: int, absence_id: int) -> bool:
        """Whether somebody decided that nobody stands in here. Posts are cut where that changes."""
        wanted = (role, instead_of, absence_id)
        return any(
            (one.role, one.instead_of, one.absence_id) == wanted
            and one.starts_at <= post.starts_at < one.ends_at
            for one in self._declined
        )

    def _cause(self, post: _Post, primary: int | None) -> int | None:
        """The absence because of which the post needs another lieutenant; None when it does not."""
        if post.named is None:
            return None
        if post.named != primary:
            return self._absence_of(post.named, post)
        stepped_up = [
            one.absence_id
            for one in self._standing_in(Role.PRIMARY, post)
            if one.user_id == primary
        ]
        return stepped_up[-1] if stepped_up else self._absence_of(post.lieutenant, post)

    def _standing_in(self, role: Role, post: _Post) -> Iterator[StandIn]:
        kept = (found for known in self._known if (found := known.stand_in()))
        for one in (*kept, *self._new):
            if one.role is role and one.starts_at <= post.starts_at < one.ends_at:
                yield one

    def _absence_of(self, user_id: int | None, post: _Post) -> int | None:
        away = self._away(user_id, post)
        return away.absence_id if away else None

    def _away(self, user_id: int | None, post: _Post) -> Away | None:
        """Posts are cut where absences begin and end, so their start tells for the whole."""
        for away in self._aways:
            if away.user_id == user_id and away.covers(post.starts_at):
                return away
        return None

    def _choose(
        self, post: _Post, role: Role, instead_of: int, without: set[int | None]
    ) -> int | None:
        """Somebody free: whoever had it until now or was to have it, then the lowest load."""
        members = _members_at(self._rota, post.starts_at)
        free = [
            user_id
            for user_id in self._line
            if user_id in members and user_id not in without and not self._away(user_id, post)
        ]
        before = [*self._before(post, role, instead_of), *self._planned(post, role)]
        tired = self._tired(post.starts_at) if free else set()
        free.sort(key=lambda user_id: (user_id not in before, user_id in tired))
        if not free:
            return None
        self._line.remove(free[0])
        self._line.append(free[0])
        return free[0]

    def _before(self, post: _Post, role: Role, instead_of: int) -> list[int | None]:
        kept = (found for known in self._known if (found := known.stand_in()))
        return [
            one.user_id
            for one in (*kept, *self._new)
            if (one.role, one.instead_of, one.ends_at) == (role, instead_of, post.starts_at)
        ]

    def _planned(self, post: _Post, role: Role) -> list[int | None]:
        return [
            one.user_id
            for one in self._old
            if one.role is role and one.starts_at <= post.starts_at < one.ends_at
        ]

    def _tired(self, at: datetime) -> set[int]:
        spec = replace(self._rota, overrides=self._overrides())
        spans = schedule.final_schedule(spec, at - REST, at)
        return {span.user_id for span in spans if span.role is Role.PRIMARY}

    def _add(
        self, post: _Post, role: Role, user_id: int | None, instead_of: int, absence_id: int
    ) -> None:
        self._new.append(
            StandIn(
                absence_id=absence_id,
                role=role,
                user_id=user_id,
                instead_of=instead_of,
                starts_at=post.starts_at,
                ends_at=post.ends_at,
            )
        )

    def _rest_of(self, known: Known) -> StandIn | None:
        found = known.stand_in()
        return found and replace(found, starts_at=max(found.starts_at, self._now))

    def _overrides(self) -> tuple[OverrideSpec, ...]:
        return tuple(known.override for known in self._known)

    def _posts(self, starts_at: datetime, ends_at: datetime) -> list[_Post]:
        added = tuple(one.override() for one in self._new)
        spec = replace(self._rota, overrides=(*self._overrides(), *added))
        primary, named = schedule.named(spec, starts_at, ends_at)
        seconds = lieutenant.beside_primary(named, primary)
        changes = {tile.starts_at for paving in (primary, seconds, named) for tile in paving}
        changes |= {at for away in self._aways for at in (away.starts_at, away.ends_at)}
        changes |= {at for one in self._declined for at in (one.starts_at, one.ends_at)}
        times = sorted(at for at in {*changes, starts_at, ends_at} if starts_at <= at <= ends_at)
        return [
            _Post(low, high, _at(primary, low), _at(named, low), _at(seconds, low))
            for low, high in pairwise(times)
        ]


def _at(paving: Paving, at: datetime) -> int | None:
    return paving[bisect_right(paving, at, key=lambda tile: tile.starts_at) - 1].user_id


def _merged(stand_ins: Iterable[StandIn]) -> Iterator[StandIn]:
    """Neighbours that say the same as one; by role, then by time."""
    last: StandIn | None = None
    for one in sorted(stand_ins, key=lambda one: (one.role, one.starts_at)):
        if last and one.follows(last):
            last = replace(last, ends_at=one.ends_at)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


def _members_at(rota: RotaSpec, at: datetime) -> set[int | None]:
    """Everybody whom the plan of that time may put on call."""
    plan, _, _ = next(schedule.reigns(rota, at, at + timedelta.resolution))
    day = reading(at, rota.zone).date()
    stacked: tuple[LayerSpec, ...] = (*plan.layers, *plan.lieutenant.layers)
    slots = (slot for layer in stacked for slot in layer.members)
    found = {
        slot.user_id
        for slot in slots
        if (slot.joins_on is None or slot.joins_on <= day)
        and (slot.leaves_on is None or day < slot.leaves_on)
    }
    return found | {plan.lieutenant.user_id}
