"""What can be done with runbooks. Import this module, not its parts."""

from evenfall.runbooks.actions.folders import import_folder, receive_folder
from evenfall.runbooks.actions.linking import set_links
from evenfall.runbooks.actions.reminding import remind_owners
from evenfall.runbooks.actions.ticking import tick
from evenfall.runbooks.actions.using import record_use, report_missing, settle_missing
from evenfall.runbooks.actions.writing import (
    RunbookWish,
    archive_runbook,
    create_runbook,
    restore_runbook,
    save_runbook,
)

__all__ = [
    "RunbookWish",
    "archive_runbook",
    "create_runbook",
    "import_folder",
    "receive_folder",
    "record_use",
    "remind_owners",
    "report_missing",
    "restore_runbook",
    "save_runbook",
    "set_links",
    "settle_missing",
    "tick",
]
