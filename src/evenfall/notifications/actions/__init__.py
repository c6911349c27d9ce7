"""What can be done with notices and contact methods. Every function is keyword-only."""

from evenfall.notifications.actions.attempts import Result
from evenfall.notifications.actions.cancelling import cancel_notices
from evenfall.notifications.actions.channel_secrets import channel_secret
from evenfall.notifications.actions.checking import (
    answer_check,
    check_device,
    check_devices,
    settle_checks,
)
from evenfall.notifications.actions.closing import close_notices
from evenfall.notifications.actions.contact_methods import (
    add_contact_method,
    adopt_emails,
    make_primary,
    remove_contact_method,
)
from evenfall.notifications.actions.devices import (
    add_push,
    device_pass,
    move_push,
    rename_contact_method,
    see_push,
)
from evenfall.notifications.actions.forgetting import forget_notices
from evenfall.notifications.actions.inbox import fill_inboxes
from evenfall.notifications.actions.joining import join_contact_method
from evenfall.notifications.actions.opting import start_messages, stop_messages, take_turns
from evenfall.notifications.actions.planning import NewNotice, plan_notices
from evenfall.notifications.actions.prices import ask_prices
from evenfall.notifications.actions.providers import (
    add_provider,
    ask_provider_first,
    change_provider,
    remove_provider,
    switch_provider,
)
from evenfall.notifications.actions.reading import mark_all_read, mark_read
from evenfall.notifications.actions.receipts import record_receipts
from evenfall.notifications.actions.recovering import fail_unknown_kinds, recover_lost
from evenfall.notifications.actions.repairing import ask_for_repair
from evenfall.notifications.actions.responding import (
    ResponseGrant,
    grant_of_notice,
    read_response,
    read_short,
    response_links,
    response_url,
    short_url,
    use_response,
)
from evenfall.notifications.actions.results import record_results
from evenfall.notifications.actions.sending import claim_due, hand_over, message_of
from evenfall.notifications.actions.telling import tell_people
from evenfall.notifications.actions.testing import send_test
from evenfall.notifications.actions.twins import add_twin
from evenfall.notifications.actions.verifying import ask_verification, confirm, verify

__all__ = [
    "NewNotice",
    "ResponseGrant",
    "Result",
    "add_contact_method",
    "add_provider",
    "add_push",
    "add_twin",
    "adopt_emails",
    "answer_check",
    "ask_for_repair",
    "ask_prices",
    "ask_provider_first",
    "ask_verification",
    "cancel_notices",
    "change_provider",
    "channel_secret",
    "check_device",
    "check_devices",
    "claim_due",
    "close_notices",
    "confirm",
    "device_pass",
    "fail_unknown_kinds",
    "fill_inboxes",
    "forget_notices",
    "grant_of_notice",
    "hand_over",
    "join_contact_method",
    "make_primary",
    "mark_all_read",
    "mark_read",
    "message_of",
    "move_push",
    "plan_notices",
    "read_response",
    "read_short",
    "record_receipts",
    "record_results",
    "recover_lost",
    "remove_contact_method",
    "remove_provider",
    "rename_contact_method",
    "response_links",
    "response_url",
    "see_push",
    "send_test",
    "settle_checks",
    "short_url",
    "start_messages",
    "stop_messages",
    "switch_provider",
    "take_turns",
    "tell_people",
    "use_response",
    "verify",
]
