"""What an account at Slack consists of, and the forms of its addresses."""

import re
from collections.abc import Mapping
from typing import Final

from evenfall.chat import errors as chat_errors
from evenfall.notifications import errors
from evenfall.notifications.ports import ProviderField, web_address

TYPE: Final = "slack"
API: Final = "https://slack.com/api"
_MEMBER: Final = re.compile(r"[UW][A-Z0-9]{5,}")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{5,}")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

FIELDS: Final = (
    ProviderField(
        name="bot_token",
        label="Bot token",
        help="Starts with xoxb-. OAuth & Permissions, after the app is installed.",
        is_secret=True,
    ),
    ProviderField(
        name="app_token",
        label="App-level token",
        help="Starts with xapp-, with the scope connections:write. For Socket Mode.",
        is_secret=True,
        is_required=False,
    ),
    ProviderField(
        name="signing_secret",
        label="Signing secret",
        help="Basic Information. Only where Slack calls this installation instead.",
        is_secret=True,
        is_required=False,
    ),
    ProviderField(name="api_url", label="Address of the API", default=API),
)


def check(values: Mapping[str, str]) -> None:
    """Raise ProviderNotUsable for what cannot work."""
    if not values["bot_token"].startswith("xoxb-"):
        raise _unusable("the bot token starts with xoxb-.", "bot_token")
    app_token = values.get("app_token", "")
    if app_token and not app_token.startswith("xapp-"):
        raise _unusable("the app-level token starts with xapp-.", "app_token")
    try:
        web_address(values["api_url"])
    except errors.AddressNotUsable as error:
        raise _unusable("the address of the API must start with https://.", "api_url") from error


def read_address(text: str) -> str:
    """A member id, or an e-mail address in lower case. Raises AddressNotUsable."""
    typed = text.strip().removeprefix("@")
    if _MEMBER.fullmatch(typed.upper()):
        return typed.upper()
    if _MAIL.fullmatch(typed):
        return typed.lower()
    raise errors.AddressNotUsable(
        reason="it is neither a member id, such as U012AB3CD, nor an e-mail address.",
        field="address",
    )


def read_room(text: str) -> str:
    """The id of a channel, also from a link to it. Raises RoomNotUsable."""
    typed = text.strip().rstrip("/").rpartition("/")[2].removeprefix("#")
    if not _CHANNEL.fullmatch(typed.upper()):
        raise chat_errors.RoomNotUsable(
            reason="give the id of the channel, such as C012AB3CD: it stands at the end of the "
            "channel's details in Slack.",
            field="address",
        )
    return typed.upper()


def _unusable(reason: str, field: str) -> errors.ProviderNotUsable:
    return errors.ProviderNotUsable(reason=reason, field=field)
