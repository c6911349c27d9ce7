"""How delivery goes, from records of deploys, incidents and maintenance."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import make_team, make_token, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.monitors import make_monitor

from evenfall.alerting import actions as alerting
from evenfall.catalog.models import Service
from evenfall.changes.models import Change
from evenfall.incidents import actions as incidents
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.insights import queries
from evenfall.insights.queries import Records, Report, Scope
from evenfall.insights.views import delivery as views
from evenfall.monitors.models import Monitor, Outage
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def deploy(service: Service | None, at: datetime, **more: Any) -> Change:
    return make_change(service, at=at, finished_at=at, environment="PROD", **more)


def records(now: datetime, scope: Scope | None = None, days: int = 90) -> Records:
    period = queries.period_of(days, zone=ZoneInfo("UTC"), now=now)
    return queries.delivery_records(scope or Scope(), period)


def report(now: datetime, scope: Scope | None = None, days: int = 90) -> Report:
    return queries.delivery_report(records(now, scope, days))


def broke(change: Change, at: datetime, *, lasted: timedelta = HOUR) -> Incident:
    """An incident that people say came from the change, and that is over."""
    incident = declare("Broken", severity=Sev.SEV1, service_id=change.service_id, now=at)
    incidents.judge_suspect(
        incident_id=incident.pk, change_id=change.pk, is_confirmed=True, now=at, actor="user:1"
    )
    incidents.resolve_incident(
        incident_id=incident.pk, user_id=None, now=at + lasted, actor="system"
    )
    return incident


def test_a_deploy_is_measured_as_it_is_recorded(now: datetime) -> None:
    """Each column comes to its field: they are made by their order."""
    shop, hours = make_service(), [now - number * HOUR for number in range(4)]
    change = deploy(shop, hours[1], version="7", first_commit_at=hours[3], is_unplanned=True)
    Change.objects.filter(id=change.pk).update(undone_at=hours[0])
    (found,) = records(now + HOUR).deploys
    assert (found.id, found.service_id, found.ended_at) == (change.pk, shop.id, hours[1])
    assert (found.what, found.first_commit_at, found.undone_at) == ("7", hours[3], hours[0])
    assert (found.has_failed, found.is_unplanned, found.did_harm) == (False, True, False)
    Change.objects.filter(id=change.pk).update(state="failed", is_unplanned=False)
    broke(change, now)
    (found,) = records(now + HOUR).deploys
    assert (found.has_failed, found.is_unplanned, found.did_harm) == (True, False, True)


def test_without_records_nothing_is_said(now: datetime) -> None:
    found = report(now)
    assert (found.delivery.deploys, found.delivery.fail_rate, found.unlinked) == (0, None, None)
    parts = queries.delivery_parts(records(now))
    assert (parts.services, parts.teams) == ([], [])


def test_the_five_of_the_whole_of_teams_and_of_services(now: datetime) -> None:
    shop, bank = make_service("Shop"), make_service("Bank")
    start = now - 40 * DAY
    for number in range(8):
        at = start + number * 4 * DAY
        deploy(shop, at, commit=f"{number:040}", first_commit_at=at - 2 * HOUR)
    bad = deploy(bank, now - 3 * DAY, version="2", is_unplanned=True)
    deploy(bank, now - 2 * DAY, state="failed")
    make_change(bank, at=now - DAY, environment="UAT")
    broke(bad, now - 3 * DAY + HOUR, lasted=3 * HOUR)
    found = report(now)
    assert found.delivery.deploys == 9
    assert found.delivery.lead_time is not None
    assert (found.delivery.lead_time.n, found.delivery.lead_time.median) == (8, 2 * HOUR)
    assert found.delivery.fail_rate is not None
    assert (found.delivery.fail_rate.count, found.delivery.fail_rate.n) == (1, 9)
    assert found.delivery.recovery is not None
    assert found.delivery.recovery.median == 3 * HOUR
    assert found.delivery.green is not None
    assert (found.delivery.green.count, found.delivery.green.n) == (8, 10)
    parts = queries.delivery_parts(records(now))
    assert [part.name for part in parts.services] == ["Shop", "Bank"]
    assert {part.name for part in parts.teams} == {shop.team.name, bank.team.name}
    of_bank = report(now, Scope(service_id=bank.id)).delivery
    assert of_bank.rework is not None
    assert (of_bank.rework.count, of_bank.rework.n) == (1, 1)
    of_team = report(now, Scope(team_id=shop.team_id)).delivery
    assert of_team.deploys == 8
    assert of_team.fail_rate is not None
    assert of_team.fail_rate.count == 0


def test_complaint_43_an_old_deploy_is_not_blamed_and_unlinked_incidents_are_counted(
    now: datetime,
) -> None:
    shop = make_service()
    deploy(shop, now - 30 * DAY)
    declare("Nobody knows why", service_id=shop.id, now=now - DAY)
    found = report(now)
    assert found.delivery.fail_rate is not None
    assert found.delivery.guessed is not None
    assert (found.delivery.fail_rate.count, found.delivery.guessed.count) == (0, 0)
    assert found.unlinked is not None
    assert (found.unlinked.count, found.unlinked.n) == (1, 1)


def test_likely_suspects_are_shown_apart_until_somebody_judges_them(now: datetime) -> None:
    shop = make_service()
    bad = deploy(shop, now - DAY)
    deploy(shop, now - 2 * DAY)
    incident = declare(service_id=shop.id, now=now - DAY + HOUR)
    found = report(now).delivery
    assert found.fail_rate is not None
    assert found.guessed is not None
    assert (found.fail_rate.count, found.guessed.count) == (0, 1)
    incidents.judge_suspect(
        incident_id=incident.pk, change_id=bad.pk, is_confirmed=True, now=now, actor="user:1"
    )
    again = report(now).delivery
    assert again.fail_rate is not None
    assert (again.fail_rate.count, again.ongoing, again.recovery) == (1, 1, None)


def test_downtime_planned_and_actual(now: datetime) -> None:
    shop = make_service()
    first = deploy(shop, now - 20 * DAY)
    broke(first, now - 10 * DAY, lasted=4 * HOUR)
    declare("Only slow", severity=Sev.SEV3, service_id=shop.id, now=now - 5 * DAY)
    # a window is made before it begins
    begins = now - 10 * DAY + HOUR
    alerting.create_maintenance(
        name="Move",
        service_ids=[shop.id],
        by_name="Ada",
        starts_at=begins,
        ends_at=begins + 2 * HOUR,
        now=begins - DAY,
        actor="system",
    )
    probe = make_monitor(service=shop)
    Outage.objects.create(monitor=probe, from_at=begins + 2 * HOUR, until_at=begins + 5 * HOUR)
    # an old backup is no downtime
    other = make_monitor(service=shop)
    Monitor.objects.filter(id=other.pk).update(kind="backup")
    Outage.objects.create(monitor=other, from_at=now - DAY, until_at=now)
    down = report(now, Scope(service_id=shop.id)).downtime
    assert (down.planned, down.actual, down.excused) == (2 * HOUR, 6 * HOUR, 2 * HOUR)
    assert (down.outages, down.probed) == (1, 1)
    assert down.actual_lengths is not None
    assert (down.actual_lengths.n, down.actual_lengths.median) == (1, 6 * HOUR)
    assert report(now, Scope(service_id=make_service().id)).downtime.plans == 0


def test_records_begin_with_the_first_deploy(now: datetime) -> None:
    deploy(make_service(), now - 10 * DAY)
    period = queries.period_of(90, zone=ZoneInfo("UTC"), now=now)
    assert period.start == now - 10 * DAY
    assert queries.period_of(7, zone=ZoneInfo("UTC"), now=now).start == now - 7 * DAY


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_takes_the_same_queries_however_many_services(
    count: int, django_assert_num_queries: Any
) -> None:
    now = utc_now()
    for _ in range(count):
        bad = deploy(make_service(), now - DAY)
        broke(bad, now - DAY + HOUR)
    browser = signed_in(make_user())
    for part, queries_of_it in (("", 9), ("?part=harm", 13), ("?part=more", 10)):
        with django_assert_num_queries(queries_of_it):
            browser.get(f"/insights/delivery/{part}")


def test_the_pages_show_figures_with_n_and_say_what_is_not_known() -> None:
    now = utc_now()
    team = make_team()
    shop = make_service("Shop", slug="shop", team=team)
    for number in range(20):
        deploy(shop, now - number * 2 * DAY, version=str(number))
    browser = signed_in(make_user())
    page = browser.get("/insights/delivery/").content.decode()
    assert "n = 20 deploys to production" in page
    assert "Not known" in page
    assert "Records begin" in page
    assert 'hx-get="?days=90&amp;by=week&amp;part=more"' in page
    page = browser.get("/insights/delivery/?part=more").content.decode()
    assert "<html" not in page
    assert "How it went" in page
    assert 'href="/insights/delivery/services/shop/?days=90"' in page
    for path in ("services/shop", f"teams/{team.slug}"):
        for query in ("days=30&by=month", "days=365&by=week", "days=x&by=y"):
            for part in ("", "&part=more", "&part=harm"):
                answer = browser.get(f"/insights/delivery/{path}/?{query}{part}")
                assert answer.status_code == 200
    assert browser.get("/insights/delivery/services/nothing/").status_code == 404


def test_what_is_likely_is_said_beside_what_nobody_judged() -> None:
    now, shop = utc_now(), make_service("Shop", slug="shop")
    deploy(shop, now - HOUR, version="2")
    declare("Broken", severity=Sev.SEV1, service_id=shop.id, now=now - HOUR / 2)
    browser = signed_in(make_user())
    page = browser.get("/insights/delivery/").content.decode()
    assert 'hx-get="?days=90&amp;by=week&amp;part=harm"' in page
    part = browser.get("/insights/delivery/?part=harm").content.decode()
    assert "None was planned" in part
    assert "1 (100 %) came from no change" in part
    assert "It would be 100.0 % with likely suspects that nobody judged." in part


def test_the_page_begins_with_the_busiest_and_all_have_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "BUSIEST", 1)
    now = utc_now()
    shop, cards = make_service("Shop", slug="shop"), make_service("Cards", slug="cards")
    for service in (shop, shop, cards):
        deploy(service, now - DAY)
    browser = signed_in(make_user())
    page = browser.get("/insights/delivery/?part=more").content.decode()
    assert "/services/shop/" in page
    assert "/services/cards/" not in page
    assert "table=service#services" in page
    page = browser.get("/insights/delivery/?table=service").content.decode()
    assert page.index("/services/shop/") < page.index("/services/cards/")
    assert "/delivery/teams/" not in page
    assert browser.get("/insights/delivery/?table=team&cursor=x").status_code == 422


def test_an_empty_page_leads_to_where_tools_are_connected() -> None:
    page = signed_in(make_user()).get("/insights/delivery/").content.decode()
    assert "No deploy to production is known" in page
    assert "/changes/sources/" in page


def test_the_file_leaves_empty_what_is_not_known() -> None:
    now = utc_now()
    deploy(make_service("Shop", slug="shop"), now - DAY)
    answer = signed_in(make_user()).get("/insights/delivery.csv?days=30")
    lines = answer.content.decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["kind", "all", "team", "service"]
    assert lines[-1].startswith("service,shop,Shop,")
    assert lines[-1].endswith(",,,,0.00,0,,,,0.00,100.00")


def test_the_api_says_the_same() -> None:
    now = utc_now()
    shop = make_service("Shop", slug="shop")
    bad = deploy(shop, now - DAY, first_commit_at=now - 2 * DAY)
    broke(bad, now - DAY + HOUR)
    client = Client(headers={"Authorization": f"Bearer {make_token(make_user(role='admin'))}"})
    found = client.get("/api/v1/insights/delivery?service=shop&days=30").json()
    assert found["whole"]["lead_time"]["median_s"] == 86400
    assert found["whole"]["fail_rate"] == {"count": 1, "n": 1, "percent": 100.0}
    assert found["whole"]["recovery"]["n"] == 1
    assert found["downtime"]["outages"] == 1
    assert found["unlinked_incidents"]["count"] == 0
    whole = client.get("/api/v1/insights/delivery").json()
    assert [one["slug"] for one in whole["services"]] == ["shop"]
    assert datetime.fromisoformat(whole["since"]).astimezone(UTC) < now
    assert client.get("/api/v1/insights/delivery?service=nothing").status_code == 404
    assert client.get("/api/v1/insights/delivery?days=0").status_code == 422
