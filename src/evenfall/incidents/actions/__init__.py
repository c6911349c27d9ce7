"""What can be done with incidents. Import this module, not its parts."""

from evenfall.incidents.actions.advancing import advance_incident, decline_incident
from evenfall.incidents.actions.answering import PageWord, follow_answers
from evenfall.incidents.actions.approving import (
    Decider,
    Said,
    approve_proposed,
    say_update,
    send_back_proposed,
    set_approval,
    withdraw_proposed,
)
from evenfall.incidents.actions.declaring import declare_incident
from evenfall.incidents.actions.editing import rename, set_severity
from evenfall.incidents.actions.following import (
    AlertChange,
    AlertEnd,
    acknowledge_alerts,
    end_alerts,
    update_alerts,
)
from evenfall.incidents.actions.hearing import tell_listeners
from evenfall.incidents.actions.hiding import add_insiders, name_called, set_privacy
from evenfall.incidents.actions.hosting import Symptom, host_symptoms, let_go, link_causes
from evenfall.incidents.actions.inviting import PREFIX as INVITED
from evenfall.incidents.actions.inviting import invite, stop_invitations
from evenfall.incidents.actions.joining import open_or_join
from evenfall.incidents.actions.keeping import Turn, Turned, follow_turns
from evenfall.incidents.actions.listing import ListenerWish, add_listener, remove_listener
from evenfall.incidents.actions.marking import annotate_entry, pin_entry
from evenfall.incidents.actions.merging import merge_incidents
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.noting import (
    add_note,
    attach_images,
    correct_note,
    strike_note,
)
from evenfall.incidents.actions.pausing import Reminded, pause_incident, remind_of_pauses
from evenfall.incidents.actions.reaching import page_more
from evenfall.incidents.actions.recurring import link_recurrence
from evenfall.incidents.actions.relieving import (
    Ended,
    Relieved,
    Reopened,
    end_roles,
    offer_command_relief,
    restore_command,
)
from evenfall.incidents.actions.reminding import Watched, watch_promises
from evenfall.incidents.actions.responding import (
    acknowledge_incident,
    mark_not_actionable,
    mobilise_incident,
    reopen_incident,
    resolve_incident,
)
from evenfall.incidents.actions.roles import give_role, leave_role, read_handover
from evenfall.incidents.actions.seconding import join_incident
from evenfall.incidents.actions.stamping import correct_stamp
from evenfall.incidents.actions.suspecting import judge_suspect, withdraw_verdict
from evenfall.incidents.actions.taking_back import AlertBack, take_back
from evenfall.incidents.actions.tasks import (
    add_task,
    change_task,
    drop_task,
    finish_task,
    move_task,
    reopen_task,
    take_task,
)
from evenfall.incidents.actions.telling import (
    Wording,
    declare_long,
    name_next_update,
    take_back_long,
    tell_update,
    told_elsewhere,
)
from evenfall.incidents.logic.grouping import Arrival

__all__ = [
    "INVITED",
    "AlertBack",
    "AlertChange",
    "AlertEnd",
    "Arrival",
    "By",
    "Decider",
    "Ended",
    "ListenerWish",
    "PageWord",
    "Relieved",
    "Reminded",
    "Reopened",
    "Said",
    "Symptom",
    "Turn",
    "Turned",
    "Watched",
    "Wording",
    "acknowledge_alerts",
    "acknowledge_incident",
    "add_insiders",
    "add_listener",
    "add_note",
    "add_task",
    "advance_incident",
    "annotate_entry",
    "approve_proposed",
    "attach_images",
    "change_task",
    "correct_note",
    "correct_stamp",
    "declare_incident",
    "declare_long",
    "decline_incident",
    "drop_task",
    "end_alerts",
    "end_roles",
    "finish_task",
    "follow_answers",
    "follow_turns",
    "give_role",
    "host_symptoms",
    "invite",
    "join_incident",
    "judge_suspect",
    "leave_role",
    "let_go",
    "link_causes",
    "link_recurrence",
    "mark_not_actionable",
    "merge_incidents",
    "mobilise_incident",
    "move_task",
    "name_called",
    "name_next_update",
    "offer_command_relief",
    "open_or_join",
    "page_more",
    "pause_incident",
    "pin_entry",
    "read_handover",
    "remind_of_pauses",
    "remove_listener",
    "rename",
    "reopen_incident",
    "reopen_task",
    "resolve_incident",
    "restore_command",
    "say_update",
    "send_back_proposed",
    "set_approval",
    "set_privacy",
    "set_severity",
    "stop_invitations",
    "strike_note",
    "take_back",
    "take_back_long",
    "take_task",
    "tell_listeners",
    "tell_update",
    "told_elsewhere",
    "update_alerts",
    "watch_promises",
    "withdraw_proposed",
    "withdraw_verdict",
]
