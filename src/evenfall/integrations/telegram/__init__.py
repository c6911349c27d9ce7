"""Telegram: a bot that pages people, takes their answers, and shows incidents in groups.

Out: ``sendMessage`` with a keyboard of answers, ``editMessageText`` when one was given. In: the
updates of the Bot API, by web hook (its secret token is checked) or by long poll where Telegram
cannot reach this installation. Who taps is known by the number that Telegram gives with the tap,
and by the contact method that was proved for it. Telegram reports no receipts, and has no key
against repeats: a message whose answer got lost comes twice.
"""

from evenfall.chat.ports import register_chat_service
from evenfall.integrations.telegram.account import TelegramAccounts, TelegramChannel
from evenfall.integrations.telegram.groups import TelegramGroups
from evenfall.notifications import ports

ports.register_provider_type(TelegramAccounts())
ports.register_channel(TelegramChannel())
register_chat_service(TelegramGroups())
