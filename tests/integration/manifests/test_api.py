"""The API and the page of configuration as code."""

from typing import Any

import msgspec
import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user

from evenfall.catalog import actions as catalog_actions
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

TEXT = """evenfall: v1
teams: {shop: {name: Shop}}
services: {checkout: {name: Checkout, team: shop}}
integrations: {mon: {name: Monitoring, kind: prometheus, team: shop}}
"""


@pytest.fixture
def headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(make_user('Boss', role='admin'))}"}


def post(headers: dict[str, str], what: str, **more: Any) -> Any:
    body = {"bundle": "shop", "files": {"a.yaml": TEXT}, **more}
    address = f"/api/v1/manifests/{what}"
    return Client().post(address, body, "application/json", headers=headers)


def test_plan_apply_drift_and_release(headers: dict[str, str]) -> None:
    planned = post(headers, "plan").json()
    assert [change["thing"] for change in planned["changes"]] == [
        *("teams.shop", "services.checkout", "integrations.mon"),
    ]
    assert planned["keys"] == {}
    done = post(headers, "apply", expected=planned["digest"], revision="f00")
    assert done.status_code == 200
    assert len(done.json()["keys"]["integrations.mon"]) == 32
    assert post(headers, "plan").json()["changes"] == []
    (service,) = catalog_queries.services().values()
    fields = catalog_actions.ServiceFields(name="Till", team_id=service.team_id)
    catalog_actions.change_service(
        service_id=service.id, fields=fields, now=utc_now(), actor="user:1"
    )
    address = "/api/v1/manifests/drift?bundle=shop"
    (drift,) = Client().get(address, headers=headers).json()["items"]
    assert drift["thing"] == "services.checkout"
    assert drift["fields"] == [{"path": "name", "before": "Checkout", "after": "Till"}]
    assert drift["hands"][0]["actor"] == "user:1"
    bundles = Client().get("/api/v1/manifests/bundles", headers=headers).json()["items"]
    assert [(one["name"], one["revision"], one["count"]) for one in bundles] == [("shop", "f00", 3)]
    gone = Client().delete("/api/v1/manifests/bundles/shop", headers=headers)
    assert gone.json() == {"count": 3}
    again = Client().delete("/api/v1/manifests/bundles/shop", headers=headers)
    assert again.status_code == 422
    assert "Known: none" in again.json()["detail"]


def test_problems_are_told_and_applying_them_is_refused(headers: dict[str, str]) -> None:
    text = "evenfall: v1\nservices: {a: {name: A, team: nobody}}"
    (problem,) = post(headers, "plan", files={"x.yaml": text}).json()["problems"]
    assert problem == {
        "file": "x.yaml",
        "line": 2,
        "what": "services.a",
        "message": "There is no team “nobody”.",
    }
    refused = post(headers, "apply", files={"x.yaml": text})
    assert refused.status_code == 422
    assert "x.yaml, line 2" in refused.json()["detail"]


def test_an_outdated_plan_is_a_conflict(headers: dict[str, str]) -> None:
    assert post(headers, "apply", expected="0" * 32).status_code == 409
    assert catalog_queries.services() == {}


def test_export_and_schema(headers: dict[str, str]) -> None:
    make_team("Ops", slug="ops")
    text = Client().get("/api/v1/manifests/export?kinds=teams", headers=headers).content.decode()
    assert "ops:" in text
    assert "rules:" not in text
    schema = Client().get("/api/v1/manifests/schema", headers=headers).json()
    assert schema["properties"]["teams"]["additionalProperties"]["$ref"] in {
        f"#/$defs/{name}" for name in schema["$defs"]
    }
    assert msgspec.json.decode(msgspec.json.encode(schema)) == schema


def test_the_page_shows_what_is_managed_and_what_drifted(headers: dict[str, str]) -> None:
    client = Client()
    client.force_login(make_user("Eve", role="admin"))
    assert "No file manages anything yet" in client.get("/configuration/").content.decode()
    post(headers, "apply", revision="f00")
    assert "Everything is as it was applied" in client.get("/configuration/").content.decode()
    (service,) = catalog_queries.services().values()
    catalog_actions.archive_service(service_id=service.id, now=utc_now(), actor="user:1")
    page = client.get("/configuration/").content.decode()
    assert "services.checkout" in page
    assert "Gone" in page
    file = client.get("/configuration/evenfall.yaml")
    assert 'filename="evenfall.yaml"' in file["Content-Disposition"]
    assert "evenfall: v1" in file.content.decode()


def test_the_page_says_what_a_pasted_file_would_do(headers: dict[str, str]) -> None:
    client = Client()
    client.force_login(make_user("Eve", role="admin"))

    def asked(text: str, **more: str) -> str:
        said = {"text": text, "bundle": "shop", "days": "7", **more}
        return client.post("/configuration/plan/", said).content.decode()

    page = asked(TEXT)
    assert "services.checkout" in page
    assert "No alert came in this time" in page
    assert catalog_queries.services() == {}
    assert "There is no team “nobody”." in asked(
        "evenfall: v1\nservices: {a: {name: A, team: nobody}}"
    )
    assert "Paste a file that begins with" in asked("")
    post(headers, "apply")
    assert "manages 3 things, which would all be" in asked("evenfall: v1")
    assert "Nothing would change." in asked(TEXT)
    reader = Client()
    reader.force_login(make_user("Ola", role="observer"))
    assert reader.post("/configuration/plan/", {"text": TEXT}).status_code == 403


def test_a_plan_over_the_api_has_its_effect(headers: dict[str, str]) -> None:
    effect = post(headers, "plan").json()["effect"]
    assert (effect["days"], effect["alerts"], effect["what_if_id"]) == (7, 0, None)
    assert effect["reason"].startswith("No alert came in this time")
    assert [one["thing"] for one in effect["left_out"]] == ["integrations.mon"]
    assert post(headers, "plan", days=0).json()["effect"] is None
    assert post(headers, "plan", days=31).status_code == 422
