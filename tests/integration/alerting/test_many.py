"""Many alerts at once: acknowledged, resolved, silenced; those of other teams are left alone."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import make_integration
from tests.factories.identity import make_team, make_token, make_user, signed_in
from tests.factories.noise import make_alert
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting import actions
from evenfall.alerting.models import Alert, BulkAct, Silence

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def alerts(world: PagedTeam, count: int, now: datetime) -> list[int]:
    tool = make_integration()
    return [
        make_alert(world, tool, "Cpu", now, labels={"host": f"h{n}", "zone": "a"}).pk
        for n in range(count)
    ]


def states() -> list[str]:
    return list(Alert.objects.order_by("id").values_list("state", flat=True))


def test_those_ticked(world: PagedTeam, now: datetime) -> None:
    ids, client = alerts(world, 3, now), signed_in(world.ada)
    assert "Choose Cpu is bad" in client.get("/alerts/").content.decode()
    client.post("/alerts/many/", {"act": "acknowledge", "alert": ids[:2], "query": "state=live"})
    assert states() == ["acknowledged", "acknowledged", "open"]
    again = client.post("/alerts/many/", {"act": "acknowledge", "alert": ids[:2]}, follow=True)
    (told,) = again.context["messages"]
    assert (told.level_tag, told.message) == (
        "info",
        "Nothing changed: somebody knows of all of them already.",
    )
    client.post("/alerts/many/", {"act": "resolve", "alert": [*ids, "x", 2**70]})
    assert states() == ["resolved"] * 3


def test_all_that_fit_the_filter(world: PagedTeam, now: datetime) -> None:
    alerts(world, 3, now)
    client = signed_in(world.ada)
    answer = client.post(
        "/alerts/many/", {"act": "acknowledge", "all": "on", "query": "state=open&q=h1"}
    )
    assert answer["Location"] == "/alerts/?state=open&q=h1"
    client.post("/alerts/many/", {"act": "resolve", "query": "state=open"})
    assert states() == ["open", "acknowledged", "open"]


def test_a_silence_names_what_they_have_in_common(world: PagedTeam, now: datetime) -> None:
    ids, client = alerts(world, 3, now), signed_in(world.ada)
    answer = client.post("/alerts/many/", {"act": "silence", "alert": ids})
    page = client.get(answer["Location"]).content.decode()
    assert "alertname=&quot;Cpu&quot;" in page
    assert "zone=&quot;a&quot;" in page
    assert "host=" not in page.split("</textarea>")[0].split("<textarea")[-1]


def test_a_silence_of_those_ticked_is_lifted_again_where_it_was_asked_for(
    world: PagedTeam, now: datetime
) -> None:
    ids, client = alerts(world, 2, now), signed_in(world.ada)
    form = client.post("/alerts/many/", {"act": "silence", "alert": ids})["Location"]
    slug = world.service.slug
    said = {"matchers": f'service="{slug}"', "duration": "2h", "comment": "It is known"}
    made = client.post(form, said)
    assert made["Location"] == "/alerts/", made.content
    silence = Silence.objects.get()
    end = f"/silences/{silence.pk}/end/"
    assert end in client.get("/alerts/").content.decode()
    assert end not in client.get("/alerts/").content.decode()  # it is offered once

    assert client.post(end, {"undo": "1"})["Location"] == "/alerts/"

    silence.refresh_from_db()
    assert silence.ended_by == f"user:{world.ada.pk}"


def test_those_of_other_teams_are_left_alone(world: PagedTeam, now: datetime) -> None:
    ids, other = alerts(world, 2, now), make_user("Olga", "observer")
    make_team("Zebra", leads=(other,))
    token = {"Authorization": f"Bearer {make_token(other)}"}
    body = {"alert_ids": ids, "act": "resolve"}
    path, sent = "/api/v1/alerts/many", "application/json"
    answer = signed_in(other).post(path, body, content_type=sent, headers=token)
    nothing = {"done": 0, "refused": 2, "act_id": None}
    assert (answer.json(), states()) == (nothing, ["open", "open"])
    token = {"Authorization": f"Bearer {make_token(world.ada)}"}
    answer = signed_in(world.ada).post(path, body, content_type=sent, headers=token)
    act = BulkAct.objects.get().pk
    all_done = {"done": 2, "refused": 0, "act_id": act}
    assert (answer.json(), states()) == (all_done, ["resolved", "resolved"])
    undo = f"{path}/{act}/undo"
    answer = signed_in(world.ada).post(undo, headers=token)
    assert (answer.json(), states()) == ({"done": 2, "left": {}}, ["open", "open"])
    assert signed_in(world.ada).post(undo, headers=token).status_code == 404  # once is enough


def test_many_take_as_many_queries_as_one(world: PagedTeam, now: datetime) -> None:
    ids = alerts(world, 4, now)
    with CaptureQueriesContext(connection) as one:
        actions.acknowledge_alerts(alert_ids=ids[:1], now=now, actor="user:1")
    with CaptureQueriesContext(connection) as three:
        actions.acknowledge_alerts(alert_ids=ids[1:], now=now, actor="user:1")
    assert len(one) == len(three)
