"""What a person can do next with an incident, the most likely first."""

from typing import Final

from msgspec import Struct

from evenfall.incidents.logic.states import TRANSITIONS, Act, State


class Step(Struct, frozen=True):
    """One tap. `icon` is a name of the design system, `url` the name of the page's address."""

    act: Act
    label: str
    icon: str

    @property
    def url(self) -> str:
        return f"incidents:{self.act.value}"

    @property
    def is_answer(self) -> bool:
        """Whether the key for "I have seen it" means this one."""
        return self.act is Act.ACKNOWLEDGE


_STEPS: Final[dict[Act, Step]] = {
    step.act: step
    for step in (
        Step(Act.ACKNOWLEDGE, "Acknowledge", "ack"),
        Step(Act.MOBILISE, "I'm on it", "working"),
        Step(Act.INVESTIGATE, "Back to investigating", "search"),
        Step(Act.FIX, "Start fixing", "working"),
        Step(Act.MONITOR, "Watch the fix", "chart"),
        Step(Act.RESOLVE, "Resolve", "check"),
        Step(Act.REVIEW, "Send to review", "note"),
        Step(Act.CLOSE, "Close", "check"),
    )
}
_GO_ON: Final = Step(Act.INVESTIGATE, "Go on with it", "next")
_NEXT: Final[dict[State, tuple[Act, ...]]] = {
    State.OPEN: (Act.ACKNOWLEDGE, Act.MOBILISE, Act.RESOLVE),
    State.ACKNOWLEDGED: (Act.FIX, Act.MONITOR, Act.RESOLVE),
    State.FIXING: (Act.MONITOR, Act.RESOLVE, Act.INVESTIGATE),
    State.MONITORING: (Act.RESOLVE, Act.FIX, Act.INVESTIGATE),
    State.PAUSED: (Act.INVESTIGATE, Act.FIX, Act.RESOLVE),
    State.RESOLVED: (Act.CLOSE, Act.REVIEW),
    State.REVIEW: (Act.CLOSE,),
}


def next_steps(state: State, *, in_hand: bool) -> tuple[Step, ...]:
    """Return what is one tap away; `in_hand`: somebody has said "I'm on it"."""
    acts = _NEXT.get(state, ())
    if state is State.ACKNOWLEDGED and not in_hand:
        acts = (Act.MOBILISE, *acts)
    steps = tuple(_STEPS[act] for act in acts)
    return (_GO_ON, *steps[1:]) if state is State.PAUSED else steps


def asking(state: State) -> frozenset[str]:
    """Return the acts possible now that need more than a tap: a reason, a time, a number."""
    wordy = (Act.PAUSE, Act.DECLINE, Act.REOPEN, Act.MERGE)
    return frozenset(act.value for act in wordy if (state, act) in TRANSITIONS)
