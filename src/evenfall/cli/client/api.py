"""The REST API as the client sees it: JSON in, JSON out, errors in plain words."""

from types import TracebackType
from typing import Any, Final, Self

import httpx

from evenfall import __version__
from evenfall.cli.client.account import Account
from evenfall.cli.client.errors import ClientError, NotAllowed, NotReachable

TIMEOUT_S: Final = 15.0
_FORBIDDEN: Final = frozenset({401, 403})
_NOT_FOUND: Final = 404


class Api:
    """Speaks to one installation; a context manager that closes its connections."""

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        self.url = account.url
        self._client = httpx.Client(
            base_url=f"{account.url}/api/v1",
            headers={
                "Authorization": f"Bearer {account.token}",
                "Accept": "application/json",
                "User-Agent": f"evenfall-cli/{__version__}",
            },
            timeout=TIMEOUT_S,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, **query: str | int | None) -> dict[str, Any]:
        """Read; query values that are None or empty are left out."""
        given = {name: value for name, value in query.items() if value not in {None, ""}}
        return self._send("GET", path, params=given)

    def text(self, path: str, **query: str) -> str:
        """Read what is not JSON."""
        given = {name: value for name, value in query.items() if value}
        answer = self._request("GET", path, params=given, headers={"Accept": "*/*"})
        if answer.is_success:
            return answer.text
        raise _refusal(answer, _json(answer), self.url)

    def find(self, path: str) -> dict[str, Any] | None:
        """Read what may not be there."""
        try:
            return self.get(path)
        except _NotFound:
            return None

    def post(self, path: str, body: dict[str, Any], *, key: str = "") -> dict[str, Any]:
        """Act; returns what is true afterwards. With the same `key` it happens once."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._send("POST", path, json=body, headers=headers)

    def _send(self, method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as httpx takes it
        answer = self._request(method, path, **more)
        body = _json(answer)
        if answer.is_success and isinstance(body, dict):
            return body
        raise _refusal(answer, body, self.url)

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes it
        try:
            return self._client.request(method, path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = str(error) or type(error).__name__
            raise NotReachable(f"Cannot reach {self.url}: {why}.") from error


class _NotFound(ClientError):
    """There is no such thing."""


def _json(answer: httpx.Response) -> Any:  # noqa: ANN401 - any JSON
    try:
        return answer.json()
    except ValueError:
        return None


def _refusal(answer: httpx.Response, body: object, url: str) -> ClientError:
    detail = body.get("detail") if isinstance(body, dict) else None
    if not isinstance(detail, str):
        return NotReachable(
            f"{url} answered {answer.status_code}, but not as Evenfall does. Check the address."
        )
    said = _with_fields(detail, body)
    if answer.status_code in _FORBIDDEN:
        return NotAllowed(said)
    return _NotFound(said) if answer.status_code == _NOT_FOUND else ClientError(said)


def _with_fields(detail: str, body: object) -> str:
    errors = body.get("errors") if isinstance(body, dict) else None
    named = [
        f"{one.get('where')}: {one.get('what')}"
        for one in (errors if isinstance(errors, list) else [])
        if isinstance(one, dict)
    ]
    return f"{detail} {'; '.join(named)}" if named else detail
