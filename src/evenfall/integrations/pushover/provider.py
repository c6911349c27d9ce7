"""Send one message, or cancel those that still ring."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings

from evenfall.integrations.pushover import calls
from evenfall.integrations.pushover.channel import KIND
from evenfall.notifications.errors import ProviderNotUsable
from evenfall.notifications.ports import (
    Accepted,
    Account,
    ChannelError,
    Message,
    ProviderField,
    Urgency,
    web_address,
)
from evenfall.notifications.queries import absolute
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import sign

PURPOSE: Final = "pushover-callback"
VALID_FOR: Final = timedelta(days=2)  # longer than any message rings
TOKEN_LENGTH: Final = 30
RETRY_S: Final = 60  # Pushover takes 30 at least
EXPIRE_S: Final = 1800  # the policy pages somebody else long before
_TITLE, _MESSAGE, _URL, _URL_TITLE = 250, 1024, 512, 100  # characters that Pushover takes


class Pushover:
    type = "pushover"
    label = "Pushover"
    channels: tuple[str, ...] = (KIND,)
    guide = "pushover.md"
    fields: tuple[ProviderField, ...] = (
        ProviderField(
            name="token",
            label="API token",
            help="Of the application that you made at pushover.net/apps/build.",
            is_secret=True,
        ),
        ProviderField(
            name="sound",
            label="Sound of urgent pages",
            help="Such as siren or persistent. Empty: what each reader chose in the app.",
            is_required=False,
        ),
        ProviderField(
            name="api_url", label="Address of the API", default="https://api.pushover.net"
        ),
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def check(self, values: Mapping[str, str]) -> None:
        token = values["token"]
        if len(token) != TOKEN_LENGTH or not token.isascii() or not token.isalnum():
            raise ProviderNotUsable(
                reason="an API token has exactly 30 letters and digits.", field="token"
            )
        web_address(values["api_url"])

    async def send(self, message: Message, account: Account) -> Accepted:
        if message.purpose == "close":
            return await _cancel(message, account)
        if message.purpose == "verify":
            await calls.post(account, "users/validate.json", {"user": message.address})
        said = await calls.post(account, "messages.json", self._fields(message, account))
        return Accepted(provider_id=str(said.get("receipt") or said.get("request", "")))

    def _fields(self, message: Message, account: Account) -> dict[str, str]:
        content = message.content
        fields = {
            "user": message.address,
            "title": content.title[:_TITLE],
            "message": ("\n".join(content.lines) or content.title)[:_MESSAGE],
            "priority": "2" if _rings(message) else "0",
        }
        link = message.respond_url if content.actions and not message.code else content.url
        if link and len(link) <= _URL:
            words = "Answer" if content.actions else "Open"
            fields |= {"url": link, "url_title": words[:_URL_TITLE]}
        return fields | self._ringing(message, account) if _rings(message) else fields

    def _ringing(self, message: Message, account: Account) -> dict[str, str]:
        token = sign(
            [message.notice_id, message.attempt],
            purpose=PURPOSE,
            now=self._clock(),
            valid_for=VALID_FOR,
        )
        sound = account.values.get("sound", "")
        return {
            "retry": str(RETRY_S),
            "expire": str(EXPIRE_S),
            "callback": absolute(f"/callbacks/pushover/{account.id}/{token}/"),
            "tags": tag_of(message.content.tag),
            **({"sound": sound} if sound else {}),
        }


def tag_of(tag: str) -> str:
    """The tag, told apart from those of other installations with the same token."""
    whole = f"{settings.EVENFALL.public_url} {tag}"
    return f"evenfall-{sha256(whole.encode()).hexdigest()[:20]}"


def _rings(message: Message) -> bool:
    """Pages and tests ring until somebody acknowledges; a code does not."""
    return message.urgency is Urgency.HIGH and message.purpose != "verify"


async def _cancel(message: Message, account: Account) -> Accepted:
    """Stop the ringing. Where nothing rang, it was another account that sent it."""
    path = f"receipts/cancel_by_tag/{tag_of(message.content.tag)}.json"
    said = await calls.post(account, path, {})
    if said.get("canceled") == 0:
        raise ChannelError("nothing rings with this tag", permanent=True)
    return Accepted(provider_id=str(said.get("request", "")))
