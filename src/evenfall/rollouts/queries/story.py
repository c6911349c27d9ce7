"""What happened in a rollout, told from the journal."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform import journal
from evenfall.rollouts.logic.plan import Do, Plan
from evenfall.rollouts.queries.rollouts import RolloutView


class StoryLine(Struct, frozen=True, kw_only=True):
    """`actor` is the name of who did it, "" where nobody did."""

    at: datetime
    actor: str
    text: str
    is_bad: bool = False


_WISHES: Final = {
    "next": "asked for the next step",
    "promote": "asked for the promotion",
    "abort": "asked for the way back",
    "hold": "held it",
    "resume": "let it go on",
}
_TELL: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "rollouts.started": lambda one: (
        f"Back to version {one['version']}. {one.get('reason', '')}"
        if one["strategy"] == "return"
        else f"Version {one['version']} was asked for."
    ),
    "rollouts.holds": lambda one: f"It waits. {one['reason']}",
    "rollouts.promoted": lambda one: f"All traffic to it. {one['reason']}",
    "rollouts.watched": lambda _one: "All traffic was seen there; it is watched.",
    "rollouts.proven": lambda one: f"It is proven. {one['reason']}",
    "rollouts.turned_back": lambda one: (
        f"All traffic back, it had {one['weight']} %. {one['reason']}"
    ),
    "rollouts.returned": lambda one: (
        f"All traffic was seen on the stable side, {one['took_s']:.1f} s after the decision."
    ),
    "rollouts.frozen": lambda one: f"Frozen at {one['weight']} %. {one['reason']}",
    "rollouts.wished": lambda one: f"{_WISHES.get(one['wish'], one['wish'])}. {one['reason']}",
    "rollouts.troubled": lambda one: f"It is in trouble. {one['trouble']}",
}
_BAD: Final = frozenset({"rollouts.turned_back", "rollouts.frozen", "rollouts.troubled"})


def _step(plan: Plan, one: Mapping[str, Any]) -> str:
    """What began, and with how much where that is not what it is about."""
    step = plan.steps[one["step"]]
    share = "" if step.do is Do.WEIGHT else f", with {one['weight']} % of the requests"
    return f"Step {one['step'] + 1}: {step.words()}{share}. {_by_hand(one)}"


def _by_hand(one: Mapping[str, Any]) -> str:
    """A step that is over says so by the next one; what a person skipped is worth a word."""
    return f"{one['reason']} Somebody led it on." if one["why"] == "by_hand" else ""


def story(view: RolloutView) -> list[StoryLine]:
    """The facts of a rollout, newest first."""
    entries = journal.entries(subject=f"rollout:{view.id}")
    tell: dict[str, Callable[[Mapping[str, Any]], str]]
    tell = {**_TELL, "rollouts.advanced": partial(_step, view.plan)}
    names = identity_queries.actor_names({one.actor for one in entries})
    return [
        StoryLine(
            at=one.at,
            actor=names.get(one.actor, ""),
            text=tell[one.kind](one.data).strip(),
            is_bad=one.kind in _BAD,
        )
        for one in reversed(entries)
        if one.kind in tell
    ]
