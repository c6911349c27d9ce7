"""Public updates that wait for a second person, on the pages and over the API."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.approving import ask_for_two, say, seat
from tests.factories.identity import make_token, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.identity.models import User
from evenfall.incidents import actions, queries
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Incident
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann() -> User:
    return make_user("Ann")


@pytest.fixture
def cleo() -> User:
    return make_user("Cleo")


@pytest.fixture
def incident(cleo: User) -> Incident:
    ask_for_two()
    now = utc_now() - 5 * MINUTE
    found = declare("Nobody can pay", severity=Sev.SEV1, now=now)
    seat(found, commander=cleo, now=now)
    by = actions.By(actor="system", at=now)
    begun = actions.Turned(incident_id=found.pk, turn=actions.Turn.BEGUN, by=by)
    actions.follow_turns(turned=[begun])
    return found


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def api_of(person: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(person, now=utc_now())}"})


def test_it_is_written_sent_back_written_better_and_approved(
    incident: Incident, ann: User, cleo: User
) -> None:
    writer, commander = signed_in(ann), signed_in(cleo)
    page = f"/incidents/{incident.pk}/"
    sent = {"draft": "Back in 5 minutes!", "tell_public": "on", "tell_staff": "on"}
    told = writer.post(f"{page}updates/", sent, follow=True).content.decode()
    assert "waits for somebody to approve it. The others are told." in told
    assert "Approve and tell the public" not in told
    assert "Approve and tell the public" in shown(commander, page)
    assert "a text waits for approval" in shown(commander, "/promises/")
    first = queries.proposed_waiting(incident.pk)
    assert first
    back = f"{page}proposed/{first.id}/send-back/"
    assert "Say what should be better" in commander.post(back, follow=True).content.decode()
    assert commander.post(back, {"reason": "Too sure."}).status_code == 302
    assert "Too sure." in shown(writer, f"{page}updates/")
    writer.post(f"{page}updates/", {"draft": "We look.", "tell_public": "on"})
    second = queries.proposed_waiting(incident.pk)
    assert second
    assert writer.post(f"{page}proposed/{second.id}/approve/").status_code == 403
    assert commander.post(f"{page}proposed/{second.id}/approve/").status_code == 302
    assert queries.updates(incident.pk)[0].texts[0].text == "We look."
    assert "Waiting for approval" not in shown(commander, page)


@pytest.mark.parametrize("role", ["observer", "stakeholder", "responder", "manager"])
def test_others_read_it_and_decide_nothing(role: str, incident: Incident, ann: User) -> None:
    say(incident, ann, utc_now(), public="Paying fails.")
    waiting = queries.proposed_waiting(incident.pk)
    assert waiting
    person = make_user("Olga", role)
    client, api = signed_in(person), api_of(person)
    page = f"/incidents/{incident.pk}/"
    assert "Approve and tell the public" not in shown(client, f"{page}updates/")
    assert "Paying fails." in shown(client, f"{page}updates/")
    below = f"/api/v1/incidents/{incident.pk}/proposed-updates"
    for answer in (
        client.post(f"{page}proposed/{waiting.id}/approve/"),
        client.post(f"{page}proposed/{waiting.id}/send-back/", {"reason": "No"}),
        client.post("/hearing/approval/", {"severities": ["SEV1"]}),
        api.post(f"{below}/{waiting.id}/approve"),
        api.post(f"{below}/{waiting.id}/send-back", {"reason": "No"}, "application/json"),
        api.put("/api/v1/approval-rules", {"severities": []}, "application/json"),
    ):
        assert answer.status_code == 403
    assert queries.proposed_waiting(incident.pk) is not None


def test_the_same_over_the_api(incident: Incident, ann: User, cleo: User) -> None:
    below, json = f"/api/v1/incidents/{incident.pk}", "application/json"
    body = {"draft": "Paying fails.", "audiences": {"public": {}, "staff": {}}}
    made = api_of(ann).post(f"{below}/updates", body, json)
    assert (made.status_code, made.json()["decision"]) == (202, "waiting")
    commander = api_of(cleo)
    back = f"{below}/proposed-updates/{made.json()['id']}/send-back"
    sent_back = commander.post(back, {"reason": "Too short."}, json).json()
    assert (sent_back["decision"], sent_back["reason"]) == ("sent_back", "Too short.")
    assert commander.post(back, {"reason": "Too short."}, json).status_code == 409
    again = api_of(ann).post(f"{below}/updates", body, json).json()["id"]
    board = commander.get("/api/v1/promises?audience=public").json()["items"]
    assert [one["waits_for_approval"] for one in board] == [True]
    told = commander.post(f"{below}/proposed-updates/{again}/approve")
    assert told.json()["texts"][0]["text"] == "Paying fails."
    items = commander.get(f"{below}/proposed-updates").json()["items"]
    assert [one["decision"] for one in items] == ["approved", "sent_back"]
    alone = commander.post(f"{below}/updates", body, json)
    assert (alone.status_code, len(alone.json()["texts"])) == (201, 2)


def test_an_administrator_says_for_which_severities() -> None:
    root = make_user("Root", "admin")
    client, api = signed_in(root), api_of(root)
    assert "Nobody has to approve" in shown(client, "/hearing/")
    client.post("/hearing/approval/", {"severities": ["SEV1", "SEV2"]})
    assert "For SEV1, SEV2 a text" in shown(client, "/hearing/")
    assert client.post("/hearing/approval/", {"severities": ["worst"]}).status_code == 422
    assert api.get("/api/v1/approval-rules").json() == {"severities": ["SEV1", "SEV2"]}
    answer = api.put("/api/v1/approval-rules", {"severities": ["SEV1"]}, "application/json")
    assert answer.json() == {"severities": ["SEV1"]}
