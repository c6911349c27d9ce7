"""Everything that writes in foresight."""

from evenfall.foresight.actions.asking import Asked, ask, forget_runs, work_off
from evenfall.foresight.actions.comparing import Look, answer, look, look_again
from evenfall.foresight.actions.dismissing import dismiss, restore
from evenfall.foresight.actions.looking import (
    ask_for_look,
    ask_for_looks,
    lint,
    look_if_asked,
    tell_owners,
)
from evenfall.foresight.actions.mending import mend, take_back

__all__ = [
    "Asked",
    "Look",
    "answer",
    "ask",
    "ask_for_look",
    "ask_for_looks",
    "dismiss",
    "forget_runs",
    "lint",
    "look",
    "look_again",
    "look_if_asked",
    "mend",
    "restore",
    "take_back",
    "tell_owners",
    "work_off",
]
