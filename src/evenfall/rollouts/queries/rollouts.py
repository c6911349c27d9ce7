"""Reads of rollouts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform import pages
from evenfall.platform.pages import Page
from evenfall.rollouts import errors
from evenfall.rollouts.logic.plan import ALL, Plan, read_written
from evenfall.rollouts.logic.states import ENDED, GOING_BACK, State
from evenfall.rollouts.models import Rollout
from evenfall.rollouts.models.targets import other
from evenfall.rollouts.queries.targets import TargetView, targets

NEWEST: Final = ("-id",)


class ShowRollouts(StrEnum):
    """Which rollouts a list shows."""

    ALL = "all"
    LIVE = "live"
    FAILED = "failed"


class StepView(Struct, frozen=True, kw_only=True):
    """A step for people. `state` is done, now or planned; `number` counts from 1. `until` is when
    the time of what goes on now is over, None where it has none.
    """

    number: int
    words: str
    state: str
    until: datetime | None = None


class RolloutView(Struct, frozen=True, kw_only=True):
    """A rollout as people see it. `weight` is what the new side shall get, per cent, and `beside`
    what the baseline shall; `is_seen` whether the traffic port shows it. `is_return`: it brings a
    version back that was proven before. Times are UTC, None where it has not happened.
    """

    id: int
    target: TargetView
    version: str
    stable_version: str
    side: str
    plan: Plan
    state: State
    outcome: str
    step: int
    weight: int
    routes: Mapping[str, str]
    is_seen: bool
    seen: str
    seen_at: datetime | None
    trouble: str
    asks: bool
    held: str
    why: str
    reason: str
    verdict: str
    wish: str
    is_irreversible: bool
    is_trusted: bool
    is_return: bool
    passage_id: int | None
    incident_number: int | None
    started_by: str
    started_at: datetime
    since: datetime
    decided_at: datetime | None
    promoted_at: datetime | None
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def is_returning(self) -> bool:
        return self.state in GOING_BACK or self.wish == "abort"

    @property
    def beside(self) -> int:
        return self.plan.beside(self.weight)

    @property
    def old_side(self) -> str:
        return other(self.side)

    @property
    def rest(self) -> int:
        """The per cent of the stable side."""
        return ALL - self.weight - self.beside

    @property
    def may_go_on(self) -> bool:
        return bool(self.held) or self.asks

    @property
    def watched_until(self) -> datetime | None:
        if self.promoted_at is None:
            return None
        return self.promoted_at + timedelta(seconds=self.plan.watch_s)

    @property
    def steps(self) -> Sequence[StepView]:
        past = self.promoted_at is not None or self.state is State.PROMOTING
        done = len(self.plan.steps) if past else self.step
        return tuple(self._step(number, done) for number in range(len(self.plan.steps)))

    @property
    def kept_until(self) -> datetime | None:
        """Until when the old side is kept; None before the promotion."""
        if self.promoted_at is None:
            return None
        return self.promoted_at + timedelta(seconds=self.plan.warm_s)

    def _step(self, number: int, done: int) -> StepView:
        step = self.plan.steps[number]
        is_now = number == self.step and self.state in {State.STEPPING, State.FROZEN}
        has_end = is_now and step.seconds is not None and self.state is State.STEPPING
        return StepView(
            number=number + 1,
            words=step.words(),
            state="done" if number < done else "now" if is_now else "planned",
            until=self.since + timedelta(seconds=step.seconds or 0) if has_end else None,
        )


def rollouts_page(
    show: ShowRollouts, *, service_id: int | None = None, cursor: str | None = None, size: int = 30
) -> Page[RolloutView]:
    """One page, newest first. Raises BadCursor."""
    rows = Rollout.objects.all()
    if service_id is not None:
        rows = rows.filter(target__service_id=service_id)
    if show is ShowRollouts.LIVE:
        rows = rows.filter(ended_at=None)
    elif show is ShowRollouts.FAILED:
        rows = rows.filter(state=State.ROLLED_BACK.value)
    page = pages.keyset(rows, order=NEWEST, cursor=cursor, size=size)
    return page.holding(_views(page.items))


def rollout(rollout_id: int) -> RolloutView:
    """Raises RolloutNotFound."""
    found = _views(Rollout.objects.filter(id=rollout_id))
    if not found:
        raise errors.RolloutNotFound
    return found[0]


def live_of_target(target_id: int) -> RolloutView | None:
    """What is under way there; None where nothing is."""
    rows = Rollout.objects.filter(target_id=target_id, ended_at=None).order_by("id")
    return next(iter(_views(rows[:1])), None)


def rollouts_of_passage(passage_id: int) -> list[RolloutView]:
    """Those that brought this passage of a release on, the newest first; four queries."""
    return _views(Rollout.objects.filter(passage_id=passage_id).order_by("-id"))


def _views(rows: Iterable[Rollout]) -> list[RolloutView]:
    rows = list(rows)
    known = {one.id: one for one in targets({row.target_id for row in rows})}
    names = identity_queries.actor_names({row.started_by for row in rows})
    return [_view(row, known[row.target_id], names.get(row.started_by, "Evenfall")) for row in rows]


def _view(row: Rollout, target: TargetView, started_by: str) -> RolloutView:
    return RolloutView(
        id=row.pk,
        target=target,
        version=row.version,
        stable_version=row.stable_version,
        side=row.side,
        plan=read_written(row.plan),
        state=State(row.state),
        outcome=row.outcome,
        step=row.step,
        weight=row.weight,
        routes=row.routes,
        is_seen=row.seen_intent == row.intent,
        seen=row.seen,
        seen_at=row.seen_at,
        trouble=row.trouble,
        asks=row.asks,
        held=row.held,
        why=row.why,
        reason=row.reason,
        verdict=row.verdict,
        wish=row.wish,
        is_irreversible=row.is_irreversible,
        is_trusted=row.is_trusted,
        is_return=row.is_return,
        passage_id=row.passage_id,
        incident_number=row.incident_number,
        started_by=started_by,
        started_at=row.started_at,
        since=row.since,
        decided_at=row.decided_at,
        promoted_at=row.promoted_at,
        ended_at=row.ended_at,
    )
