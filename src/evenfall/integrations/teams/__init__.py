"""Microsoft Teams, through workflows: cards out, signed links back.

A workflow with the trigger "When a Teams webhook request is received" takes a POST of one Adaptive
Card, 28 KB at most, and answers 202. Its address is a secret. It says nothing of who taps, so the
buttons of a page are links of its reader: opening one shows what it would do, and a tap there acts.
There are no receipts, no edits and no key against repeats.
"""

from evenfall.chat.ports import register_chat_service
from evenfall.integrations.teams.account import TeamsAccounts, TeamsChannel
from evenfall.integrations.teams.rooms import TeamsRooms
from evenfall.notifications import ports

ports.register_provider_type(TeamsAccounts())
ports.register_channel(TeamsChannel())
register_chat_service(TeamsRooms())
