"""What happened in a rollout, told from the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from evenfall.identity import queries as identity_queries
from evenfall.platform import journal


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
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
    "rollouts.started": lambda one: f"Version {one['version']} was asked for.",
    "rollouts.advanced": lambda one: (
        f"Step {one['step'] + 1}, {one['weight']} % of the requests. {one['reason']}"
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
    "rollouts.troubled": lambda one: f"The traffic port is in trouble. {one['trouble']}",
}
_BAD: Final = frozenset({"rollouts.turned_back", "rollouts.frozen", "rollouts.troubled"})


def story(rollout_id: int) -> list[StoryLine]:
    """The facts of a rollout, newest first."""
    entries = journal.entries(subject=f"rollout:{rollout_id}")
    names = identity_queries.actor_names({one.actor for one in entries})
    return [
        StoryLine(
            at=one.at,
            actor=names.get(one.actor, ""),
            text=_TELL[one.kind](one.data).strip(),
            is_bad=one.kind in _BAD,
        )
        for one in reversed(entries)
        if one.kind in _TELL
    ]
