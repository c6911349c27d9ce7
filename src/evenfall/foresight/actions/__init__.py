"""Everything that writes in foresight."""

from evenfall.foresight.actions.asking import Asked, ask, forget_runs, work_off
from evenfall.foresight.actions.comparing import Look, answer, look, look_again
from evenfall.foresight.actions.linting import ask_for_look, dismiss, lint, look_if_asked, restore

__all__ = [
    "Asked",
    "Look",
    "answer",
    "ask",
    "ask_for_look",
    "dismiss",
    "forget_runs",
    "lint",
    "look",
    "look_again",
    "look_if_asked",
    "restore",
    "work_off",
]
