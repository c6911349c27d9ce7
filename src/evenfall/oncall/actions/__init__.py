"""The writes of on-call: each function is one use case and owns its transaction."""

from evenfall.oncall.actions.absences import (
    add_absence,
    cancel_absence,
    change_absence,
    report_ill,
)
from evenfall.oncall.actions.calendar_reading import read_calendars
from evenfall.oncall.actions.calendars import add_calendar, remove_calendar
from evenfall.oncall.actions.checks import check_plan
from evenfall.oncall.actions.checks_ahead import fill_gaps
from evenfall.oncall.actions.device_checks import check_devices_ahead
from evenfall.oncall.actions.feeds import create_feed, note_feed_read, revoke_feed
from evenfall.oncall.actions.handovers import save_notice_wish, write_handover_note
from evenfall.oncall.actions.overrides import add_override, cancel_override, take_duty
from evenfall.oncall.actions.planner import apply_proposal, undo_proposal
from evenfall.oncall.actions.public import close_public_page, open_public_page
from evenfall.oncall.actions.relief import offer_relief
from evenfall.oncall.actions.request_advancing import advance_due_requests
from evenfall.oncall.actions.request_answers import accept_request, decline_request
from evenfall.oncall.actions.request_following import follow_requests
from evenfall.oncall.actions.requests import (
    request_cover,
    request_swap,
    undo_request,
    withdraw_request,
)
from evenfall.oncall.actions.rotas import (
    change_rota,
    create_rota,
    delete_rota,
    replan_rota,
    set_members,
    start_rota,
)
from evenfall.oncall.actions.shift_notices import plan_notices, replan
from evenfall.oncall.actions.standing_in import stand_in, stand_in_everywhere
from evenfall.oncall.actions.summaries import send_summaries
from evenfall.oncall.actions.telling import tell_shifts
from evenfall.oncall.actions.weights import change_load_weights, change_work_profile

__all__ = [
    "accept_request",
    "add_absence",
    "add_calendar",
    "add_override",
    "advance_due_requests",
    "apply_proposal",
    "cancel_absence",
    "cancel_override",
    "change_absence",
    "change_load_weights",
    "change_rota",
    "change_work_profile",
    "check_devices_ahead",
    "check_plan",
    "close_public_page",
    "create_feed",
    "create_rota",
    "decline_request",
    "delete_rota",
    "fill_gaps",
    "follow_requests",
    "note_feed_read",
    "offer_relief",
    "open_public_page",
    "plan_notices",
    "read_calendars",
    "remove_calendar",
    "replan",
    "replan_rota",
    "report_ill",
    "request_cover",
    "request_swap",
    "revoke_feed",
    "save_notice_wish",
    "send_summaries",
    "set_members",
    "stand_in",
    "stand_in_everywhere",
    "start_rota",
    "take_duty",
    "tell_shifts",
    "undo_proposal",
    "undo_request",
    "withdraw_request",
    "write_handover_note",
]
