"""The panel on the pages that change something, the record of it, and the API behind both."""

import pytest
from django.test import Client
from tests.factories import alerting
from tests.factories.alerting import update
from tests.factories.identity import make_token, make_user
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting.models import Alert, Integration, RoutingRule, Silence
from evenfall.foresight import actions, queries
from evenfall.foresight.actions import Asked
from evenfall.foresight.logic.states import RunState
from evenfall.foresight.models import Run
from evenfall.oncall.models import Plan
from evenfall.paging.models import PolicyVersion
from evenfall.platform.clock import utc_now
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> PagedTeam:
    return make_paged_team()


@pytest.fixture
def integration(team: PagedTeam) -> Integration:
    made = alerting.make_integration(service=team.service)
    now = utc_now()
    for key in ("disk", "cpu"):
        alerting.send(made, update(key=key, labels={"alertname": key}), at=now)
    alerting.receive(now)
    react_now(now)
    return made


def saved() -> list[int]:
    tables = (RoutingRule.objects, Silence.objects, PolicyVersion.objects, Plan.objects)
    return [table.count() for table in tables]


def post(client: Client, kind: str, form: dict[str, object], number: int | None = None) -> str:
    query = "" if number is None else f"?id={number}"
    answer = client.post(f"/what-if/ask/{kind}/{query}", form)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.mark.usefixtures("integration")
def test_every_form_can_be_replayed_and_saves_nothing(team: PagedTeam, client: Client) -> None:
    client.force_login(team.eve)
    step: dict[str, object] = {
        "step_count": "1",
        "steps-0-targets": f"user:{team.dan.id}",
        "steps-0-delay_minutes": "5",
        "rounds": "3",
        "at_end": "catch_all",
        "ack_timeout_minutes": "30",
        "team_id": str(team.team.id),
    }
    quiet: dict[str, object] = {"matchers": 'alertname="disk"', "duration": "2h"}
    before = saved()
    rule: dict[str, object] = {
        "condition": 'labels.alertname == "disk"',
        "outcome": "record",
        "is_enabled": "on",
    }
    symptom: dict[str, object] = {
        "source": 'alertname="cpu"',
        "target": 'alertname="disk"',
        "is_enabled": "on",
    }
    assert "paged Ada" not in post(client, "rule", rule)  # both alerts are one incident
    assert "record instead of page" in post(client, "rule", rule)
    assert "held by silence instead of page" in post(client, "silence", quiet)
    assert "held by maintenance" in post(client, "maintenance", {"environments": ["PROD"]})
    assert "held by alert instead of page" in post(client, "inhibition", symptom)
    assert "paged Dan once instead of 0, Ada never instead of 1" in post(client, "policy", step)
    assert saved() == before
    assert Run.objects.count() == 6


@pytest.mark.usefixtures("integration")
def test_a_rota_is_replayed_with_its_own_form(team: PagedTeam, client: Client) -> None:
    client.force_login(team.eve)
    form: dict[str, object] = {
        "name": "Weekly",
        "zone": "UTC",
        "lieutenant": "nobody",
        "layers-count": "1",
        "coverage-count": "0",
        "layers-0-name": "Main",
        "layers-0-role": "primary",
        "layers-0-zone": "UTC",
        "layers-0-starts_on": "2026-03-02",
        "layers-0-hands_over_at": "09:00",
        "layers-0-shift": "168",
        "layers-0-members-count": "1",
        "layers-0-members-0-person": str(team.dan.id),
        "layers-0-hours-count": "0",
    }
    said = post(client, "rota", form, team.rota_id)
    assert "Dan once instead of 0" in said, said


def test_what_cannot_be_saved_is_refused_in_the_panel(team: PagedTeam, client: Client) -> None:
    client.force_login(team.eve)
    assert "This field is required" in post(client, "rule", {"condition": ""})
    assert "column" in post(client, "rule", {"condition": "labels."}).lower()
    assert "There is nothing called" in post(client, "nothing", {})
    client.force_login(team.ada)
    assert "This needs the role manager" in post(client, "rule", {"condition": "true"})


def test_a_long_one_goes_into_the_background(integration: Integration, client: Client) -> None:
    del integration
    now = utc_now()
    change = Asked(kind="rules", value=_nothing_called())
    number = actions.ask(
        changes=[change], title="Quiet", days=7, now=now, actor="system", by_name="", at_once=1
    )
    client.force_login(make_user("Zoe"))
    assert queries.run(number).state is RunState.WAITING
    assert "0 %" in client.get(f"/what-if/{number}/part/").content.decode()
    assert "under way" in client.get(f"/what-if/{number}/").content.decode()
    assert (actions.work_off(now=now), actions.work_off(now=now)) == (1, 0)
    found = queries.run(number)
    assert found.report is not None
    assert (found.done, found.report.proposed.pages, found.report.unpaged) == (2, 0, {"error": 2})
    page = client.get(f"/what-if/{number}/").content.decode()
    assert "This would have paged Ada never instead of 1." in page


def _nothing_called() -> object:
    from evenfall.alerting.logic.rules import Effects, Rule  # noqa: PLC0415
    from evenfall.alerting.ports import Outcome  # noqa: PLC0415
    from evenfall.alerting.ports.proposals import RulesChange  # noqa: PLC0415

    quiet = Rule(id=1, name="Quiet", effects=Effects(outcome=Outcome.RECORD))
    return RulesChange(rules=(quiet,))


def test_the_api_answers_for_every_kind(team: PagedTeam, integration: Integration) -> None:
    del integration
    client = Client(headers={"Authorization": f"Bearer {make_token(team.eve)}"})
    matchers = [{"name": "alertname", "value": "disk"}]
    layer = {
        "time_zone": "UTC",
        "starts_on": "2026-03-02",
        "hands_over_at": "09:00",
        "members": [{"user_id": team.dan.id}],
    }
    step = {"targets": [{"kind": "user", "id": team.dan.id}]}
    quiet = {"name": "Quiet", "effects": {"outcome": "record"}}
    cases = [
        ({"kind": "rule", "body": quiet}, 0),
        ({"kind": "rules", "body": {"items": [quiet]}}, 0),
        ({"kind": "order", "body": {"rule_ids": []}}, 1),
        ({"kind": "silence", "body": {"matchers": matchers}}, 1),
        ({"kind": "maintenance", "body": {"environments": ["PROD"]}}, 0),
        ({"kind": "policy", "body": {"steps": [step], "team_ids": [team.team.id]}}, 1),
        ({"kind": "rota", "id": team.rota_id, "body": {"layers": [layer]}}, 1),
    ]
    number = 0
    for change, pages in cases:
        answer = client.post(
            "/api/v1/what-if", {"changes": [change]}, content_type="application/json"
        )
        assert answer.status_code == 200, (change, answer.content)
        assert answer.json()["report"]["proposed"]["pages"] == pages, change
        number = answer.json()["id"]
    assert client.get(f"/api/v1/what-if/{number}").json()["state"] == "done"
    wrong = {"changes": [{"kind": "silence", "body": {"matchers": "x"}}]}
    refused = client.post("/api/v1/what-if", wrong, content_type="application/json")
    assert (refused.status_code, "changes.0.body.matchers" in refused.json()["detail"]) == (
        422,
        True,
    )


def test_the_queries_do_not_grow_with_the_alerts(
    integration: Integration, django_assert_num_queries: object
) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    now = utc_now()
    counts = []
    for more in range(2):
        for key in range(2 * more):
            alerting.send(integration, update(key=f"more-{key}"), at=now)
        alerting.receive(now)
        react_now(now)
        with CaptureQueriesContext(connection) as captured:
            queries.forecast((), since=now.replace(year=now.year - 1), until=utc_now(), now=now)
        # finding the first id halves the ids: its looks grow by one when they double
        counts.append(
            sum("ORDER BY" not in q["sql"] or "LIMIT 1" not in q["sql"] for q in captured)
        )
    assert Alert.objects.count() == 4
    assert counts[0] == counts[1]
