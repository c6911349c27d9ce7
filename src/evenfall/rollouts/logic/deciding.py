"""What a rollout does next: one pure function, each answer with its reason.

The order is the rule: abort before everything, a failure before every wait, what is wanted must be
seen before anything goes on, and only then people, time and verdicts lead forward.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from evenfall.platform import durations
from evenfall.rollouts.logic.plan import ALL, Plan, Step, Traffic, traffic_at
from evenfall.rollouts.logic.states import AHEAD, ENDED, GOING_BACK, Deployed, State, Wish
from evenfall.rollouts.logic.verdicts import Outcome, Verdict


class Move(StrEnum):
    """What is to be done."""

    STAY = "stay"
    APPLY = "apply"
    """Set what is wanted once more: it is not seen yet."""
    BEGIN = "begin"
    """The deploy is done: the first step."""
    NEXT = "next"
    PROMOTE = "promote"
    WATCH = "watch"
    PROVE = "prove"
    ASK = "ask"
    """Hold, and ask a person."""
    RESTORE = "restore"
    """Back, once the stable version is deployed again."""
    RETURN = "return"
    END_RETURN = "end_return"
    FREEZE = "freeze"


class Why(StrEnum):
    """Why, as a word that stays the same; `Action.reason` is the sentence."""

    ENDED = "ended"
    ON_ITS_WAY = "on_its_way"
    BY_HAND = "by_hand"
    FAILED = "failed"
    IRREVERSIBLE = "irreversible"
    DEPLOY_FAILED = "deploy_failed"
    COLD = "cold"
    """The old side is kept no more."""
    TOO_LATE = "too_late"
    HELD = "held"
    TROUBLE = "trouble"
    """The port showed what was wanted before, and does not answer now: no reason to go back."""
    STEP_DONE = "step_done"
    WAITS = "waits"
    NO_DATA = "no_data"
    INCONCLUSIVE = "inconclusive"
    ALL_STEPS_DONE = "all_steps_done"
    SEEN = "seen"
    WATCH_OVER = "watch_over"


class Standing(Struct, frozen=True, kw_only=True):
    """A rollout as it stands. `step` counts from 0; `since` is when its state, its step
    or its traffic began, whichever was last.

    `unseen_since`: since when the port does not show what is wanted; None while it does. `trouble`:
    why it does not answer now. `held` says why nothing may go forward now
    (a person, a closed gate), or is empty. `is_trusted`: a person promoted it after it had failed,
    so verdicts are told but lead nowhere. `is_cold`: the old side is kept no more, and something
    can deploy the stable version there again.
    """

    state: State
    step: int
    since: datetime
    unseen_since: datetime | None = None
    trouble: str = ""
    wish: Wish = Wish.NONE
    held: str = ""
    deployed: Deployed = Deployed.DONE
    is_irreversible: bool = False
    is_trusted: bool = False
    is_cold: bool = False

    @property
    def is_applied(self) -> bool:
        return self.unseen_since is None


class Action(Struct, frozen=True, kw_only=True):
    move: Move
    why: Why
    reason: str


def wanted(plan: Plan, state: State, step: int) -> Traffic | None:
    """The traffic of the new side in this state; None: whatever it was. Never anything between."""
    if state in {State.FROZEN, State.RESTORING}:
        return None
    if state is State.STEPPING:
        return traffic_at(plan, step)
    is_all = state in {State.PROMOTING, State.WATCHING, State.PROVEN}
    return Traffic(ALL) if is_all else Traffic(0)


def decide(one: Standing, plan: Plan, verdict: Verdict, now: datetime) -> Action:
    """What to do now. Called each second, and whenever a person asked for something."""
    return _back(one, plan, verdict, now) or _on(one, plan, verdict, now)


def _back(one: Standing, plan: Plan, verdict: Verdict, now: datetime) -> Action | None:
    """What leads back, or is on its way there."""
    if one.state in ENDED:
        return Action(move=Move.STAY, why=Why.ENDED, reason="It has ended.")
    if one.state in GOING_BACK:
        return _returning(one) if one.state is State.RETURNING else _restoring(one, plan, now)
    if one.wish is Wish.ABORT:
        return Action(move=_way_back(one), why=Why.BY_HAND, reason="Somebody ended it.")
    if one.state in AHEAD and verdict.outcome is Outcome.FAIL and not one.is_trusted:
        return _failed(one, verdict)
    return None


def _on(one: Standing, plan: Plan, verdict: Verdict, now: datetime) -> Action:
    if one.state is State.QUEUED:
        return Action(move=Move.STAY, why=Why.WAITS, reason="Another version makes place first.")
    if one.state is State.DEPLOYING:
        return _deploying(one, plan, now)
    if one.state is State.FROZEN:
        return _frozen(one)
    if one.unseen_since is not None:
        return _not_seen(one, plan, now - one.unseen_since)
    if one.trouble:
        return Action(move=Move.ASK, why=Why.TROUBLE, reason=one.trouble)
    return _forward(one, plan, verdict, now)


def _returning(one: Standing) -> Action:
    if one.is_applied:
        reason = "All traffic is seen on the stable side."
        return Action(move=Move.END_RETURN, why=Why.SEEN, reason=reason)
    return Action(move=Move.APPLY, why=Why.ON_ITS_WAY, reason="All traffic goes back.")


def _way_back(one: Standing) -> Move:
    return Move.RESTORE if one.is_cold else Move.RETURN


def _restoring(one: Standing, plan: Plan, now: datetime) -> Action:
    """Late or failed, it is not given up: there is no other way back."""
    if one.deployed is Deployed.DONE:
        return Action(move=Move.RETURN, why=Why.COLD, reason="The stable version is there again.")
    if one.deployed is Deployed.FAILED:
        reason = "The stable version could not be deployed again."
        return Action(move=Move.ASK, why=Why.DEPLOY_FAILED, reason=reason)
    if now - one.since > timedelta(seconds=plan.deadline_s):
        reason = f"The stable version is not there again after {durations.exact(plan.deadline_s)}."
        return Action(move=Move.ASK, why=Why.TOO_LATE, reason=reason)
    reason = "The old side is kept no more: the stable version is put there first."
    return Action(move=Move.STAY, why=Why.COLD, reason=reason)


def _failed(one: Standing, verdict: Verdict) -> Action:
    if one.is_irreversible:
        reason = f"{verdict.reason} A migration cannot be taken back: people decide."
        return Action(move=Move.FREEZE, why=Why.IRREVERSIBLE, reason=reason)
    return Action(move=_way_back(one), why=Why.FAILED, reason=verdict.reason)


def _deploying(one: Standing, plan: Plan, now: datetime) -> Action:
    if one.deployed is Deployed.FAILED:
        return Action(move=Move.RETURN, why=Why.DEPLOY_FAILED, reason="The deploy failed.")
    if now - one.since > timedelta(seconds=plan.deadline_s):
        reason = f"The deploy is not done after {durations.exact(plan.deadline_s)}."
        return Action(move=Move.RETURN, why=Why.TOO_LATE, reason=reason)
    if not one.is_applied:
        reason = "The new side gets nothing until it is ready."
        return Action(move=Move.APPLY, why=Why.ON_ITS_WAY, reason=reason)
    if one.deployed is not Deployed.DONE:
        return Action(move=Move.STAY, why=Why.WAITS, reason="The new version is being deployed.")
    if one.held:
        return Action(move=Move.STAY, why=Why.HELD, reason=one.held)
    return Action(move=Move.BEGIN, why=Why.STEP_DONE, reason="The new version is there.")


def _not_seen(one: Standing, plan: Plan, passed: timedelta) -> Action:
    """An intent is carried out or given up, held or not: between the two nothing may stay."""
    if passed <= timedelta(seconds=plan.deadline_s):
        reason = "The traffic port does not show yet what is wanted."
        return Action(move=Move.APPLY, why=Why.ON_ITS_WAY, reason=reason)
    reason = f"The traffic port does not show it after {durations.exact(plan.deadline_s)}."
    if one.is_irreversible:
        return Action(move=Move.FREEZE, why=Why.IRREVERSIBLE, reason=reason)
    return Action(move=_way_back(one), why=Why.TOO_LATE, reason=reason)


def _frozen(one: Standing) -> Action:
    if one.wish is Wish.PROMOTE:
        return Action(move=Move.PROMOTE, why=Why.BY_HAND, reason="Somebody promoted it.")
    return Action(move=Move.STAY, why=Why.IRREVERSIBLE, reason="Frozen: people decide.")


def _forward(one: Standing, plan: Plan, verdict: Verdict, now: datetime) -> Action:
    if one.held:
        return Action(move=Move.STAY, why=Why.HELD, reason=one.held)
    if one.state is State.PROMOTING:
        return Action(move=Move.WATCH, why=Why.SEEN, reason="All traffic is on the new side.")
    if one.state is State.WATCHING:
        return _watching(one, plan, verdict, now)
    if one.wish is Wish.PROMOTE:
        return Action(move=Move.PROMOTE, why=Why.BY_HAND, reason="Somebody promoted it.")
    if one.step >= len(plan.steps):
        return Action(move=Move.PROMOTE, why=Why.ALL_STEPS_DONE, reason="All steps are done.")
    return _step(one, plan, verdict, now)


def _watching(one: Standing, plan: Plan, verdict: Verdict, now: datetime) -> Action:
    if one.wish is Wish.PROMOTE:
        return Action(move=Move.PROVE, why=Why.BY_HAND, reason="Somebody called it proven.")
    done = Action(
        move=Move.PROVE,
        why=Why.WATCH_OVER,
        reason=f"Nothing failed in {durations.exact(plan.watch_s)} with all traffic.",
    )
    if one.is_trusted and now - one.since >= timedelta(seconds=plan.watch_s):
        return done if plan.watch_s else replace(done, reason="It was proven before.")
    return _when_passed(one, plan, verdict, now, seconds=plan.watch_s, done=done)


def _step(one: Standing, plan: Plan, verdict: Verdict, now: datetime) -> Action:
    step = plan.steps[one.step]
    if step.moves_traffic or one.wish is Wish.NEXT:
        return _next(step, by_hand=not step.moves_traffic)
    if step.seconds is None:
        return Action(move=Move.ASK, why=Why.WAITS, reason="It waits for somebody to say go.")
    done = _next(step, by_hand=False)
    return _when_passed(one, plan, verdict, now, seconds=step.seconds, done=done)


def _next(step: Step, *, by_hand: bool) -> Action:
    why = Why.BY_HAND if by_hand else Why.STEP_DONE
    return Action(move=Move.NEXT, why=why, reason=f"Done: {step.words()}.")


def _when_passed(  # what a wait is made of
    one: Standing, plan: Plan, verdict: Verdict, now: datetime, *, seconds: int, done: Action
) -> Action:
    """Go on when the time is over and the verdict is a pass; no data waits longer, then asks."""
    passed = now - one.since
    if passed < timedelta(seconds=seconds):
        return Action(move=Move.STAY, why=Why.WAITS, reason=verdict.reason)
    if verdict.outcome is Outcome.PASS:
        return done
    if verdict.outcome is not Outcome.NO_DATA:
        return Action(move=Move.ASK, why=Why.INCONCLUSIVE, reason=verdict.reason)
    move = Move.STAY if passed < timedelta(seconds=seconds + plan.patience_s) else Move.ASK
    return Action(move=move, why=Why.NO_DATA, reason=verdict.reason)
