"""The pages of moving in: upload, report, run, and what is said when it goes wrong."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.importing import sample

from evenfall.identity import queries
from evenfall.identity.models import Team, User
from evenfall.identity.permissions import Role
from evenfall.oncall import queries as oncall_queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("Shop", leads=[make_user("Lead", email="lead@example.org")])


@pytest.fixture
def client(team: Team) -> Client:
    return signed_in(make_user("Boss", role="admin"))


def upload(client: Client, team: Team, body: bytes, vendor: str = "pagerduty") -> Any:
    file = SimpleUploadedFile("export.json", body)
    return client.post("/oncall/import/", {"vendor": vendor, "team": team.id, "file": file})


@pytest.mark.parametrize("vendor", ["pagerduty", "opsgenie", "grafana_oncall"])
def test_an_upload_shows_what_would_happen_and_then_is_run(
    client: Client, team: Team, vendor: str
) -> None:
    for number in (1, 2):
        make_user(f"Person {number}", email=f"person.{number}@example.org")
    answer = upload(client, team, sample(vendor), vendor)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Nothing is saved yet" in page
    assert "person.3@example.org" in page
    assert "Cannot be expressed" in page
    assert "Who would be paged, there and here" in page
    assert oncall_queries.rotas() == []
    ran = client.post(f"{answer['Location']}run/", follow=True).content.decode()
    assert "Imported" in ran
    assert "Here already" in ran
    assert oncall_queries.rotas()


def test_the_report_can_be_downloaded(client: Client, team: Team) -> None:
    address = upload(client, team, sample("pagerduty"))["Location"]
    answer = client.get(f"{address}report.json")
    assert "attachment" in answer["Content-Disposition"]
    assert [rota["name"] for rota in answer.json()["rotas"]] == ["Shop primary", "Shop desk"]


def test_a_zip_is_read_as_well(client: Client, team: Team) -> None:
    buffer = io.BytesIO()
    parts = json.loads(sample("opsgenie"))
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("users", "schedules", "escalations"):
            archive.writestr(f"export/{name}.json", json.dumps(parts[name]))
        archive.writestr(
            "export/timelines/schedule-1.json", json.dumps(parts["timelines"]["schedule-1"])
        )
    address = upload(client, team, buffer.getvalue(), "opsgenie")["Location"]
    assert "Nights" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"not json", "This is not JSON"),
        (b'{"users": [{"name": "x"}]}', "users[0]"),
        (b" " * 5_000_001, "larger than 5,000,000 bytes"),
    ],
)
def test_a_bad_file_is_explained_in_the_form(
    client: Client, team: Team, body: bytes, said: str
) -> None:
    answer = upload(client, team, body)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_lead_imports_for_the_own_team_only(team: Team) -> None:
    lead = signed_in(make_user("Other lead"))
    assert lead.get("/oncall/import/").status_code == 403
    mine = make_user("Chief")
    own = make_team("Mine", leads=[mine])
    chief = signed_in(mine)
    assert upload(chief, team, sample("pagerduty")).status_code == 422
    assert upload(chief, own, sample("pagerduty")).status_code == 302


def test_somebody_elses_upload_cannot_be_seen(client: Client, team: Team) -> None:
    address = upload(client, team, sample("pagerduty"))["Location"]
    mine = make_user("Chief")
    make_team("Mine", leads=[mine])
    assert signed_in(mine).get(address).status_code == 403
    assert signed_in(mine).post(f"{address}run/").status_code == 403


def test_an_administrator_invites_those_who_are_not_here_and_comes_back(
    client: Client, team: Team
) -> None:
    address = upload(client, team, sample("pagerduty"))["Location"]
    page = client.get(address).content.decode()
    assert "Invite all 3" in page
    everybody = [f"person.{number}@example.org" for number in (1, 2, 3)]
    form = {"team_id": team.id, "next": address, "email": everybody[:1]}
    answer = client.post("/people/invite/several/", form, follow=True)
    assert answer.redirect_chain[-1][0] == address
    assert "Invite all 2" in answer.content.decode()
    client.post("/people/invite/several/", {**form, "email": everybody})
    invited = queries.open_invitations(utc_now())
    assert sorted(one.email for one in invited) == everybody
    assert {(one.role, one.team_id) for one in invited} == {(Role.RESPONDER, team.id)}
    assert "Invite all" not in client.get(address).content.decode()


def test_others_see_who_must_be_invited_and_cannot_do_it(team: Team) -> None:
    lead = signed_in(User.objects.get(email="lead@example.org"))
    address = upload(lead, team, sample("pagerduty"))["Location"]
    assert "An administrator can invite them" in lead.get(address).content.decode()
    assert lead.post("/people/invite/several/", {"email": "a@example.org"}).status_code == 403


def test_inviting_leads_to_no_other_site(client: Client) -> None:
    form = {"email": "a@example.org", "next": "https://evil.example.net/"}
    assert client.post("/people/invite/several/", form)["Location"] == "/people/"
