"""What can be done with runbooks. Import this module, not its parts."""

from evenfall.runbooks.actions.deciding import (
    allow_steps,
    approve_step,
    stop_all_steps,
    stop_run,
    undo_run,
)
from evenfall.runbooks.actions.fetching import fetch_due_repository
from evenfall.runbooks.actions.folders import import_folder, receive_folder
from evenfall.runbooks.actions.linking import set_links
from evenfall.runbooks.actions.performing import perform
from evenfall.runbooks.actions.reminding import remind_owners
from evenfall.runbooks.actions.repositories import (
    RepositoryWish,
    add_repository,
    change_repository,
    fetch_now,
    remove_repository,
)
from evenfall.runbooks.actions.runners import (
    RunnerErrand,
    announce_runner,
    ask_runner,
    cancel_work,
    create_runner,
    hand_out,
    revoke_runner,
    runner_of,
    take_result,
)
from evenfall.runbooks.actions.running import claim_move, settle
from evenfall.runbooks.actions.starting import start_run
from evenfall.runbooks.actions.steps import (
    StepWish,
    move_step,
    remove_parameter,
    remove_step,
    save_parameter,
    save_step,
)
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
    "RepositoryWish",
    "RunbookWish",
    "RunnerErrand",
    "StepWish",
    "add_repository",
    "allow_steps",
    "announce_runner",
    "approve_step",
    "archive_runbook",
    "ask_runner",
    "cancel_work",
    "change_repository",
    "claim_move",
    "create_runbook",
    "create_runner",
    "fetch_due_repository",
    "fetch_now",
    "hand_out",
    "import_folder",
    "move_step",
    "perform",
    "receive_folder",
    "record_use",
    "remind_owners",
    "remove_parameter",
    "remove_repository",
    "remove_step",
    "report_missing",
    "restore_runbook",
    "revoke_runner",
    "runner_of",
    "save_parameter",
    "save_runbook",
    "save_step",
    "set_links",
    "settle",
    "settle_missing",
    "start_run",
    "stop_all_steps",
    "stop_run",
    "take_result",
    "tick",
    "undo_run",
]
