"""Writing down what was seen, deciding, and writing down what is wanted next.

The intent is in the row before anybody touches the outside: whoever dies in between, the next pass
finds it, does it again and reads it back. Nothing is believed that was not seen.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.platform.events import Event, publish
from evenfall.platform.wakeups import wake
from evenfall.rollouts import events
from evenfall.rollouts.actions import releasing
from evenfall.rollouts.actions.claiming import Errand
from evenfall.rollouts.actions.deploying import deployed, note_deployments
from evenfall.rollouts.actions.starting import WORK, about, begin_next
from evenfall.rollouts.actions.tallying import guard_verdicts, keep_tally
from evenfall.rollouts.actions.touching import Answer
from evenfall.rollouts.logic.deciding import Action, Move, Standing, Why, decide, wanted
from evenfall.rollouts.logic.plan import Plan, read_written
from evenfall.rollouts.logic.states import AHEAD, GOING_BACK, State, Wish
from evenfall.rollouts.logic.verdicts import Verdict, worst
from evenfall.rollouts.models import Rollout, Target
from evenfall.rollouts.ports import AlreadyThere

TICK: Final = timedelta(seconds=1)
_ENDS_BY_WISH: Final = frozenset({State.ABORTED, State.SUPERSEDED})


@transaction.atomic
def settle(
    *,
    errand: Errand,
    answer: Answer,
    verdicts: Sequence[Verdict],
    closed: str = "",
    now: datetime,
) -> Move | None:
    """Write down what a pass brought and decide; None where it came too late to count.

    `verdicts` are those of the registered lanes; the guard's is added here. `closed` says why
    nothing may go forward, or is empty. `now` is when the answer was there.
    """
    # the target first: `starting` locks in this order too
    target = Target.objects.select_for_update(no_key=True).get(id=errand.target_id)
    rows = Rollout.objects.select_for_update(no_key=True).filter(
        id=errand.rollout_id, attempt=errand.attempt
    )
    row = rows.first()
    if row is None or row.due_at is None:
        return None
    row.target = target
    plan = read_written(row.plan)
    _note(row, errand, answer, now)
    verdict = worst([*guard_verdicts(row, plan, now=now), *verdicts])
    row.verdict = verdict.outcome.value if State(row.state) in AHEAD else ""
    action = decide(_standing(row, plan, closed, now), plan, verdict, now)
    _carry_out(row, plan, action, now)
    row.busy_until = None
    row.save()
    return action.move


def _standing(row: Rollout, plan: Plan, closed: str, now: datetime) -> Standing:
    # what closes the way for new versions never closes the way back
    held = row.held or ("" if row.is_return else closed)
    return Standing(
        state=State(row.state),
        step=row.step,
        since=row.since,
        unseen_since=None if row.seen_intent == row.intent else row.trouble_since or row.since,
        trouble=row.trouble,
        wish=Wish(row.wish),
        held=held,
        deployed=deployed(row, plan),
        is_irreversible=row.is_irreversible,
        is_trusted=row.is_trusted,
        is_cold=_is_cold(row, plan, now),
    )


def _is_cold(row: Rollout, plan: Plan, now: datetime) -> bool:
    """Whether the old side has to be deployed before it can take requests again.

    Where nothing deploys there is nothing better than trying: ports see whether it can serve.
    """
    if row.promoted_at is None or row.target.deploy_kind == AlreadyThere.name:
        return False
    return now - row.promoted_at > timedelta(seconds=plan.warm_s)


def _note(row: Rollout, errand: Errand, answer: Answer, now: datetime) -> None:
    """What the outside showed."""
    note_deployments(row, answer.deployments, now=now)
    if answer.seen is not None:
        row.seen, row.seen_at = answer.seen.words[:500], now
        keep_tally(row, answer.seen.counts, is_baseline=errand.split.beside > 0, now=now)
        _note_seen(row, errand, now, fits=answer.seen.fits)
    trouble = answer.trouble[:500]
    if trouble and not row.trouble:
        publish(events.RolloutTroubled(**about(row), trouble=trouble, state=row.state, at=now))
    row.trouble = trouble
    is_well = not trouble and row.seen_intent == row.intent
    row.trouble_since = None if is_well else row.trouble_since or now


def _note_seen(row: Rollout, errand: Errand, now: datetime, *, fits: bool) -> None:
    if not fits:
        row.seen_intent = 0
    elif row.seen_intent != errand.intent:
        row.seen_intent = errand.intent
        row.since = now


class _Doing(Struct, frozen=True):
    """What the moves share."""

    row: Rollout
    plan: Plan
    action: Action
    now: datetime

    @property
    def by(self) -> str:
        return self.row.wish_by if self.action.why is Why.BY_HAND else "system"

    def tell(self, kind: Callable[..., Event], **more: object) -> None:
        publish(kind(**about(self.row), **more, at=self.now, actor=self.by))

    def said(self) -> Mapping[str, str]:
        return {"why": self.action.why.value, "reason": self.action.reason}

    def go(self, state: State, *, step: int | None = None) -> None:
        """Into a state and at a step, with the traffic that belongs there."""
        self.row.state = state.value
        self.row.step = self.row.step if step is None else step
        self.row.since = self.now
        traffic = wanted(self.plan, state, self.row.step)
        routes = dict(traffic.routes) if traffic else self.row.routes
        weight = traffic.weight if traffic else self.row.weight
        is_other = (weight, routes) != (self.row.weight, self.row.routes)
        # a way back is applied even where nothing seems to change: it also shuts the side
        if is_other or state is State.RETURNING:
            self.row.weight, self.row.routes = weight, routes
            self.row.intent += 1
            self.row.trouble_since = self.now


def _carry_out(row: Rollout, plan: Plan, action: Action, now: datetime) -> None:
    doing = _Doing(row, plan, action, now)
    before = (row.asks, row.why)
    row.asks, row.why = action.move is Move.ASK, action.why.value
    if not _keeps_its_reason(row, action):
        row.reason = action.reason[:1000]
    if action.move not in _AT_ONCE:  # those stay due: what is wanted is set in the next pass
        row.due_at = now + TICK
    if action.move is Move.ASK and before != (True, row.why):
        _ask(doing)
    act = _ACTS.get(action.move)
    if act is not None:
        act(doing)
        wake(WORK)


def _keeps_its_reason(row: Rollout, action: Action) -> bool:
    """On its way back, why it turned stays to be read; and why it froze."""
    is_led_back = row.is_return and action.move not in {Move.ASK, Move.RETURN}
    is_frozen = row.state == State.FROZEN and action.move is Move.STAY
    return row.state in GOING_BACK or is_led_back or is_frozen


def _ask(doing: _Doing) -> None:
    """Who waits on the way back is in trouble: people are called."""
    if doing.row.state == State.RESTORING:
        trouble = doing.action.reason
        doing.tell(events.RolloutTroubled, trouble=trouble, state=doing.row.state)
    else:
        doing.tell(events.RolloutHolds, **doing.said())


def _begin(doing: _Doing) -> None:
    releasing.took_effect(doing.row, now=doing.now, actor=doing.row.started_by)
    _step_to(doing, 0)


def _next(doing: _Doing) -> None:
    if doing.action.why is Why.BY_HAND:
        doing.row.wish = Wish.NONE.value
    _step_to(doing, doing.row.step + 1)


def _step_to(doing: _Doing, step: int) -> None:
    doing.go(State.STEPPING, step=step)
    if step < len(doing.plan.steps):  # after the last one comes the promotion, which is told
        doing.tell(events.RolloutAdvanced, step=step, weight=doing.row.weight, **doing.said())


def _promote(doing: _Doing) -> None:
    doing.row.is_trusted = doing.row.is_trusted or doing.row.state == State.FROZEN
    doing.row.wish = Wish.NONE.value
    doing.go(State.PROMOTING)
    doing.tell(events.RolloutPromoted, **doing.said())


def _watch(doing: _Doing) -> None:
    doing.go(State.WATCHING)
    doing.row.promoted_at = doing.now
    if doing.row.is_return:
        releasing.went_back(doing.row, now=doing.now, actor=doing.row.started_by)
    releasing.deployed(doing.row, now=doing.now, actor=doing.by)
    doing.tell(events.RolloutWatched, watch_s=doing.plan.watch_s)


def _prove(doing: _Doing) -> None:
    row, target = doing.row, doing.row.target
    target.stable_side = row.side
    _runs(target, row.side, row.version)
    releasing.proven(row, now=doing.now, actor=doing.by)
    _end(doing, State.PROVEN)
    doing.tell(events.RolloutProven, **doing.said())


def _return(doing: _Doing) -> None:
    if doing.row.state == State.RESTORING:  # decided and told before
        doing.go(State.RETURNING)
    else:
        _turn_back(doing, State.RETURNING)


def _restore(doing: _Doing) -> None:
    _turn_back(doing, State.RESTORING)


def _turn_back(doing: _Doing, state: State) -> None:
    row, weight = doing.row, doing.row.weight
    if doing.action.why is not Why.BY_HAND:
        row.outcome = State.ROLLED_BACK.value
    row.wish, row.decided_at = Wish.NONE.value, doing.now
    row.trouble = ""  # trouble on the way back is told anew: it is another matter
    doing.go(state)
    doing.tell(events.RolloutTurnedBack, outcome=row.outcome, weight=weight, **doing.said())


def _end_return(doing: _Doing) -> None:
    row = doing.row
    took = max((doing.now - (row.decided_at or doing.now)).total_seconds(), 0.0)
    _runs(row.target, row.side, "")
    releasing.taken_back(row, now=doing.now, actor=doing.by)
    _end(doing, State(row.outcome))
    doing.tell(events.RolloutReturned, outcome=row.outcome, took_s=round(took, 3))


def _freeze(doing: _Doing) -> None:
    doing.go(State.FROZEN)
    doing.tell(events.RolloutFrozen, weight=doing.row.weight, reason=doing.action.reason)


def _runs(target: Target, side: str, version: str) -> None:
    setattr(target, f"{side}_version", version)
    target.save(update_fields=["stable_side", f"{side}_version"])


def _end(doing: _Doing, state: State) -> None:
    row = doing.row
    row.state, row.ended_at, row.due_at = state.value, doing.now, None
    row.wish = Wish.NONE.value
    row.save()
    begin_next(row.target, now=doing.now)


_AT_ONCE: Final = frozenset({Move.BEGIN, Move.NEXT, Move.PROMOTE, Move.RESTORE, Move.RETURN})
_ACTS: Final[Mapping[Move, Callable[[_Doing], None]]] = {
    Move.BEGIN: _begin,
    Move.NEXT: _next,
    Move.PROMOTE: _promote,
    Move.WATCH: _watch,
    Move.PROVE: _prove,
    Move.RESTORE: _restore,
    Move.RETURN: _return,
    Move.END_RETURN: _end_return,
    Move.FREEZE: _freeze,
}
