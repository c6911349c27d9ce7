"""What can be done with notices and contact methods. Every function is keyword-only."""

from evenfall.notifications.actions.cancelling import cancel_notices
from evenfall.notifications.actions.channel_secrets import channel_secret
from evenfall.notifications.actions.contact_methods import (
    add_email,
    add_push,
    add_webhook,
    adopt_emails,
    make_primary,
    remove_contact_method,
)
from evenfall.notifications.actions.forgetting import forget_notices
from evenfall.notifications.actions.planning import NewNotice, plan_notices
from evenfall.notifications.actions.reading import mark_all_read, mark_read
from evenfall.notifications.actions.recovering import fail_unknown_kinds, recover_lost
from evenfall.notifications.actions.repairing import ask_for_repair
from evenfall.notifications.actions.responding import (
    ResponseGrant,
    read_response,
    response_links,
    response_url,
    use_response,
)
from evenfall.notifications.actions.results import Result, record_results
from evenfall.notifications.actions.sending import claim_due, hand_over
from evenfall.notifications.actions.testing import send_test
from evenfall.notifications.actions.verifying import ask_verification, confirm, verify

__all__ = [
    "NewNotice",
    "ResponseGrant",
    "Result",
    "add_email",
    "add_push",
    "add_webhook",
    "adopt_emails",
    "ask_for_repair",
    "ask_verification",
    "cancel_notices",
    "channel_secret",
    "claim_due",
    "confirm",
    "fail_unknown_kinds",
    "forget_notices",
    "hand_over",
    "make_primary",
    "mark_all_read",
    "mark_read",
    "plan_notices",
    "read_response",
    "record_results",
    "recover_lost",
    "remove_contact_method",
    "response_links",
    "response_url",
    "send_test",
    "use_response",
    "verify",
]
