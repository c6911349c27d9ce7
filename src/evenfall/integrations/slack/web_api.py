"""One call of Slack's Web API, and what its answers mean."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from evenfall.notifications.ports import Account
from evenfall.platform.http import OutgoingFailed, outgoing

TIMEOUT_S: Final = 8.0
_TOO_MANY: Final = 429
_OK: Final = 200
# The same call would be refused again, until somebody changes something in Slack.
_FINAL: Final = frozenset(
    {
        "cant_update_message",
        "channel_not_found",
        "edit_window_closed",
        "invalid_blocks",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "messages_tab_disabled",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
        "cannot_dm_bot",
        "name_taken",
    }
)
_WORDS: Final[Mapping[str, str]] = {
    "invalid_auth": "the bot token is not valid",
    "token_revoked": "the bot token was revoked",
    "account_inactive": "the app was removed from the workspace",
    "missing_scope": "the app lacks a scope; install it again with the manifest of the guide",
    "channel_not_found": "there is no such channel, or the app is not in it",
    "not_in_channel": "the app is not in the channel; invite it there",
    "is_archived": "the channel is archived",
    "users_not_found": "nobody in Slack has this address",
    "user_not_found": "there is no such member",
    "user_disabled": "the member is deactivated",
    "ratelimited": "too many requests",
    "messages_tab_disabled": "the app does not take messages; switch its messages tab on",
}


class SlackError(Exception):
    """Slack did not do it. `code` is its own word, "" where it said none."""

    def __init__(
        self, message: str, *, code: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retry_after = retry_after

    @property
    def is_final(self) -> bool:
        return self.code in _FINAL


async def call(
    account: Account, method: str, *, as_app: bool = False, **params: object
) -> dict[str, Any]:
    """Call one method with the token of the bot, or that of the app. Raises SlackError."""
    body, token = msgspec.json.encode(params), "app_token" if as_app else "bot_token"
    return await _ask(account, method, token, body, "application/json; charset=utf-8")


async def look_up(account: Account, method: str, **params: str) -> dict[str, Any]:
    """Call a method that reads: those take a form, no JSON."""
    body = urlencode(params).encode()
    return await _ask(account, method, "bot_token", body, "application/x-www-form-urlencoded")


async def _ask(account: Account, method: str, token: str, body: bytes, kind: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {account.values[token]}", "Content-Type": kind}
    url = f"{account.values['api_url'].rstrip('/')}/{method}"
    try:
        answer = await outgoing.post(url, content=body, headers=headers, timeout_s=TIMEOUT_S)
    except OutgoingFailed as error:
        raise SlackError(error.message) from error
    return _read(answer.status, answer.body, answer.headers)


def _read(status: int, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    asked = headers.get("retry-after", "")
    wait = timedelta(seconds=int(asked[:5])) if asked.isdecimal() else None
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        found = None
    said: dict[str, Any] = found if isinstance(found, dict) else {}
    if status == _OK and said.get("ok"):
        return said
    code = str(said.get("error", ""))
    if status == _TOO_MANY:
        wait = wait or timedelta(seconds=1)
    words = _WORDS.get(code, code) or f"status {status}"
    raise SlackError(f"Slack: {words}", code=code, retry_after=wait)
