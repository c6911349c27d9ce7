"""The calls to Pushover's API, and what its answers mean."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from evenfall.notifications.ports import Account, ChannelError
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing

TIMEOUT_S: Final = 9.0
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


async def post(account: Account, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """One call with the token of the account. Raises ChannelError."""
    content = urlencode({"token": account.values["token"], **fields}).encode()
    return _read(await _request("POST", f"{_base(account)}/1/{path}", content))


async def receipt(account: Account, receipt_id: str) -> dict[str, Any]:
    """What became of an urgent message. Raises ChannelError."""
    query = urlencode({"token": account.values["token"]})
    url = f"{_base(account)}/1/receipts/{quote(receipt_id, safe='')}.json?{query}"
    return _read(await _request("GET", url, b""))


def _base(account: Account) -> str:
    return account.values["api_url"].rstrip("/")


async def _request(method: str, url: str, content: bytes) -> Response:
    try:
        return await outgoing.request(
            method, url, content=content, headers=_FORM, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_final = isinstance(error, OutgoingRefused)
        raise ChannelError(error.message, permanent=is_final) from error


def _read(answer: Response) -> dict[str, Any]:
    """A 4xx is final, also 429: the month's messages of the account are used up."""
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        said = {}
    if answer.status == HTTPStatus.OK and said.get("status") == 1:
        return said
    errors = said.get("errors")
    words = "; ".join(map(str, errors)) if isinstance(errors, list) else ""
    raise ChannelError(
        f"Pushover answered {answer.status} {words[:200]}".rstrip(),
        permanent=answer.status < HTTPStatus.INTERNAL_SERVER_ERROR,
        address_dead=said.get("user") == "invalid",
    )
