import pytest
from django.test import Client
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import make_team, make_token, make_user, signed_in

from evenfall.catalog import queries

pytestmark = pytest.mark.django_db


def form(team_id: int, **changes: str) -> dict[str, object]:
    values = {"name": "Checkout", "team_id": str(team_id), "tier": "1", "criticality": "high"}
    return {**values, "environments": ["PROD"], **changes}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    count: int, django_assert_num_queries: object
) -> None:
    browser = signed_in(make_user())
    for number in range(count):
        make_service(f"Service {number}")
    with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's fixture
        answer = browser.get("/services/")
    assert len(answer.context["services"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_one_service_takes_the_same_queries_however_many_dependencies(
    count: int, django_assert_num_queries: object
) -> None:
    service = make_service()
    for number in range(count):
        make_dependency(service, make_service(f"Service {number}"))
    browser = signed_in(make_user())
    with django_assert_num_queries(10):  # type: ignore[operator]  # pytest-django's fixture
        answer = browser.get(f"/services/{service.slug}/")
    assert len(answer.context["needs"]) == count


def test_the_list_can_be_filtered() -> None:
    service = make_service("Checkout")
    make_service("Mail")
    browser = signed_in(make_user())
    for query in ("q=check", f"team={service.team_id}"):
        answer = browser.get(f"/services/?{query}")
        assert [one.name for one in answer.context["services"]] == ["Checkout"]
    assert browser.get("/services/?archived=1").context["services"] == []


def test_an_empty_list_says_what_to_do() -> None:
    assert (
        b"Add the first service" in signed_in(make_user(role="manager")).get("/services/").content
    )
    assert b"A manager can add" in signed_in(make_user()).get("/services/").content


def test_pages_create_and_change_a_service() -> None:
    team = make_team()
    browser = signed_in(make_user(role="manager"))
    answer = browser.post("/services/new/", form(team.id))
    assert answer["Location"] == "/services/checkout/"
    assert browser.post("/services/new/", form(team.id)).status_code == 422
    browser.post("/services/checkout/edit/", form(team.id, name="Cash desk"))
    assert queries.service_by_slug("checkout").name == "Cash desk"
    refused = browser.post("/services/checkout/edit/", form(team.id, runbook_url="ftp://x"))
    assert refused.status_code == 422


def test_a_team_manager_keeps_to_that_team() -> None:
    lead = make_user(role="responder")
    own, other = make_team("Own", leads=[lead]), make_team("Other")
    browser = signed_in(lead)
    assert browser.post("/services/new/", form(own.id)).status_code == 302
    assert browser.post("/services/new/", form(other.id)).status_code == 422
    foreign = make_service("Foreign", team=other)
    assert browser.post(f"/services/{foreign.slug}/archive/").status_code == 403
    assert browser.post("/services/checkout/edit/", form(other.id)).status_code == 422


def test_the_page_draws_dependencies() -> None:
    shop, bank = make_service("Shop", slug="shop"), make_service("Bank", slug="bank")
    browser = signed_in(make_user(role="manager"))
    data = {"depends_on_id": str(bank.id), "kind": "soft"}
    assert browser.post("/services/shop/needs/", data).status_code == 302
    page = browser.get("/services/shop/").content.decode()
    assert '<a href="/services/bank/"' in page
    assert "soft-line" in page
    circle = browser.post("/services/bank/needs/", {"depends_on_id": str(shop.id), "kind": "hard"})
    assert (circle.status_code, b"would depend on itself" in circle.content) == (422, True)
    browser.post(f"/services/shop/needs/{bank.id}/remove/")
    assert queries.needs(shop.id) == []


def test_pages_archive_and_restore() -> None:
    service = make_service()
    browser = signed_in(make_user(role="manager"))
    browser.post(f"/services/{service.slug}/archive/")
    assert b"This service is archived" in browser.get(f"/services/{service.slug}/").content
    browser.post(f"/services/{service.slug}/restore/")
    assert not queries.service(service.id).is_archived


def test_the_api_creates_changes_and_archives() -> None:
    team = make_team()
    headers = {"Authorization": f"Bearer {make_token(make_user(role='manager'))}"}
    json = "application/json"
    client = Client(headers=headers)
    made = client.post("/api/v1/services", {"name": "Checkout", "team_id": team.id}, json)
    assert (made.status_code, made.json()["slug"]) == (201, "checkout")
    body = {"name": "Checkout", "team_id": team.id, "tier": 1}
    assert client.put("/api/v1/services/checkout", body, json).json()["tier"] == 1
    bad = client.put("/api/v1/services/checkout", {**body, "tier": 9}, json)
    assert (bad.status_code, bad.json()["field"]) == (422, "tier")
    assert client.get("/api/v1/services/checkout").json()["name"] == "Checkout"
    assert client.delete("/api/v1/services/checkout").status_code == 204
    assert client.get("/api/v1/services").json() == {"items": [], "next": None}


def test_the_api_knows_dependencies() -> None:
    make_service("Shop", slug="shop")
    make_service("Bank", slug="bank")
    headers = {"Authorization": f"Bearer {make_token(make_user(role='manager'))}"}
    client = Client(headers=headers)
    path = "/api/v1/services/shop/dependencies"
    assert client.put(f"{path}/bank", {}, "application/json").status_code == 204
    known = client.get(path).json()
    assert [(one["service"]["slug"], one["kind"]) for one in known["needs"]] == [("bank", "hard")]
    assert client.delete(f"{path}/bank").status_code == 204
    assert client.get(path).json() == {"needs": [], "needed_by": []}
