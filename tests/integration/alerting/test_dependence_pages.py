"""The settings of waiting for causes, by page and by API, and the button that splits off."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import make_token, make_user

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.actions import Dependence
from evenfall.alerting.drains.inhibit import follow_causes
from evenfall.alerting.logic.causes import Holding
from evenfall.alerting.models import Alert
from evenfall.catalog.models import Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> tuple[Service, Alert]:
    """Checkout waits for Database."""
    database, checkout = make_service("Database"), make_service("Checkout")
    make_dependency(checkout, database)
    make_dependency(checkout, make_service("Mail"), kind="soft")
    actions.write_graph(now=NIGHT)
    integration = make_integration()
    for one in (database, checkout):
        labels = {"service": one.slug}
        send(integration, update(key=one.slug, summary=f"{one.name} is down", labels=labels))
        receive()
    return checkout, Alert.objects.get(dedup_key=checkout.slug)


def test_the_page_says_what_waits_and_for_what(
    client: Client, waiting: tuple[Service, Alert]
) -> None:
    client.force_login(make_user("Root", "admin"))
    shown = client.get("/dependence/").content.decode()
    assert "Database is down" in shown
    assert "needs Database<" in shown  # the soft one does not count
    alert = client.get(f"/alerts/{waiting[1].pk}/").content.decode()
    assert "It waits for another problem" in alert
    client.post(f"/alerts/{waiting[1].pk}/split/")
    after = client.get(f"/alerts/{waiting[1].pk}/").content.decode()
    assert "It waits for another problem" not in after
    assert "it is a problem of its own" in after.lower()
    assert "No alert waits" in client.get("/dependence/").content.decode()


def test_settings_are_checked_and_take_effect(
    client: Client, waiting: tuple[Service, Alert]
) -> None:
    client.force_login(make_user("Root", "admin"))
    bad = client.post("/dependence/settings/", {"most_steps": "9", "window_minutes": "5"})
    assert bad.status_code == 422
    client.post("/dependence/settings/", {"most_steps": "2", "window_minutes": "5"})
    assert "Switched off" in client.get("/dependence/").content.decode()
    waiting[1].refresh_from_db()
    assert waiting[1].outcome == "page"
    said = {"service_id": waiting[0].pk, "holding": "never"}
    assert client.post("/dependence/services/", said).status_code == 302
    assert queries.holding_of(waiting[0].pk) is Holding.NEVER
    wrong = client.post("/dependence/services/", {"service_id": "0", "holding": "never"})
    assert wrong.status_code == 422


def test_the_api_does_the_same(client: Client, waiting: tuple[Service, Alert]) -> None:
    secret = make_token(make_user("Root", "admin"))
    headers = {"Authorization": f"Bearer {secret}"}

    def call(method: str, path: str, body: object = None) -> object:
        send_it = getattr(client, method)
        answer = send_it(f"/api/v1{path}", body, "application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        return answer.json()

    body = {"is_on": True, "most_steps": 1, "window_minutes": 30}
    shown = call("put", "/dependence", body)
    assert isinstance(shown, dict)
    assert [shown["most_steps"], shown["services"][0]["needs"]] == [1, ["Database"]]
    changed = call("put", f"/dependence/services/{waiting[0].pk}", {"holding": "always"})
    assert isinstance(changed, dict)
    assert changed["services"][0]["holding"] == "always"
    alert = call("post", f"/alerts/{waiting[1].pk}/split")
    assert isinstance(alert, dict)
    assert (alert["held_by"], alert["outcome"]) == ("", "page")


def test_limits_of_the_settings_say_what_is_possible() -> None:
    for wanted in (Dependence(most_steps=0), Dependence(window=timedelta(days=2))):
        with pytest.raises(errors.DependenceNotValid):
            actions.set_dependence(wanted=wanted, now=NIGHT, actor="user:1")
    with pytest.raises(errors.AlertNotFound):
        actions.split_off(alert_id=10**9, now=NIGHT, actor="user:1")


def test_what_is_over_cannot_be_split_off(waiting: tuple[Service, Alert]) -> None:
    actions.resolve_alert(alert_id=waiting[1].pk, now=NIGHT, actor="user:1")
    with pytest.raises(errors.AlertIsOver):
        actions.split_off(alert_id=waiting[1].pk, now=NIGHT, actor="user:1")


def test_the_drain_looks_once_and_rests_where_nothing_waits(
    django_assert_num_queries: object,
) -> None:
    for _ in range(2):
        follow_causes(NIGHT)
    with django_assert_num_queries(2):  # type: ignore[operator] # a fixture
        assert follow_causes(NIGHT).is_unused
    make_dependency(make_service(), make_service())
    assert actions.write_graph(now=NIGHT)
    assert not actions.write_graph(now=NIGHT)
    with django_assert_num_queries(3):  # type: ignore[operator] # a fixture
        assert not follow_causes(NIGHT).is_unused
