"""The contracts between notifications and the outside, and the values that cross them.

A channel is one class under ``integrations/<slice>/``. It gets a :class:`Message` with everything
it needs, returns :class:`Accepted`, or raises :class:`ChannelError`. It never touches notices.
"""

from evenfall.notifications.logic.about import About
from evenfall.notifications.logic.retry_after import parse_retry_after
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.ports.addresses import web_address
from evenfall.notifications.ports.badges import BadgeSource, badges, register_badge
from evenfall.notifications.ports.channels import (
    AddedByHand,
    AddressField,
    Channel,
    HasDevices,
    HasScreens,
    JoinsByLink,
    KeepsSecret,
    NeedsBrowserKey,
    added_by_hand,
    browser_key,
    channel,
    checked_kinds,
    closing_kinds,
    kinds,
    proved_by_code,
    register_channel,
    takes_replies,
    unregister_channel,
)
from evenfall.notifications.ports.messages import (
    Accepted,
    Action,
    ActionLink,
    ChannelError,
    Content,
    Message,
    NewNotice,
    Receipt,
    Refusal,
)
from evenfall.notifications.ports.providers import (
    MONTHLY_LIMIT,
    NO_VALUES,
    Account,
    Price,
    ProviderField,
    ProviderType,
    TellsPrices,
    is_metered,
    provider_type,
    provider_types,
    register_provider_type,
)

__all__ = [
    "MONTHLY_LIMIT",
    "NO_VALUES",
    "About",
    "Accepted",
    "Account",
    "Action",
    "ActionLink",
    "AddedByHand",
    "AddressField",
    "BadgeSource",
    "Channel",
    "ChannelError",
    "Content",
    "HasDevices",
    "HasScreens",
    "JoinsByLink",
    "KeepsSecret",
    "Message",
    "NeedsBrowserKey",
    "NewNotice",
    "Price",
    "ProviderField",
    "ProviderType",
    "Receipt",
    "Refusal",
    "TellsPrices",
    "Urgency",
    "added_by_hand",
    "badges",
    "browser_key",
    "channel",
    "checked_kinds",
    "closing_kinds",
    "is_metered",
    "kinds",
    "parse_retry_after",
    "proved_by_code",
    "provider_type",
    "provider_types",
    "register_badge",
    "register_channel",
    "register_provider_type",
    "takes_replies",
    "unregister_channel",
    "web_address",
]
