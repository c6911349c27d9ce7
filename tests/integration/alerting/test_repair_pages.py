"""The list of repairs, its limits, the rule that names a runbook, and the same over the API."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_token, make_user, signed_in
from tests.factories.runbooks import make_runbook
from tests.factories.steps import Lever, lever, make_step

from evenfall.alerting import queries
from evenfall.alerting.models import Repair
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
URL = "/repairs/"


@pytest.fixture(autouse=True)
def kind() -> Iterator[Lever]:
    with lever() as one:
        yield one


def make_repairs(count: int) -> None:
    for number in range(count):
        Repair.objects.create(
            alert_id=900 + number,
            runbook="Restart",
            clear_within_s=300,
            state="gave_up",
            why="the runbook failed",
            run_id=5,
            planned_at=NOW,
        )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_repairs(count)
    with django_assert_num_queries(2):
        queries.repairs_page()


def test_everybody_sees_repairs_and_administrators_their_limits() -> None:
    assert "No alert was repaired yet" in _page("observer")
    make_repairs(1)
    shown = _page("observer")
    assert "The runbook failed" in shown
    assert "/runs/5/" in shown
    assert "Save limits" not in shown
    assert "Save limits" in _page("admin")


def _page(role: str) -> str:
    client = signed_in(make_user(f"{role}{Repair.objects.count()}", role))
    return str(client.get(URL).content.decode())


@pytest.mark.parametrize(
    ("role", "status"), [("observer", 403), ("responder", 403), ("manager", 403)]
)
def test_limits_are_for_administrators(role: str, status: int) -> None:
    client = signed_in(make_user("Rob", role))
    assert client.post(f"{URL}limits/", {"most_at_once": "1"}).status_code == status
    assert queries.repair_limits().is_on


def test_an_administrator_switches_repairs_off() -> None:
    client = signed_in(make_user("Mia", "admin"))
    assert client.post(f"{URL}limits/", {"most_at_once": "0"}).status_code == 422
    assert client.post(f"{URL}limits/", {"most_at_once": "2"}).status_code == 302
    limits = queries.repair_limits()
    assert (limits.is_on, limits.most_at_once, limits.under_way) == (False, 2, 0)
    assert "Automatic repairs are switched off" in client.get(URL).content.decode()
    (entry,) = journal.recent(kinds=["alerting.repair_limits_changed"])
    assert entry.data["after"] == {"is_on": False, "most_at_once": 2}
    client.post(f"{URL}limits/", {"most_at_once": "2"})
    assert len(journal.recent(kinds=["alerting.repair_limits_changed"])) == 1


def test_a_rule_is_made_with_its_runbook_in_the_browser() -> None:
    client = signed_in(make_user("Mia", "manager"))
    runbook = make_runbook("Restart the checkout")
    make_runbook("Only words")
    make_step(runbook=runbook)
    form = client.get("/rules/new/").content.decode()
    assert "Restart the checkout" in form
    assert "Only words" not in form
    asked = {"name": "Mend", "condition": "true", "outcome": "automate", "is_enabled": "on"}
    refused = client.post("/rules/new/", asked)
    assert refused.status_code == 422
    assert "needs a runbook to start" in refused.content.decode()
    asked |= {"runbook_id": str(runbook.pk), "clear_minutes": "3", "fallback": "ticket"}
    assert client.post("/rules/new/", asked).status_code == 302
    rule = queries.rules()[0]
    assert (rule.runbook, rule.outcome) == ("Restart the checkout", "automate")
    assert "Runbook Restart the checkout" in client.get("/rules/").content.decode()
    again = client.get(f"/rules/{rule.id}/").content.decode()
    assert 'value="3"' in again
    assert '<option value="ticket" selected>' in again.partition('name="fallback"')[2]
    assert client.post(f"/rules/{rule.id}/", {**asked, "fallback": "automate"}).status_code == 422
    headers = {"Authorization": f"Bearer {make_token(make_user('Bo', 'admin'))}"}
    effects = client.get("/api/v1/rules", headers=headers).json()["items"][0]["effects"]
    assert (effects["fallback"], effects["clear_within_s"]) == ("ticket", 180)


def test_the_api_lists_repairs_and_sets_limits(client: Client) -> None:
    make_repairs(1)
    token = make_token(make_user("Bot", "admin"))
    headers = {"Authorization": f"Bearer {token}"}
    listed = client.get("/api/v1/repairs", headers=headers).json()
    assert [(one["alert_id"], one["state"]) for one in listed["items"]] == [(900, "gave_up")]
    limits = {"is_on": False, "most_at_once": 7}
    changed = client.put("/api/v1/repairs/limits", limits, "application/json", headers=headers)
    assert changed.json() == {**limits, "under_way": 0}
    assert client.get("/api/v1/repairs/limits", headers=headers).json()["most_at_once"] == 7
