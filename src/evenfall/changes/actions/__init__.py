"""Everything that writes to the ledger."""

from evenfall.changes.actions.receiving import REFUSALS_KEPT, Outcome, note_refusal, receive
from evenfall.changes.actions.recording import (
    hold_changes,
    record_change,
    tell_deploy,
    tell_harm,
    tell_undone,
)
from evenfall.changes.actions.sources import (
    Keys,
    SourceWish,
    change_source,
    create_source,
    new_keys,
    switch_source,
)

__all__ = [
    "REFUSALS_KEPT",
    "Keys",
    "Outcome",
    "SourceWish",
    "change_source",
    "create_source",
    "hold_changes",
    "new_keys",
    "note_refusal",
    "receive",
    "record_change",
    "switch_source",
    "tell_deploy",
    "tell_harm",
    "tell_undone",
]
