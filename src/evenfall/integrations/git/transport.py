"""dulwich's client of smart HTTP, with requests that leave through the guarded client.

Every hop of a redirect is a request of its own, so it is guarded as the first one is; it may not
lead from https to http, and the token is sent to the host that it was given for only.
"""

import asyncio
import base64
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final, override
from urllib.parse import urljoin, urlsplit

from dulwich.client import AbstractHttpGitClient
from msgspec import Struct

from evenfall.platform.http import OutgoingTimeout, Response, outgoing
from evenfall.runbooks.errors import RepositoryUnreadable
from evenfall.runbooks.ports import RepositoryAddress

MOST_BYTES: Final = 25_000_000
MOST_REDIRECTS: Final = 3
_OK: Final = 200
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REFUSED: Final = frozenset({401, 403})
_NOT_THERE: Final = frozenset({404, 410})
_LIST: Final = "info/refs?service=git-upload-pack"
_LOAD: Final = "git-upload-pack"


class _Answer(Struct, frozen=True):
    """What dulwich wants to know of an answer; all of it was received already."""

    content_type: str
    redirect_location: str

    def close(self) -> None:
        """Nothing is open."""


class GuardedGitClient(AbstractHttpGitClient):
    """Asks one repository, within `limit_s` seconds for all requests together."""

    def __init__(self, address: RepositoryAddress, *, limit_s: float) -> None:
        super().__init__(address.url, quiet=True)
        self._address = address
        self._limit_s = limit_s
        self._ends = time.monotonic() + limit_s

    @override
    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> Any:
        body = data if isinstance(data, bytes) else b"".join(data or ())
        if not url.endswith(_LOAD if body else _LIST):
            # such as a pack that is offered elsewhere: nothing of that was asked for
            raise RepositoryUnreadable(reason="The server leads to another place for its files.")
        arrived, answer = self._arrive(url, headers or {}, body)
        _check(answer, has_token=bool(self._address.token))
        content_type = answer.headers.get("content-type", "")
        if not content_type.startswith("application/x-git-"):
            raise RepositoryUnreadable(reason="There is no Git repository at this address.")
        read: Callable[[int], bytes] = BytesIO(answer.body).read
        return _Answer(content_type, arrived if arrived != url else ""), read

    @staticmethod
    @override
    def _warn_filter_objects() -> None:
        """Say nothing every ten minutes: a server that leaves nothing out only sends more."""

    def _arrive(self, url: str, headers: dict[str, str], body: bytes) -> tuple[str, Response]:
        """Follow redirects of what only reads; returns where that ended."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, headers, body)
            if answer.status not in _REDIRECTS or "location" not in answer.headers or body:
                return url, answer
            url = _next(url, answer.headers["location"])
        reason = "The address leads from one to the next and never arrives."
        raise RepositoryUnreadable(reason=reason)

    def _ask(self, url: str, headers: dict[str, str], body: bytes) -> Response:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutgoingTimeout(host=urlsplit(url).hostname, reason=f"{self._limit_s:g} s")
        return asyncio.run(_send(url, {**headers, **self._proof(url)}, body, left))

    def _proof(self, url: str) -> dict[str, str]:
        token = self._address.token
        if not token or urlsplit(url)[:2] != urlsplit(self._address.url)[:2]:
            return {}
        # most hosts take any name beside a token, but none takes no name
        said = f"{self._address.user_name or 'git'}:{token}"
        return {"Authorization": f"Basic {base64.b64encode(said.encode()).decode()}"}


async def _send(url: str, headers: dict[str, str], body: bytes, left: float) -> Response:
    return await outgoing.request(
        "POST" if body else "GET",
        url,
        headers={name: value for name, value in headers.items() if name != "Content-Length"},
        content=body,
        timeout_s=left,
        most_bytes=MOST_BYTES + 1,
    )


def _next(url: str, location: str) -> str:
    try:
        found = urljoin(url, location)
        is_worse = urlsplit(url).scheme == "https" and urlsplit(found).scheme != "https"
    except ValueError as error:
        raise RepositoryUnreadable(reason="It leads to an address that is none.") from error
    if is_worse:
        raise RepositoryUnreadable(reason="It leads to an address without https.")
    if not found.endswith(_LIST):
        reason = "The server leads to a page, as for signing in. Check the address and the token."
        raise RepositoryUnreadable(reason=reason)
    return found


def _check(answer: Response, *, has_token: bool) -> None:
    if answer.status in _REFUSED and has_token:
        reason = "The server refused the user name or the token. Make a token that may read it."
    elif answer.status in _REFUSED:
        reason = "The server wants a user name and a token."
    elif answer.status in _NOT_THERE:
        reason = "There is no repository at this address, or the token may not read it."
    elif answer.status != _OK:
        reason = f"The server answered {answer.status}. It is tried again."
    elif len(answer.body) > MOST_BYTES:
        reason = f"The newest commit is larger than {MOST_BYTES // 1_000_000} MB."
    else:
        return
    raise RepositoryUnreadable(reason=reason)
