import pytest
from django.test import Client
from tests.factories.identity import make_token, make_user
from tests.factories.notifications import make_contact_method, new_notice

from evenfall.identity.models import User
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions
from evenfall.notifications.logic.retrying import Urgency
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def client(ada: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(ada)}"})


def post(client: Client, path: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_an_address_is_added_verified_and_removed(client: Client) -> None:
    status, made = post(client, "contact-methods", kind="email", address="ada@example.org")
    assert (status, made["state"], made["secret"]) == (201, "unverified", "")
    (message,) = actions.claim_due(rooms={("email", Urgency.HIGH): 1}, now=utc_now())

    status, problem = post(client, f"contact-methods/{made['id']}/verify", code="1")
    assert (status, problem["code"]) == (422, "notifications.code_wrong")
    status, verified = post(client, f"contact-methods/{made['id']}/verify", code=message.code)
    assert (status, verified["state"], verified["is_primary"]) == (200, "verified", True)

    assert len(client.get("/api/v1/contact-methods").json()["items"]) == 1
    assert client.delete(f"/api/v1/contact-methods/{made['id']}").status_code == 204
    assert client.get("/api/v1/contact-methods").json() == {"items": [], "next": None}


def test_a_web_hook_gets_its_secret_once(client: Client) -> None:
    _, made = post(
        client, "contact-methods", kind="webhook", address="https://x.example/", label="L"
    )
    assert str(made["secret"]).startswith("whsec_")
    (listed,) = client.get("/api/v1/contact-methods").json()["items"]
    assert "secret" not in listed


def test_asking_too_soon_is_a_conflict(client: Client) -> None:
    _, made = post(client, "contact-methods", kind="email", address="ada@example.org")
    status, problem = post(client, f"contact-methods/{made['id']}/ask")
    assert (status, problem["code"]) == (409, "notifications.asked_too_soon")


def test_a_broken_one_can_be_asked_again_and_another_made_primary(
    ada: User, client: Client
) -> None:
    broken, other = make_contact_method(ada, is_broken=True), make_contact_method(ada)
    assert post(client, f"contact-methods/{broken.id}/ask")[0] == 202
    assert post(client, f"contact-methods/{other.id}/primary")[1]["is_primary"] is True


def test_a_test_page_is_planned_and_seen_in_the_inbox(client: Client) -> None:
    status, planned = post(client, "notices/test")
    assert status == 202
    (notice,) = client.get("/api/v1/inbox").json()["items"]
    assert [notice["id"]] == planned["notice_ids"]
    assert (notice["purpose"], notice["state"]) == ("test", "planned")


def test_the_notices_of_a_page_tell_who_was_told_but_no_addresses(client: Client) -> None:
    ben, now = make_user("Ben"), utc_now()
    make_contact_method(ben, address="ben@example.org")
    actions.plan_notices(notices=[new_notice(ben, due_at=now)], now=now)
    answer = client.get("/api/v1/notices", {"subject": "page:5"})
    (notice,) = answer.json()["items"]
    assert (notice["user_id"], notice["kind"]) == (ben.id, "email")
    assert b"ben@example.org" not in answer.content


def test_the_private_notices_of_others_stay_private(client: Client) -> None:
    ben = make_user("Ben")
    actions.send_test(user_id=ben.id, now=utc_now())
    answer = client.get("/api/v1/notices", {"subject": f"user:{ben.id}"})
    assert answer.json()["items"] == []


def test_a_token_needs_the_scope(ada: User) -> None:
    secret = make_token(ada, scopes=[Permission.VIEW])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/inbox").status_code == 403
    assert client.get("/api/v1/notices", {"subject": "page:5"}).status_code == 200
