"""A monitor of our own configuration: bad when other hands were at what files declare."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import NOW, make_user, viewer
from tests.factories.monitors import look, make_monitor, wish

from evenfall.catalog import actions as catalog_actions
from evenfall.catalog.models import Service
from evenfall.identity.models import User
from evenfall.manifests import actions
from evenfall.manifests.actions import Wish
from evenfall.monitors import actions as monitors_actions
from evenfall.monitors import queries
from evenfall.monitors.errors import MonitorUnclear, NotOfThisKind
from evenfall.platform.clock import utc_now
from evenfall.platform.events import SYSTEM

pytestmark = pytest.mark.django_db
EVERY = timedelta(minutes=5)
SHOP = """
evenfall: v1
teams: {shop: {name: Shop}}
services:
  till: {name: Till, team: shop, tier: 1}
  stock: {name: Stock, team: shop}
"""


@pytest.fixture
def boss() -> User:
    return make_user("Boss", role="admin")


@pytest.fixture
def till(boss: User) -> Service:
    """The files are applied; the monitor belongs to one of their services."""
    applied = Wish(bundle="shop", files={"shop.yaml": SHOP})
    actions.apply(wish=applied, viewer=viewer(boss), now=NOW)
    return Service.objects.get(slug="till")


def rename(service: Service, name: str) -> None:
    fields = catalog_actions.ServiceFields(name=name, team_id=service.team_id, tier=1)
    catalog_actions.change_service(service_id=service.pk, fields=fields, now=NOW, actor=SYSTEM)


def test_what_other_hands_did_is_bad_until_it_is_as_it_was_applied(till: Service) -> None:
    monitor = make_monitor("configuration", {"bundle": "shop"}, service=till, name="Files")
    monitor = look(monitor, at=NOW)
    assert (monitor.state, monitor.last_note) == ("good", "It is as it was declared.")
    assert monitor.due_at == NOW + EVERY
    rename(till, "The till")
    monitor = look(monitor, at=NOW + EVERY)
    assert (monitor.state, monitor.last_value) == ("bad", 1.0)
    told = queries.drift(monitor.pk)
    assert told is not None
    assert told.differences is not None
    (one,) = told.differences
    assert (one.path, one.what, one.declared, one.live) == ("services.till.name", "changed", "", "")
    rename(till, "Till")
    assert look(monitor, at=NOW + 2 * EVERY).state == "good"


def test_what_is_gone_and_what_is_ignored(till: Service) -> None:
    plain = make_monitor("configuration", {}, service=till, name="All")
    quiet = make_monitor("configuration", {"ignored": "services.stock"}, service=till, name="Some")
    stock = Service.objects.get(slug="stock")
    catalog_actions.archive_service(service_id=stock.pk, now=NOW, actor=SYSTEM)
    look(plain, at=NOW)
    plain.refresh_from_db()
    quiet.refresh_from_db()
    assert plain.last_note == "It is not as it was declared: services.stock."
    assert quiet.state == "good"


def test_without_a_bundle_nobody_knows(till: Service) -> None:
    monitor = make_monitor("configuration", {"bundle": "other"}, service=till, name="Other")
    monitor = look(monitor, at=NOW)
    assert monitor.last_result == "unknown"
    assert monitor.last_note == "No bundle “other” is applied: see evenfall apply."
    actions.release(bundle="shop", viewer=viewer(make_user("Ada", role="admin")), now=NOW)
    everything = look(make_monitor("configuration", {}, service=till, name="All"), at=NOW)
    assert everything.last_note == "Nothing is applied: see evenfall apply."


def test_when_nobody_asks_it_costs_nothing(till: Service) -> None:
    nothing = monitors_actions.compare_configuration(now=NOW)
    assert (nothing.done, nothing.is_unused) == (0, True)
    for _ in range(2):
        make_monitor("configuration", {}, service=till)
    assert monitors_actions.compare_configuration(now=NOW).done == 2
    after = monitors_actions.compare_configuration(now=NOW)
    assert (after.done, after.next_due) == (0, NOW + EVERY)


def test_nothing_is_declared_or_reported_by_hand(till: Service) -> None:
    monitor = make_monitor("configuration", {}, service=till)
    said: dict[str, Any] = {"monitor_id": monitor.pk, "now": NOW, "actor": SYSTEM}
    with pytest.raises(NotOfThisKind):
        monitors_actions.report_live(text="a: 1", **said)
    with pytest.raises(NotOfThisKind):
        monitors_actions.accept_live(reason="So it is", **said)
    many = {"ignored": "a\n" * 101}
    with pytest.raises(MonitorUnclear):
        monitors_actions.add_monitor(
            kind="configuration", wish=wish(till, many), now=NOW, actor=SYSTEM
        )


def test_the_page_tells_paths_to_all_and_leads_to_the_values(
    till: Service, boss: User, client: Client
) -> None:
    monitor = make_monitor("configuration", {}, service=till, now=utc_now())
    page = f"/monitors/{monitor.pk}/"
    client.force_login(make_user("Eve", role="observer"))
    assert "Nothing was compared yet." in client.get(page).content.decode()
    rename(till, "The till")
    look(monitor, at=utc_now())
    shown = client.get(page).content.decode()
    assert "services.till.name" in shown
    assert "for those who may configure" in shown
    client.force_login(boss)
    assert 'href="/configuration/"' in client.get(page).content.decode()
