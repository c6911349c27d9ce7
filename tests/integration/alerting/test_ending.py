"""Alerts that end by policy: announced, kept open, ended, and never what still fires."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import NIGHT, make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import make_user

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.actions import AutoEndDraft, RuleDraft
from evenfall.alerting.models import Alert, EndNotice
from evenfall.alerting.ports import Severity
from evenfall.platform.models import Beat

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class World:
    def __init__(self) -> None:
        self.service = make_service("Checkout")
        self.integration = make_integration(service=self.service)

    def policy(self, **said: Any) -> int:
        draft = AutoEndDraft(**{"service_id": self.service.pk, "quiet": 4 * HOUR, **said})
        return actions.set_auto_end(draft=draft, now=NIGHT, actor="user:1")

    def tell(self, hours: float = 0, key: str = "disk", **said: Any) -> Alert:
        at = NIGHT + hours * HOUR
        more = {"severity": Severity.WARNING, **said}
        send(self.integration, update(key=key, **more), at=at)
        receive(at)
        return Alert.objects.get(dedup_key=key)


def after(hours: float) -> int:
    """The minute's job, with the front door open."""
    now = NIGHT + hours * HOUR
    detail = {"since": NIGHT.isoformat()}
    Beat.objects.update_or_create(name="alerting.intake", defaults={"at": now, "detail": detail})
    return actions.end_by_policy(now=now)


def test_it_is_announced_and_then_it_ends_with_the_reason() -> None:
    world = World()
    world.policy()
    alert = world.tell()
    assert after(2.9) == 0
    assert (after(3), after(3.5)) == (1, 0)
    soon = queries.ending_soon(alert.pk)
    assert soon is not None
    assert soon.ends_at == NIGHT + 4 * HOUR
    assert (after(3.9), after(4)) == (0, 1)
    alert.refresh_from_db()
    assert alert.state == "resolved"
    reason = "Nothing was heard of it for 4 hours, as set for the service Checkout."
    assert alert.resolve_reason == reason
    titles = [line.title for line in queries.alert_story(alert.pk).lines]
    assert "It ends soon by itself" in titles


def test_what_is_heard_of_again_starts_anew() -> None:
    world = World()
    world.policy()
    alert = world.tell()
    after(3)
    world.tell(3.5)
    assert after(4) == 0
    assert queries.ending_soon(alert.pk) is None
    assert (after(6.5), after(7.4), after(7.5)) == (1, 0, 1)


def test_somebody_keeps_it_open() -> None:
    world = World()
    world.policy()
    alert = world.tell()
    after(3)
    for _ in range(2):
        actions.keep_open(alert_id=alert.pk, now=NIGHT + 3 * HOUR, actor="user:1")
    assert queries.ending_soon(alert.pk) is None
    assert after(50) == 0
    actions.resolve_alert(alert_id=alert.pk, now=NIGHT + 51 * HOUR, actor="user:1")
    with pytest.raises(errors.AlertIsOver):
        actions.keep_open(alert_id=alert.pk, now=NIGHT + 51 * HOUR, actor="user:1")
    with pytest.raises(errors.AlertNotFound):
        actions.keep_open(alert_id=10**9, now=NIGHT, actor="user:1")


def test_neither_what_is_repeated_nor_what_pages_ends() -> None:
    world = World()
    world.policy(age=8 * HOUR)
    world.tell(key="repeated", expires_at=NIGHT + 900 * HOUR)
    paging = world.tell(key="paging", severity=Severity.CRITICAL)
    assert after(20) == 0
    actions.acknowledge_alert(alert_id=paging.pk, now=NIGHT, actor="user:1")
    assert (after(20), after(20.5), after(21)) == (1, 0, 1)  # late, and announced all the same


def test_the_policy_of_the_rule_goes_before_that_of_the_service() -> None:
    world = World()
    draft = RuleDraft(name="Disks", condition='labels.kind == "disk"')
    rule_id = actions.create_rule(draft=draft, now=NIGHT, actor="user:1")
    world.policy()
    world.policy(service_id=None, integration_id=world.integration.pk, quiet=HOUR)
    world.policy(service_id=None, rule_id=rule_id, quiet=None, age=2 * HOUR)
    alert = world.tell(labels={"kind": "disk"})
    assert (after(0.5), after(1)) == (0, 1)
    assert EndNotice.objects.get(alert=alert).ends_at == NIGHT + 2 * HOUR
    kinds = [(one.kind, one.scope) for one in queries.auto_ends()]
    assert kinds == [("integration", "Prometheus"), ("rule", "Disks"), ("service", "Checkout")]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"service_id": None}, "scope"),
        ({"rule_id": 4}, "scope"),
        ({"service_id": 10**9}, "scope"),
        ({"service_id": None, "rule_id": 10**9}, "scope"),
        ({"service_id": None, "integration_id": 10**9}, "scope"),
        ({"quiet": None}, "quiet"),
        ({"quiet": timedelta(minutes=5)}, "quiet"),
        ({"age": timedelta(days=91)}, "age"),
    ],
)
def test_what_cannot_be_says_why(said: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.AutoEndNotValid) as caught:
        World().policy(**said)
    assert caught.value.field == field


def test_pages_set_show_keep_and_delete(client: Client) -> None:
    world = World()
    alert = world.tell()
    client.force_login(make_user("Root", "admin"))
    said = {"scope": f"service:{world.service.pk}", "quiet_hours": "4"}
    assert client.post("/alerts/ending/", {"scope": said["scope"]}).status_code == 422
    assert client.post("/alerts/ending/", said).status_code == 302
    assert "after 240 quiet minutes" in client.get("/alerts/ending/").content.decode()
    after(3)
    assert "Keep it open" in client.get(f"/alerts/{alert.pk}/").content.decode()
    client.post(f"/alerts/{alert.pk}/keep/")
    assert "keeps it open" in client.get(f"/alerts/{alert.pk}/").content.decode()
    (one,) = queries.auto_ends()
    client.post(f"/alerts/ending/{one.id}/delete/")
    assert "No alert ends by itself" in client.get("/alerts/ending/").content.decode()
    with pytest.raises(errors.AutoEndNotFound):
        actions.delete_auto_end(policy_id=one.id, now=NIGHT, actor="user:1")
    with pytest.raises(errors.AutoEndNotFound):
        queries.auto_end(one.id)


def test_as_many_queries_for_one_as_for_three() -> None:
    world = World()
    world.policy()
    counts = []
    for begun, keys in ((0, ["a"]), (10, ["b", "c", "d"])):
        for key in keys:
            world.tell(begun, key=key)
        after(begun + 3)
        with CaptureQueriesContext(connection) as captured:
            assert after(begun + 4) == len(keys)
        counts.append(len(captured))
    assert counts[0] == counts[1]
