"""What can be done in insights. Import this module, not its parts."""

from evenfall.insights.actions.deciding import (
    apply_proposal,
    dismiss_proposal,
    reopen_proposal,
    undo_proposal,
)
from evenfall.insights.actions.finding import find_proposals
from evenfall.insights.actions.recording import (
    forget_pages,
    record_about,
    record_history,
    record_pages,
)
from evenfall.insights.actions.replaying import replay_proposal

__all__ = [
    "apply_proposal",
    "dismiss_proposal",
    "find_proposals",
    "forget_pages",
    "record_about",
    "record_history",
    "record_pages",
    "reopen_proposal",
    "replay_proposal",
    "undo_proposal",
]
