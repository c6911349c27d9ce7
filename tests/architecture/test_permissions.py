"""Every route says who may use it, and answers accordingly: walked as each role.

A page carries `requires` or `public`, an operation of the API `api_auth`. Routes of others
(sign-in, static files) are named here one by one, with the reason.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, override

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from msgspec import Struct
from ninja.operation import PathView
from tests.factories.identity import make_token, make_user, signed_in

from evenfall.config.api import api
from evenfall.config.lanes import LANES
from evenfall.identity.access import ApiAuth, Mark, mark_of
from evenfall.identity.permissions import Permission, Role, needed_role
from evenfall.platform.clock import utc_now
from evenfall.platform.models import Beat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _working_lanes(db: None) -> None:
    """Let /readyz find a worker for each lane, so that it answers as it does in a running tree."""
    for lane in LANES:
        Beat.objects.create(name=lane, at=utc_now())


API_PREFIX = "api/v1/"
# django-allauth guards its own pages; what is asked of them is below
SIGN_IN_PREFIX = "accounts/"
# Open without a marker, because they are not views of ours
OTHERS = {
    "api/v1/": "the root of the API, which lists nothing",
    "api/v1/openapi.json": "the description of the API is public",
    "api/v1/docs": "the description of the API is public",
}

ARGUMENTS: dict[str, str] = {"int": "987654", "slug": "no-such-thing", "path": "no/such/thing"}
UUID = "00000000-0000-4000-8000-000000000000"
# An answer to somebody who may: whatever it is about does not exist, or the input is empty.
FINE = {200, 201, 202, 204, 301, 302, 303, 304, 400, 404, 405, 409, 410, 422}
FINE_OF_API = FINE - {405}
REFUSED_SIGN_IN = {301, 302, 401}


class Route(Struct, frozen=True, kw_only=True):
    """One address with one method."""

    path: str
    view: Any
    method: str

    @override
    def __str__(self) -> str:
        return f"{self.method} /{self.path}"

    @property
    def mark(self) -> Mark | None:
        return mark_of(self.view)


def routes() -> list[Route]:
    """Every page of the project that is ours."""
    found = [Route(path=path, view=view, method="GET") for path, view in _walk(get_resolver())]
    return [route for route in found if not route.path.startswith((API_PREFIX, SIGN_IN_PREFIX))]


def operations() -> list[tuple[str, str, Any]]:
    """Every operation of the API as (method, path, operation)."""
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            assert isinstance(view, PathView)
            for operation in view.operations:
                address = API_PREFIX + f"{prefix}/{path}".replace("//", "/").lstrip("/")
                found += [(method, address, operation) for method in operation.methods]
    return sorted(found, key=lambda one: (one[1], one[0]))


def _walk(node: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in node.url_patterns:
        path = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def filled(path: str) -> str:
    """The address with harmless arguments, which name nothing that exists."""

    def argument(match: re.Match[str]) -> str:
        kind = match[1].partition(":")[0] if ":" in match[1] else "str"
        return UUID if kind == "uuid" else ARGUMENTS.get(kind, "nothing")

    path = re.sub(r"[<{]([^>}]*)[>}]", argument, path)
    return "/" + path


def may(role: Role, permission: Permission) -> bool:
    return role >= needed_role(permission)


ROUTES = routes()
OPERATIONS = operations()


def test_walk_finds_pages_and_operations() -> None:
    assert {"people/", "services/<slug:slug>/", "audit/"} <= {route.path for route in ROUTES}
    assert ("GET", "api/v1/people") in {(method, path) for method, path, _ in OPERATIONS}


def test_every_page_says_who_may_open_it() -> None:
    silent = [str(route) for route in ROUTES if route.mark is None]
    assert silent == [], "mark these with @requires(...) or @public(reason)"


def test_every_public_page_says_why() -> None:
    reasons = {
        str(route): route.mark.reason
        for route in ROUTES
        if route.mark and route.mark.permission is None
    }
    assert [route for route, reason in reasons.items() if len(reason) < 10] == []


def test_every_operation_says_who_may_call_it() -> None:
    silent = [
        f"{method} /{path}"
        for method, path, operation in OPERATIONS
        if not operation.auth_callbacks
        or not all(isinstance(one, ApiAuth) for one in operation.auth_callbacks)
    ]
    assert silent == [], "give these auth=api_auth(Permission....)"


def test_only_known_routes_are_without_a_marker() -> None:
    operation_paths = {_plain(path) for _, path, _ in OPERATIONS}
    unknown = [
        path
        for path, _ in _walk(get_resolver())
        if path.startswith(API_PREFIX) and _plain(path) not in operation_paths | set(OTHERS)
    ]
    assert unknown == []


def _plain(path: str) -> str:
    return re.sub(r"[<{][^>}]*[>}]", "*", path)


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "anonymous")
def test_pages_answer_each_role_as_marked(role: Role | None) -> None:
    client = Client() if role is None else signed_in(make_user(role=role))
    client.raise_request_exception = False
    wrong = []
    for route in ROUTES:
        if route.mark is None:
            continue
        for method in ("GET", "POST"):
            status = _status(client, method, filled(route.path))
            if status not in _expected(route.mark, role):
                wrong.append(f"{method} /{route.path} answered {status}")
    assert wrong == [], "\n" + "\n".join(wrong)


def _expected(mark: Mark, role: Role | None) -> set[int]:
    if mark.permission is None:
        return FINE | REFUSED_SIGN_IN | {403}
    if role is None:
        return REFUSED_SIGN_IN
    return FINE if may(role, mark.permission) else {HTTPStatus.FORBIDDEN}


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "anonymous")
def test_operations_answer_each_role_as_marked(role: Role | None) -> None:
    client = Client() if role is None else signed_in(make_user(role=role))
    client.raise_request_exception = False
    wrong = _wrong_operations(client, role, headers={})
    assert wrong == [], "\n" + "\n".join(wrong)


def test_operations_answer_a_token_that_has_their_scope() -> None:
    admin = make_user(role="admin")
    tokens = {one: make_token(admin, scopes=(one,)) for one in Permission}
    assert _wrong_operations_by(tokens, FINE_OF_API) == []


def test_operations_refuse_a_token_that_has_every_scope_but_theirs() -> None:
    admin = make_user(role="admin")
    tokens = {
        one: make_token(admin, scopes=tuple(other for other in Permission if other is not one))
        for one in Permission
    }
    assert _wrong_operations_by(tokens, {HTTPStatus.FORBIDDEN}) == []


def _wrong_operations_by(tokens: Mapping[Permission, str], expected: set[int]) -> list[str]:
    """Call each operation with the token that goes with the permission it wants."""
    client = Client(raise_request_exception=False)
    wrong = []
    for method, path, operation in OPERATIONS:
        for auth in operation.auth_callbacks:
            headers = {"Authorization": f"Bearer {tokens[auth.permission]}"}
            status = _status(client, method, filled(path), headers)
            if status not in expected:
                wrong.append(f"{method} /{path} answered {status}")
    return wrong


def test_operations_refuse_an_unknown_token() -> None:
    client = Client(raise_request_exception=False)
    headers = {"Authorization": "Bearer evf_nobody"}
    assert _wrong_operations(client, None, headers=headers) == []


def test_pages_do_not_take_tokens() -> None:
    secret = make_token(make_user(role="admin"))
    answer = Client().get("/people/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == HTTPStatus.FOUND


def _wrong_operations(client: Client, role: Role | None, *, headers: dict[str, str]) -> list[str]:
    wrong = []
    for method, path, operation in OPERATIONS:
        for auth in operation.auth_callbacks:
            status = _status(client, method, filled(path), headers)
            if status not in _expected_of_api(auth.permission, role):
                wrong.append(f"{method} /{path} answered {status}")
    return wrong


def _expected_of_api(permission: Permission, role: Role | None) -> set[int]:
    if role is None:
        return {HTTPStatus.UNAUTHORIZED}
    return FINE_OF_API if may(role, permission) else {HTTPStatus.FORBIDDEN}


def _status(client: Client, method: str, path: str, headers: dict[str, str] | None = None) -> int:
    """The status of a request with an empty body. A stream is not read."""
    kind = "application/json" if "/api/" in path else "application/x-www-form-urlencoded"
    body = "{}" if "/api/" in path else ""
    return client.generic(method, path, body, kind, headers=headers).status_code


# Sign-in pages that anybody may open; all others of django-allauth want a session.
OPEN_SIGN_IN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
}


def _sign_in_routes(node: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in node.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _sign_in_routes(entry, path)
        elif path.startswith(SIGN_IN_PREFIX):
            yield path, entry.name or ""


def test_sign_in_pages_want_a_session_unless_named() -> None:
    client = Client(raise_request_exception=False)
    wrong = []
    for path, name in _sign_in_routes(get_resolver()):
        if name in OPEN_SIGN_IN or "^" in path or "social/" in path:
            continue
        answer = client.get(filled(path))
        if answer.status_code != HTTPStatus.FOUND or "/accounts/login/" not in answer["Location"]:
            wrong.append(f"{name} at /{path} answered {answer.status_code}")
    assert wrong == [], "\n" + "\n".join(wrong)


def test_sign_in_pages_answer_somebody_signed_in() -> None:
    client = signed_in(make_user())
    client.raise_request_exception = False
    failed = [
        f"{name} at /{path}"
        for path, name in _sign_in_routes(get_resolver())
        if "^" not in path
        and client.get(filled(path)).status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    ]
    assert failed == []


def test_nobody_signs_up_without_an_invitation() -> None:
    answer = Client().post(
        "/accounts/signup/", {"email": "eve@example.org", "password1": "a long enough one"}
    )
    assert answer.status_code == HTTPStatus.OK
    assert b"By invitation" in answer.content
