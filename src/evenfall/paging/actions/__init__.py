"""What can be done with pages, policies and personal rules.

Locks are always taken in this order, so that no two actions wait for each other: pages (by
ascending id), then digests (by ascending id), then whatever notifications lock. The drain that
advances pages skips rows that are locked, and whoever comes second decides about the state that
the first one left: a page acknowledged first is no longer due, a page advanced first is
acknowledged together with its newest notices.
"""

from evenfall.paging.actions.advancing import advance_due_pages
from evenfall.paging.actions.assigning import Assignment, assign_policies, assign_policy
from evenfall.paging.actions.by_phone import pick_up, press_key
from evenfall.paging.actions.closing import Ending, close_screens
from evenfall.paging.actions.contents import update_content, update_contents
from evenfall.paging.actions.following import Passing, page_those_who_took_over
from evenfall.paging.actions.links import Meant, answer_by_link, answer_notice, meant_by
from evenfall.paging.actions.mending import (
    add_person_to_policy,
    ring_at_once,
    take_back_rules,
    take_back_version,
)
from evenfall.paging.actions.policies import (
    archive_policy,
    check_policy,
    create_policy,
    ensure_default_policy,
    save_policy,
)
from evenfall.paging.actions.rehearsing import answer_rehearsal, end_rehearsal, start_rehearsal
from evenfall.paging.actions.responding import (
    keep_alive,
    respond,
    respond_to_digest,
    stop_pages,
)
from evenfall.paging.actions.rules import reset_rules, save_hours, save_rules
from evenfall.paging.actions.starting import page_by_hand, start_pages
from evenfall.paging.actions.text_replies import take_text
from evenfall.paging.actions.unreachable import go_on_where_unreachable
from evenfall.paging.ports import PageContent, PageRequest, Response, Urgency

__all__ = [
    "Assignment",
    "Ending",
    "Meant",
    "PageContent",
    "PageRequest",
    "Passing",
    "Response",
    "Urgency",
    "add_person_to_policy",
    "advance_due_pages",
    "answer_by_link",
    "answer_notice",
    "answer_rehearsal",
    "archive_policy",
    "assign_policies",
    "assign_policy",
    "check_policy",
    "close_screens",
    "create_policy",
    "end_rehearsal",
    "ensure_default_policy",
    "go_on_where_unreachable",
    "keep_alive",
    "meant_by",
    "page_by_hand",
    "page_those_who_took_over",
    "pick_up",
    "press_key",
    "reset_rules",
    "respond",
    "respond_to_digest",
    "ring_at_once",
    "save_hours",
    "save_policy",
    "save_rules",
    "start_pages",
    "start_rehearsal",
    "stop_pages",
    "take_back_rules",
    "take_back_version",
    "take_text",
    "update_content",
    "update_contents",
]
