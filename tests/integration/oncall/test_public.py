from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.notifications import make_contact_method
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import actions
from evenfall.oncall.models import PublicPage
from evenfall.oncall.ports import LieutenantKind, LieutenantRule
from evenfall.oncall.views import public
from evenfall.platform import journal
from evenfall.platform.clock import utc_now
from evenfall.platform.pacing import Pace

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", email="ada@example.org")


@pytest.fixture
def team(ada: User) -> Team:
    return make_team(members=[ada])


@pytest.fixture
def rota_id(ada: User, team: Team) -> int:
    now = utc_now()
    monday = (now - timedelta(days=now.weekday())).date()
    layer = main_layer(ada, make_user("Ben"), starts_at=f"{monday} 00:00", zone="UTC")
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    return make_rota(layers=[layer], lieutenant=rule, team=team, now=now - timedelta(days=8))


@pytest.fixture
def admin() -> Client:
    return signed_in(make_user("Root", role="admin"))


def opened(rota_id: int, *, shows_contact: bool = False) -> str:
    secret = actions.open_public_page(
        rota_id=rota_id, shows_contact=shows_contact, now=utc_now(), actor="user:1"
    )
    return reverse("oncall:public", args=[secret])


def test_page_shows_who_is_on_call_now_and_next_without_sign_in(rota_id: int) -> None:
    answer = Client().get(opened(rota_id))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "On call for Payments" in page
    assert "<strong>Ada</strong>" in page
    assert "Ben, from" in page
    assert "Times are those of Europe/Berlin." in page


def test_page_is_kept_out_of_search_engines_caches_and_referrers(rota_id: int) -> None:
    answer = Client().get(opened(rota_id))
    assert answer["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in answer.content
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_page_leaks_nothing_else(rota_id: int, ada: User) -> None:
    make_contact_method(ada, address="ada.phone@example.org")
    now = utc_now()
    cleo = make_user("Cleo", email="cleo@example.org")
    make_override(rota_id, cleo, starts_at=now, note="Ada is at the doctor", now=now)
    page = Client().get(opened(rota_id)).content.decode()
    for secret in ("@example.org", "doctor", "Turn in layer", "/rotas/", "/people/"):
        assert secret not in page


def test_page_shows_addresses_where_the_administrator_chose_so(rota_id: int) -> None:
    assert "ada@example.org" in Client().get(opened(rota_id, shows_contact=True)).content.decode()


def test_rota_without_a_page_a_closed_one_and_a_guess_are_not_found(
    rota_id: int, admin: Client
) -> None:
    anybody = Client()
    assert anybody.get(reverse("oncall:public", args=["evf_public_guessed"])).status_code == 404
    address = opened(rota_id)
    assert admin.post(reverse("oncall:close_public", args=[rota_id])).status_code == 302
    assert anybody.get(address).status_code == 404
    assert admin.post(reverse("oncall:close_public", args=[rota_id])).status_code == 404


def test_page_ends_with_its_rota(rota_id: int) -> None:
    address = opened(rota_id)
    actions.delete_rota(rota_id=rota_id, now=utc_now(), actor="system")
    assert Client().get(address).status_code == 404


def test_new_address_ends_the_old_one(rota_id: int) -> None:
    old, new = opened(rota_id), opened(rota_id)
    assert [Client().get(address).status_code for address in (old, new)] == [404, 200]
    assert PublicPage.objects.filter(revoked_at=None).count() == 1


def test_opening_and_closing_is_audited_without_the_secret(rota_id: int) -> None:
    address = opened(rota_id, shows_contact=True)
    actions.close_public_page(rota_id=rota_id, now=utc_now(), actor="user:1")
    told = [entry for entry in journal.entries(subject=f"rota:{rota_id}") if "public" in entry.kind]
    assert [entry.kind for entry in told] == [
        "oncall.public_page_opened",
        "oncall.public_page_closed",
    ]
    assert told[0].data["after"] == {"shows_contact": True}
    assert address.split("/")[-2] not in str(told)


def test_administrator_opens_the_page_and_sees_its_address_once(
    rota_id: int, admin: Client
) -> None:
    settings = reverse("oncall:public_settings", args=[rota_id])
    page = admin.post(settings, {"shows": "name"}).content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0]
    assert Client().get("/" + address.split("/", 3)[3]).status_code == 200
    assert "evf_public_" not in admin.get(settings).content.decode()
    assert admin.post(settings, {"shows": "everything"}).status_code == 422


@pytest.mark.parametrize("role", ["responder", "manager"])
def test_nobody_else_opens_or_closes_it(rota_id: int, role: str) -> None:
    client = signed_in(make_user("Cleo", role=role))
    for name in ("public_settings", "close_public"):
        assert client.post(reverse(f"oncall:{name}", args=[rota_id])).status_code == 403
    api = client.put(f"/api/v1/rotas/{rota_id}/public-page", {}, content_type="application/json")
    assert api.status_code == 403


def test_api_opens_and_closes_the_page(rota_id: int, admin: Client) -> None:
    address = f"/api/v1/rotas/{rota_id}/public-page"
    made = admin.put(address, {"shows_contact": True}, content_type="application/json").json()
    assert made["shows_contact"] is True
    public = "/" + made["url"].split("/", 3)[3]
    assert Client().get(public).status_code == 200
    assert admin.delete(address).status_code == 204
    assert Client().get(public).status_code == 404


def test_page_is_cheap(rota_id: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    address = opened(rota_id)
    with django_assert_num_queries(4):
        Client().get(address)


def test_page_asks_whoever_reads_it_too_often_to_wait(
    rota_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "PACE", Pace(most=2, per=timedelta(minutes=1)))
    address, other = opened(rota_id), opened(rota_id)
    assert [Client().get(address).status_code for _ in range(3)][-1] == 429
    assert 0 < int(Client().get(address)["Retry-After"]) <= 30
    assert Client().get(other).status_code != 429
