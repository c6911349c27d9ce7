"""Mattermost: a bot that pages people in direct messages and shows incidents in channels.

Out: ``POST /api/v4/posts`` with an attachment and its buttons, ``PUT /api/v4/posts/{id}`` when an
incident changes. In: a tap on a button, known by the signature in its context, which the server
keeps from its clients; the slash command, known by its token. The server says who tapped or typed.
A repeat of a post within half a minute is recognised by its ``pending_post_id``; there are no
receipts.
"""

from evenfall.chat.ports import register_chat_service
from evenfall.integrations.mattermost.account import MattermostAccounts, MattermostChannel
from evenfall.integrations.mattermost.channels import MattermostChannels
from evenfall.notifications import ports

ports.register_provider_type(MattermostAccounts())
ports.register_channel(MattermostChannel())
register_chat_service(MattermostChannels())
