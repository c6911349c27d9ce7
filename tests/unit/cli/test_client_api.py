"""Answers of a server, and of things that are none, in plain words."""

from collections.abc import Callable

import httpx
import pytest

from evenfall.cli.client.account import Account
from evenfall.cli.client.api import Api
from evenfall.cli.client.errors import ClientError, NotAllowed, NotReachable


def api(handler: Callable[[httpx.Request], httpx.Response]) -> Api:
    account = Account(url="https://evenfall.example", token="evf_secret")
    return Api(account, transport=httpx.MockTransport(handler))


def problem(status: int, detail: str, **more: object) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(status, json={"detail": detail, **more})


def test_a_request_carries_the_token_and_no_empty_values() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"items": []})

    assert api(handler).get("/incidents", q="", state="live", severity=None) == {"items": []}
    assert str(seen[0].url) == "https://evenfall.example/api/v1/incidents?state=live"
    assert seen[0].headers["Authorization"] == "Bearer evf_secret"


@pytest.mark.parametrize(
    ("status", "error", "code"), [(409, ClientError, 1), (401, NotAllowed, 4), (403, NotAllowed, 4)]
)
def test_a_refusal_says_what_the_server_says(
    status: int, error: type[ClientError], code: int
) -> None:
    with pytest.raises(error, match="reopen it first") as caught:
        api(problem(status, "It is resolved; reopen it first.")).post("/incidents/1/resolve", {})
    assert caught.value.exit_code == code


def test_a_refusal_names_the_fields() -> None:
    errors = [{"where": "query.limit", "what": "too large"}]
    with pytest.raises(ClientError, match=r"Some fields are wrong\. query\.limit: too large"):
        api(problem(422, "Some fields are wrong.", errors=errors)).get("/incidents")


def test_find_returns_none_for_what_is_not_there() -> None:
    assert api(problem(404, "No such service.")).find("/services/x") is None


def test_a_server_that_is_not_ours_is_named() -> None:
    with pytest.raises(NotReachable, match="Check the address"):
        api(lambda _request: httpx.Response(200, text="<html>")).get("/me")
    with pytest.raises(NotReachable, match="answered 302"):
        api(lambda _request: httpx.Response(302, headers={"Location": "/sign-in"})).get("/me")


def test_a_server_that_is_away_is_named() -> None:
    def away(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(NotReachable, match="connection refused") as caught:
        api(away).get("/me")
    assert caught.value.exit_code == 3
