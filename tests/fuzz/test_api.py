"""Whatever is sent to the API, the answer is one that its description names; never a 500.

Requests are made from the description itself, valid ones and broken ones. Each is sent twice: as
made, and with numbers that name things which exist. What it did is undone afterwards.
"""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, override

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from ninja.openapi.schema import OpenAPISchema
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi import checks
from tests.fuzz import world
from tests.fuzz.traces import Watch
from tests.fuzz.world import World

from evenfall.config.api import api

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
EXAMPLES = 2  # of each mode, and each is sent twice: as generated, and with ids that exist
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# wrong guesses of a code are counted, so that nobody can go on guessing; a yes first looks where
# the shift is by now, and what became of the request stays whatever comes next
COUNTS_REFUSALS = {
    "/api/v1/contact-methods/{contact_method_id}/verify",
    "/api/v1/oncall-requests/{request_id}/accept",
}
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
FOUND = list(SCHEMA.get_all_operations())
OPERATIONS: list[Any] = [found.ok() for found in FOUND if isinstance(found, Ok)]
FUZZ = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_each_name_in_the_description_stands_for_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, set[str]] = {}
    add = OpenAPISchema.add_schema_definitions

    def noted(schema: OpenAPISchema, definitions: dict[str, Any]) -> None:
        for name, definition in definitions.items():
            words = {key: part for key, part in definition.items() if key != "description"}
            found.setdefault(name, set()).add(json.dumps(words, sort_keys=True, default=str))
        add(schema, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", noted)
    api.get_openapi_schema()
    assert [name for name, meanings in found.items() if len(meanings) > 1] == []


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_operation(operation: Any, mode: GenerationMode, existing: World) -> None:
    @FUZZ
    @given(case=operation.as_strategy(mode))
    def check(case: schemathesis.Case[Any]) -> None:
        check_case(case, existing)
        case.path_parameters = {
            name: existing.ids.get(name, value) for name, value in case.path_parameters.items()
        }
        case.query = world.with_existing(case.query, existing.ids)
        case.body = world.with_existing(case.body, existing.ids)
        check_case(case, existing)

    check()


def check_case(case: schemathesis.Case[Any], existing: World) -> None:
    sent = requests.Request(**case.as_transport_kwargs("http://localhost")).prepare()
    with world.undone():
        watch = Watch(existing.rest)
        answer = send(sent, existing.token)
        if answer.status_code >= HTTPStatus.BAD_REQUEST and case.path not in COUNTS_REFUSALS:
            assert watch.left() == [], "a refused request left something"
    case.validate_response(answer, checks=CHECKS)


def send(sent: requests.PreparedRequest, token: str) -> Response:
    """Ask Django in this thread and transaction; return the answer as schemathesis knows it."""
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    told = Client(raise_request_exception=False).generic(
        sent.method or "GET",
        sent.path_url,
        body,
        str(sent.headers.get("Content-Type", "")),
        headers={"Authorization": f"Bearer {token}"},
    )
    return Response(
        status_code=told.status_code,
        headers={name: [value] for name, value in told.items()},
        content=told.content,
        request=sent,
        elapsed=0.0,
        verify=False,
    )


AWKWARD_BODIES = [
    b"",
    b"{",
    b"[" * 100_000,
    b'{"name": "a\\u0000b"}',
    b'{"name": "\\ud800"}',
    b'{"\\u0000": 1}',
    b'{"name": NaN, "title": 1e999, "id": ' + b"9" * 5000 + b"}",
    b'{"service_id": 170141183460469231731687303715884105727, "team_id": -1e400}',
    b'{"name": ' + b"[" * 500 + b"]" * 500 + b"}",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b'{"name": "' + "\N{PILE OF POO}".encode() * 100_000 + b'"}',
]
HUGE = "9" * 400
AWKWARD_QUERIES = [
    "cursor=%00",
    "cursor=WyJuIiwieCIsInkiXQ&limit=-1",
    "cursor=WyJuIixudWxsLG51bGxd",
    "cursor=WyJuIiwxZTk5OSx7InQiOiIwMDAxLTAxLTAxIn1d",
    f"limit={HUGE}&q=%ed%a0%80&team_id={HUGE}&service_id={HUGE}",
    "at=0001-01-01T00:00:00Z&starts_at=9999-12-31T23:59:59-23:59&q=" + "a" * 5000,
    "&".join(f"q={number}" for number in range(500)),
]
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_awkward_bodies_queries_and_ids(operation: Any, existing: World) -> None:
    real = _filled(operation.path, existing.ids)
    asked = [(real, "", body) for body in AWKWARD_BODIES if operation.method.upper() != "GET"]
    asked += [(real, query, b"{}") for query in AWKWARD_QUERIES if operation.method == "get"]
    asked += [(_filled(operation.path, bad), "", b"{}") for bad in (_All(HUGE), _All("%00"))]
    for path, query, body in asked:
        with world.undone():
            answer = ask(existing, operation.method.upper(), f"{path}?{query}", body)
        assert answer.status_code < 500, (path[:80], query[:80], body[:80])
        is_refused = answer.status_code >= 400
        assert not is_refused or answer["Content-Type"] == PROBLEM, answer.content[:200]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_nobody_and_other_methods_are_refused(operation: Any, existing: World) -> None:
    path = _filled(operation.path, existing.ids)
    known = {one.method.upper() for one in OPERATIONS if one.path == operation.path}
    for method in set(METHODS) - known:
        with world.undone():
            answer = ask(existing, method, path, b"{}")
        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED, method
        assert answer["Content-Type"] == PROBLEM
        assert set(answer["Allow"].split(", ")) == known
    nobody = ask(existing, operation.method.upper(), path, b"{}", token="evf_wrong")
    assert nobody.status_code == HTTPStatus.UNAUTHORIZED
    assert nobody["Content-Type"] == PROBLEM
    assert "WWW-Authenticate" in nobody


def ask(existing: World, method: str, path: str, body: bytes, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token or existing.token}"}
    client = Client(raise_request_exception=False)
    return client.generic(method, path, body, "application/json", headers=headers)


class _All(dict[str, str]):
    """The same value for every name."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self._value = value

    @override
    def __getitem__(self, name: str) -> str:
        return self._value


def _filled(path: str, values: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), path)
