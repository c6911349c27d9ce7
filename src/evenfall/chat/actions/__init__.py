"""What can be done with rooms and from within them. Import this module, not its parts."""

from evenfall.chat.actions.answering import answer_from_chat
from evenfall.chat.actions.commands import run_command

__all__ = ["answer_from_chat", "run_command"]
