"""Whoever manages one team only changes nothing of another team.

Each writing request is first made by an administrator (and undone), so that it is known to be
good. Then the manager of another team makes the same one and is refused.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any, override

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user
from tests.fuzz import world
from tests.fuzz.test_api import OPERATIONS, _filled
from tests.fuzz.test_pages import PATHS, filled
from tests.fuzz.world import World

from evenfall.identity.models import User
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions as incidents
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# what a person does with what is her own, and what only looks
OWN = {
    "/api/v1/me",
    "/api/v1/tokens",
    "/api/v1/tokens/{token_id}",
    "/api/v1/contact-methods",
    "/api/v1/contact-methods/{contact_method_id}/verify",
    "/api/v1/contact-methods/{contact_method_id}/ask",
    "/api/v1/contact-methods/{contact_method_id}/primary",
    "/api/v1/contact-methods/{contact_method_id}",
    "/api/v1/notices/test",
    "/api/v1/oncall/notices",
    "/api/v1/profile/rules",
    "/api/v1/rules/preview",
}
# the world has nobody who was deactivated, and only administrators may
OWN.add("/api/v1/people/{user_id}/reactivate")
FREE = {"/api/v1/pages": "whoever responds anywhere may call anybody for help"}
# what an operation wants in its address, where the body is a file
QUERIES = {"POST /imports": "?vendor=pagerduty&team_id={team_id}"}
WRITING = [one for one in OPERATIONS if one.method != "get" and one.path not in OWN | FREE.keys()]


@pytest.fixture(scope="module")
def outsider(existing: World) -> User:
    """Somebody who observes the site and manages a team of her own."""
    person = make_user("Olga", "observer")
    make_team("Zebra", leads=(person,))
    return person


def bodies(ids: Mapping[str, Any]) -> dict[str, Any]:
    """A good body for each operation that wants one, all about things of the world's team."""
    ends = (utc_now() + timedelta(hours=3)).isoformat()
    starts = (utc_now() + timedelta(hours=2)).isoformat()
    layer = {
        "time_zone": "UTC",
        "starts_on": "2026-03-02",
        "hands_over_at": "09:00:00",
        "members": [{"user_id": ids["user_id"]}],
    }
    rota = {"name": "New", "time_zone": "UTC", "team_id": ids["team_id"], "layers": [layer]}
    target = {"kind": "user", "id": ids["user_id"]}
    policy = {"name": "New", "team_id": ids["team_id"], "steps": [{"targets": [target]}]}
    service = {"name": "New", "slug": "fresh", "team_id": ids["team_id"]}
    matchers = [{"name": "service", "value": ids["slug"]}]
    integration = {"name": "New", "kind": "prometheus", "team_id": ids["team_id"]}
    rule = {"name": "New", "condition": "true"}
    return {
        "PUT /people/{user_id}/role": {"role": "manager"},
        "POST /invitations": {"email": "new@example.org", "role": "observer"},
        "POST /teams": {"name": "New", "slug": "fresh"},
        "PUT /teams/{team_id}/members/{user_id}": {"role": "manager"},
        "POST /services": service,
        "PUT /services/{slug}": service,
        "PUT /services/{slug}/dependencies/{other}": {},
        "POST /changes": {"service_id": ids["service_id"], "service": "till", "summary": "New"},
        "POST /rotas": rota,
        "PUT /rotas/{rota_id}": rota,
        "PUT /rotas/{rota_id}/plan": rota,
        "PUT /rotas/{rota_id}/layers/{layer_id}/members": {
            "user_ids": [ids["user_id"]],
            "from_day": (utc_now() + timedelta(days=9)).date().isoformat(),
        },
        "POST /rotas/{rota_id}/overrides": {
            "user_id": ids["user_id"],
            "starts_at": starts,
            "ends_at": ends,
        },
        "PUT /rotas/{rota_id}/handover/note": {"text": "New"},
        "POST /imports": {"users": [{"id": "P1"}]},
        "POST /policies": policy,
        "PUT /policies/{policy_id}": policy,
        "POST /policies/{policy_id}/assignments": {"team_id": ids["team_id"]},
        "POST /pages/{page_id}/responses": {"response": "acknowledge"},
        "POST /silences": {"matchers": matchers, "ends_at": ends},
        "POST /maintenance": {
            "name": "New",
            "service_ids": [ids["service_id"]],
            "ends_at": ends,
        },
        "POST /rules": rule,
        "PUT /rules/order": {"rule_ids": [ids["rule_id"]]},
        "PUT /rules/{rule_id}": rule,
        "POST /integrations": integration,
        "PUT /integrations/{integration_id}": integration,
        "POST /incidents": {"title": "New", "service_id": ids["service_id"], "page": False},
        "POST /incidents/{incident_id}/merge": {"into_id": ids["into_id"]},
        "PUT /incidents/{incident_id}/severity": {"severity": "info"},
        "PUT /incidents/{incident_id}/title": {"title": "New"},
        "PUT /incidents/{incident_id}/not-actionable": {"not_actionable": True, "value": True},
        "POST /incidents/{incident_id}/notes": {"text": "New", "body": "New"},
        "POST /incidents/{incident_id}/page": {"user_ids": [ids["user_id"]], "message": "Help"},
    }


@pytest.mark.parametrize("operation", WRITING, ids=lambda operation: operation.label)
def test_operation_refuses_the_manager_of_another_team(
    operation: Any, existing: World, outsider: User
) -> None:
    name = f"{operation.method.upper()} {operation.path.removeprefix('/api/v1')}"
    path = _filled(operation.path + QUERIES.get(name, ""), existing.ids)
    body = bodies(existing.ids).get(name)
    token = make_token(outsider, scopes=tuple(Permission), now=utc_now())
    with world.undone():
        if name.endswith("/reopen"):
            end(existing)
        allowed = send(existing.token, operation.method, path, body)
        assert allowed.status_code < 300, allowed.content
    with world.undone():
        before = world.stored()
        assert send(token, operation.method, path, body).status_code in REFUSED
        assert world.stored() == before


def end(existing: World) -> None:
    incidents.resolve_incident(
        incident_id=existing.ids["incident_id"], user_id=None, now=utc_now(), actor="system"
    )


def send(token: str, method: str, path: str, body: Any) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"}
    client = Client(raise_request_exception=False)
    return client.generic(method.upper(), path, sent, "application/json", headers=headers)


class Forms(HTMLParser):
    """The forms of a page that post, as address and the values a browser would send."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._address = address
        self._is_open = False
        self._select = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_open = given.get("method", "").lower() == "post"
            if self._is_open:
                self.found.append((given.get("action") or self._address, {}))
        elif self._is_open and tag in {"input", "button", "textarea"}:
            self._add(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._is_open and tag == "option" and self._select:
            self._choose(given)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False

    def _add(self, given: dict[str, str]) -> None:
        is_box = given.get("type") in {"checkbox", "radio"}
        if "name" in given and (not is_box or "checked" in given):
            self.found[-1][1].setdefault(
                given["name"], given.get("value", "on" if is_box else "New")
            )

    def _choose(self, given: dict[str, str]) -> None:
        form = self.found[-1][1]
        if "selected" in given or (not form.get(self._select) and given.get("value")):
            form[self._select] = given["value"]


def test_forms_refuse_the_manager_of_another_team(existing: World, outsider: User) -> None:
    """Every form that an administrator sees is sent by her as it stands, and by the outsider."""
    admin, other = (Client(raise_request_exception=False) for _ in range(2))
    admin.force_login(existing.admin)
    other.force_login(outsider)
    reached, wrong = set(), []
    for address, form in forms(admin, existing):
        with world.undone():
            before = world.stored()
            answer = admin.post(address, form)
            changed = answer.status_code < 400 and world.stored() != before
        if not changed:
            continue
        reached.add(address)
        with world.undone():
            before = world.stored()
            answer = other.post(address, form)
            if world.stored() != before:
                wrong.append((address, form, answer.status_code))
    assert wrong == [], "\n".join(map(repr, wrong))
    assert len(reached) > 20


def forms(admin: Client, existing: World) -> list[tuple[str, dict[str, str]]]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for path in PATHS:
        if "profile" in path:
            continue
        address = filled(path, existing.ids)
        with world.undone():
            page = admin.get(address)
        parser = Forms(address)
        parser.feed(page.content.decode())
        found |= {repr(form): form for form in parser.found}
    mine = (
        "/accounts/",
        "/theme",
        "/profile/",
        "/settings/tokens/",
        "/welcome/",
        "/first-steps",
        "/pages/new/",
    )
    return [form for form in found.values() if not form[0].startswith(mine)]
