"""Named reads of notifications. They return plain values: a template can issue no SQL."""

from evenfall.notifications.queries.channels import (
    INBOX,
    absolute,
    channel_label,
    mail_is_on,
)
from evenfall.notifications.queries.contact_methods import (
    ContactMethodView,
    contact_method_of,
    contact_methods,
    contact_methods_of,
    method_state,
    reachable_kinds,
    verified_addresses,
)
from evenfall.notifications.queries.inbox import (
    Entry,
    entries,
    inbox,
    unread_count,
)
from evenfall.notifications.queries.notices import (
    PRIVATE,
    NoticeView,
    latest_to,
    next_due,
    notice_of,
    notices_for,
    notices_of_pages,
    view,
)

__all__ = [
    "INBOX",
    "PRIVATE",
    "ContactMethodView",
    "Entry",
    "NoticeView",
    "absolute",
    "channel_label",
    "contact_method_of",
    "contact_methods",
    "contact_methods_of",
    "entries",
    "inbox",
    "latest_to",
    "mail_is_on",
    "method_state",
    "next_due",
    "notice_of",
    "notices_for",
    "notices_of_pages",
    "reachable_kinds",
    "unread_count",
    "verified_addresses",
    "view",
]
