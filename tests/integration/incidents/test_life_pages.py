"""The pages and operations of the further life of an incident, for each role."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.catalog.ports import Environment
from evenfall.identity.models import User
from evenfall.incidents import actions, queries
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

FORMS = ("pause", "decline", "times")
STEPS = ("investigate", "fix", "monitor", "review", "close", "recurrence")


@pytest.fixture
def ana() -> User:
    return make_user("Ana", role="responder")


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


def in_hand(user: User) -> Incident:
    now = utc_now() - timedelta(hours=1)
    incident = declare(now=now)
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=user.pk, now=now, actor=f"user:{user.pk}"
    )
    return incident


def state(incident: Incident) -> str:
    return Incident.objects.get(id=incident.pk).state


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_each_step_is_a_button_and_leads_on(client: Client, ana: User) -> None:
    incident = in_hand(ana)
    address = f"/incidents/{incident.pk}/"
    for act, label, after in (
        ("fix", "Start fixing", "fixing"),
        ("monitor", "Watch the fix", "monitoring"),
        ("investigate", "Back to investigating", "acknowledged"),
        ("resolve", "Resolve", "resolved"),
        ("review", "Send to review", "review"),
        ("close", "Close", "closed"),
    ):
        shown = page(client, address)
        assert f'action="{address}{act}/"' in shown
        assert label in shown
        assert client.post(f"{address}{act}/").status_code == 302
        assert state(incident) == after
    assert "Start fixing" not in page(client, address)


def test_a_pause_is_asked_for_and_shown(client: Client, ana: User) -> None:
    incident = in_hand(ana)
    address = f"/incidents/{incident.pk}/"
    assert "What does it wait for?" in page(client, f"{address}pause/")
    until = (utc_now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    refused = client.post(f"{address}pause/", {"reason": "", "resume_by": until})
    assert refused.status_code == 422
    past = client.post(f"{address}pause/", {"reason": "a part", "resume_by": "2020-01-01T00:00"})
    assert "in the next 30 days" in past.content.decode()
    assert state(incident) == "acknowledged"
    client.post(f"{address}pause/", {"reason": "a part", "resume_by": until})
    assert state(incident) == "paused"
    shown = page(client, address)
    assert "It waits for: a part" in shown
    assert "Go on with it" in shown
    assert "paused until" in page(client, "/incidents/?state=paused")


def test_declining_asks_why(client: Client) -> None:
    incident = declare()
    address = f"/incidents/{incident.pk}/"
    assert client.post(f"{address}decline/", {}).status_code == 422
    client.post(f"{address}decline/", {"reason": "a rehearsal"})
    assert "a rehearsal" in page(client, address)
    assert "Slow" not in page(client, "/incidents/")
    assert "Shop is slow" in page(client, "/incidents/?state=declined")


def test_times_are_corrected_with_a_reason_and_in_order(client: Client, ana: User) -> None:
    incident = in_hand(ana)
    address = f"/incidents/{incident.pk}/times/"
    assert "not known" in page(client, address)
    given = {"stamp": "detected", "at": "2026-01-05T10:00", "why": ""}
    assert client.post(address, given).status_code == 422
    assert client.post(address, given | {"why": "the log"}).status_code == 302
    shown = page(client, address)
    assert "the log (Ana" in shown
    late = {"stamp": "impact_started", "at": "2026-01-06T10:00", "why": "a guess"}
    refused = client.post(address, late)
    assert refused.status_code == 422
    assert "would come after" in refused.content.decode()


def test_a_recurrence_is_named_by_hand(client: Client) -> None:
    old, new = declare("Disk is full"), declare("Disk is full again")
    address = f"/incidents/{new.pk}/"
    assert client.post(f"{address}recurrence/", {"of_id": f"#{old.pk}"}).status_code == 302
    assert "It is a recurrence of" in page(client, address)
    assert "It came back" in page(client, f"/incidents/{old.pk}/")
    client.post(f"{address}recurrence/", {"of_id": ""})
    assert "It is a recurrence of" not in page(client, address)


@pytest.mark.parametrize("role", ["observer", "stakeholder"])
def test_who_may_not_respond_moves_nothing(role: str) -> None:
    incident = declare()
    client = signed_in(make_user("Olga", role=role))
    for name in FORMS:
        assert client.get(f"/incidents/{incident.pk}/{name}/").status_code == 403
    for name in (*FORMS, *STEPS):
        assert client.post(f"/incidents/{incident.pk}/{name}/").status_code == 403
    assert "Decline" not in page(client, f"/incidents/{incident.pk}/")
    assert state(incident) == "open"


def test_a_responder_of_another_team_moves_nothing() -> None:
    olga = make_user("Olga", role="observer")
    make_team("Others", members=(olga,))
    incident = declare(team_id=make_team("Payments").pk)
    client = signed_in(olga)
    for name in (*FORMS, *STEPS):
        assert client.post(f"/incidents/{incident.pk}/{name}/").status_code == 403
    assert state(incident) == "open"


def test_the_list_has_a_tab_for_each_state_that_somebody_is_in(client: Client, ana: User) -> None:
    assert "Fixing <span" not in page(client, "/incidents/")
    client.post(f"/incidents/{in_hand(ana).pk}/fix/")
    shown = page(client, "/incidents/")
    assert 'Fixing <span class="count">1</span>' in shown
    assert "Shop is slow" in page(client, "/incidents/?state=fixing")
    for word in queries.Show:
        page(client, f"/incidents/?state={word.value}")


def test_over_the_api(ana: User) -> None:
    incident = in_hand(ana)
    headers = {"Authorization": f"Bearer {make_token(ana, now=utc_now())}"}

    def send(method: str, path: str, body: object = None) -> dict[str, object]:
        answer = Client().generic(
            method,
            f"/api/v1/incidents/{incident.pk}/{path}",
            "" if body is None else json.dumps(body),
            "application/json",
            headers=headers,
        )
        assert answer.status_code == 200, answer.content
        found: dict[str, object] = answer.json()
        return found

    until = (utc_now() + timedelta(hours=2)).isoformat()
    paused = send("POST", "pause", {"reason": "a part", "resume_by": until})
    assert (paused["state"], paused["state_reason"]) == ("paused", "a part")
    assert send("POST", "investigate")["state"] == "acknowledged"
    assert send("POST", "fix")["state"] == "fixing"
    assert send("POST", "monitor")["mitigated_at"] is not None
    body = {"at": "2026-01-05T10:00:00Z", "why": "the log"}
    assert send("PUT", "stamps/detected", body)["detected_at"] == "2026-01-05T10:00:00Z"
    stamps = send("GET", "stamps")
    assert isinstance(stamps["corrections"], list)
    assert [one["why"] for one in stamps["corrections"]] == ["the log"]


@pytest.mark.parametrize(
    ("environment", "hour", "urgency"),
    [
        (Environment.UAT, 3, "low"),
        (Environment.DEV, 20, "low"),
        (Environment.UAT, 11, "high"),
        (Environment.PROD, 3, "high"),
    ],
)
def test_what_is_no_production_wakes_nobody(
    environment: Environment, hour: int, urgency: str
) -> None:
    number = actions.declare_incident(
        title="Tests are red",
        severity=Sev.SEV3,
        environment=environment,
        now=datetime(2026, 11, 18, hour, tzinfo=UTC),
        actor="system",
        page=False,
    )
    assert queries.incident(number).urgency.value == urgency
