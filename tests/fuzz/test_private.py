"""Whoever is not named finds nothing of a private incident: no page, no list, no operation.

The outsider manages the site, so that only privacy can stand in the way.
"""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from tests.factories.identity import make_token, make_user
from tests.fuzz import world
from tests.fuzz.test_api import OPERATIONS, _filled
from tests.fuzz.test_pages import PATHS, cookies_of, filled
from tests.fuzz.test_team_scope import bodies
from tests.fuzz.world import World

from evenfall.identity.models import User
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions
from evenfall.incidents.models import Incident, Task
from evenfall.platform.clock import utc_now
from evenfall.postmortems.models import Action, Postmortem

pytestmark = pytest.mark.django_db
SECRET = "Quagmire"
SEARCHES = ("q", "text", "title")
ABOUT_IT = [one for one in OPERATIONS if "{incident_id}" in one.path]
READING = [one for one in OPERATIONS if one.method == "get"]


@pytest.fixture(scope="module")
def outsider(existing: World) -> User:
    """The world's incident becomes private, and everything of it says the secret word."""
    now, number = utc_now(), existing.ids["incident_id"]
    actions.set_privacy(incident_id=number, is_private=True, user_id=None, now=now, actor="system")
    actions.rename(incident_id=number, title=f"{SECRET} burns", now=now, actor="system")
    Incident.objects.filter(id=number).update(description=f"A {SECRET}")
    Task.objects.filter(incident_id=number).update(title=f"Drain the {SECRET}")
    actions.add_note(incident_id=number, text=SECRET, user_id=None, now=now, actor="system")
    Postmortem.objects.filter(incident_id=number).update(title=f"The {SECRET}")
    Action.objects.filter(postmortem__incident_id=number).update(title=f"No {SECRET}")
    return make_user("Olga", "manager")


@pytest.fixture(scope="module")
def signed_in(outsider: User) -> Iterator[str]:
    yield from cookies_of(outsider)


@pytest.fixture
def browser(signed_in: str) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies.load(signed_in)
    return client


def body_of(answer: HttpResponseBase) -> str:
    if not isinstance(answer, StreamingHttpResponse):
        return bytes(getattr(answer, "content", b"")).decode(errors="replace")
    if answer.is_async:
        return ""
    return b"".join(answer).decode(errors="replace")


def addresses(path: str) -> Iterator[str]:
    """As it is, and looking for another word of the title: what is looked for may be echoed."""
    yield path
    yield f"{path}?{urlencode(dict.fromkeys(SEARCHES, 'burns') | {'state': 'all', 'show': 'all'})}"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_tells_of_it(path: str, existing: World, browser: Client) -> None:
    for address in addresses(filled(path, existing.ids)):
        with world.undone():
            assert SECRET not in body_of(browser.get(address)), address
    if "<int:incident_id>" in path:
        with world.undone():
            answer = browser.get(filled(path, existing.ids))
        assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


@pytest.mark.parametrize("operation", READING, ids=lambda operation: operation.label)
def test_no_operation_tells_of_it(operation: Any, existing: World, outsider: User) -> None:
    token = make_token(outsider, scopes=tuple(Permission), now=utc_now())
    wanted = set(re.findall(r"{(\w+)}", operation.path))
    if not wanted <= existing.ids.keys():
        pytest.skip("the world has nothing of that kind")
    for address in addresses(_filled(operation.path, existing.ids)):
        with world.undone():
            answer = Client().get(address, headers={"Authorization": f"Bearer {token}"})
            assert SECRET not in body_of(answer), address


@pytest.mark.parametrize("operation", ABOUT_IT, ids=lambda operation: operation.label)
def test_every_operation_on_it_is_not_found(
    operation: Any, existing: World, outsider: User
) -> None:
    token = make_token(outsider, scopes=tuple(Permission), now=utc_now())
    name = f"{operation.method.upper()} {operation.path.removeprefix('/api/v1')}"
    with world.undone():
        answer = Client().generic(
            operation.method.upper(),
            _filled(operation.path, existing.ids),
            _sent(bodies(existing.ids).get(name, {})),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
    assert answer.status_code == HTTPStatus.NOT_FOUND, answer.content


def test_those_named_see_it(existing: World, outsider: User) -> None:
    number = existing.ids["incident_id"]
    named = (existing.admin, User.objects.get(id=existing.ids["user_id"]))
    for user in named:
        client = Client()
        client.force_login(user)
        assert SECRET in client.get(f"/incidents/{number}/").content.decode()
        assert SECRET in client.get("/incidents/").content.decode()


def _sent(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
