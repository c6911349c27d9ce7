"""Alerts open incidents, join them, raise them; one page each."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.alerting.ports import Severity, Urgency
from evenfall.incidents import actions, queries
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.incidents.ports import Sev
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PageView
from evenfall.platform import journal

pytestmark = pytest.mark.django_db

WAY_OF_A_PAGE = 13  # from the alert to its planned notices; who adds a statement says why here
LATER = NOW + timedelta(minutes=2)


def pages_of(incident: Incident) -> list[PageView]:
    return paging_queries.pages_for([f"incident:{incident.pk}"])


def kinds(incident: Incident) -> list[str]:
    return [entry.kind for entry in journal.entries(subject=f"incident:{incident.pk}")]


def test_an_alert_opens_an_incident_and_pages() -> None:
    service = make_service("Checkout", runbook_url="https://wiki.example/checkout")
    make_change(service, "Deploy 4.2", at=NOW - timedelta(minutes=5))
    arrival = make_arrival(
        service_id=service.pk, severity=Severity.CRITICAL, log_lines=["ERROR upstream timed out"]
    )
    incident = open_incident(arrival)
    assert (incident.title, incident.state, incident.severity) == (
        "Checkout answers 5xx",
        "open",
        "SEV2",
    )
    assert (incident.alert_count, incident.open_alert_count) == (1, 1)
    assert (incident.service_id, incident.team_id) == (service.pk, service.team_id)
    assert incident.opened_at == incident.state_at == NOW
    (page,) = pages_of(incident)
    assert page.content.runbook_url == "https://wiki.example/checkout"
    assert page.content.last_change == "Deploy 4.2 (02 Mar 11:55 UTC)"
    assert page.content.log_lines == ("ERROR upstream timed out",)
    assert page.content.url.endswith(f"/incidents/{incident.pk}/")
    assert kinds(incident)[:2] == ["incidents.incident_opened", "incidents.alerts_joined"]


def test_alerts_of_a_group_share_an_incident_and_a_page() -> None:
    first = open_incident(make_arrival("g", title="Disk full"), make_arrival("g"))
    later = open_incident(make_arrival("g"), now=LATER)
    assert first.pk == later.pk
    assert later.alert_count == 3
    assert later.title == "Disk full"
    (page,) = pages_of(later)
    assert page.content.alert_count == 3
    assert page.content.title == "Disk full and 2 more"


def test_the_same_batch_twice_changes_nothing() -> None:
    arrival = make_arrival("g")
    incident = open_incident(arrival)
    before = kinds(incident)
    actions.open_or_join(arrivals=[arrival], now=LATER)
    assert kinds(incident) == before
    assert Incident.objects.get(id=incident.pk).alert_count == 1


def test_a_worse_alert_raises_the_severity_without_a_second_page() -> None:
    incident = open_incident(make_arrival("g", severity=Severity.WARNING))
    worse = open_incident(make_arrival("g", severity=Severity.CRITICAL), now=LATER)
    assert worse.severity == "SEV2"
    assert "incidents.severity_changed" in kinds(incident)
    (page,) = pages_of(worse)
    assert page.severity == "critical"


def test_a_persons_severity_stands_when_a_worse_alert_joins() -> None:
    incident = open_incident(make_arrival("g", severity=Severity.WARNING))
    actions.set_severity(incident_id=incident.pk, severity=Sev.SEV5, now=LATER, actor="system")
    assert open_incident(make_arrival("g", severity=Severity.CRITICAL)).severity == "SEV5"


def test_an_alert_that_joins_an_acknowledged_incident_calls_nobody() -> None:
    incident = open_incident(make_arrival("g"))
    user = make_user()
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=user.pk, now=LATER, actor=f"user:{user.pk}"
    )
    joined = open_incident(make_arrival("g"), now=LATER)
    assert joined.state == "acknowledged"
    assert [page.status for page in pages_of(joined)] == ["acknowledged"]


def test_an_urgent_alert_in_a_quiet_incident_pages_anew() -> None:
    incident = open_incident(make_arrival("g", urgency=Urgency.LOW))
    actions.acknowledge_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    urgent = open_incident(make_arrival("g", urgency=Urgency.HIGH), now=LATER)
    assert (urgent.state, urgent.urgency) == ("open", "high")
    assert [(page.urgency, page.is_open) for page in pages_of(urgent)] == [
        ("high", True),
        ("low", False),
    ]


def test_a_group_back_within_minutes_reopens_its_incident() -> None:
    incident = open_incident(make_arrival("g"))
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    soon = LATER + timedelta(minutes=9)
    back = open_incident(make_arrival("g", now=soon), now=soon)
    assert back.pk == incident.pk
    assert (back.state, back.resolved_at, back.alert_count) == ("open", None, 2)
    assert [page.is_open for page in pages_of(back)] == [True, False]
    assert "incidents.incident_reopened" in kinds(back)


def test_a_group_back_after_a_while_is_a_new_incident() -> None:
    incident = open_incident(make_arrival("g"))
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=LATER, actor="system")
    later = LATER + timedelta(minutes=11)
    assert open_incident(make_arrival("g", now=later), now=later).pk != incident.pk


def test_a_declared_incident_without_a_page_gets_one_with_its_first_alert() -> None:
    declared = declare()
    Incident.objects.filter(id=declared.pk).update(group_key="g", holds_group=True)
    joined = open_incident(make_arrival("g"))
    assert joined.pk == declared.pk
    assert len(pages_of(joined)) == 1


def test_many_groups_cost_as_many_queries_as_few() -> None:
    def queries_of(count: int, prefix: str) -> int:
        arrivals = [make_arrival(f"{prefix}{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            actions.open_or_join(arrivals=arrivals, now=NOW)
        return len(captured)

    queries_of(1, "warm-up-")
    assert queries_of(3, "few-") == queries_of(300, "many-")
    assert Incident.objects.count() == 304
    assert IncidentAlert.objects.count() == 304


def test_a_new_incident_is_written_once_with_all_that_is_known() -> None:
    arrival = make_arrival("g", service_id=make_service("Checkout").pk)
    with CaptureQueriesContext(connection) as captured:
        actions.open_or_join(arrivals=[arrival], now=NOW)
    statements = [query["sql"] for query in captured.captured_queries]
    assert len([sql for sql in statements if "FROM catalog_service" in sql]) == 1
    assert not [sql for sql in statements if sql.strip().startswith("UPDATE")]
    assert len([sql for sql in statements if "INSERT INTO platform_journal" in sql]) == 1
    assert len(statements) <= WAY_OF_A_PAGE
    incident = Incident.objects.get()
    assert (incident.is_paged, incident.alert_count, incident.open_alert_count) == (True, 1, 1)


def ended(incident: Incident, *titles: str) -> Incident:
    rows = IncidentAlert.objects.filter(incident=incident, title__in=titles)
    ends = [actions.AlertEnd(alert_id=row.alert_id, title=row.title, at=LATER) for row in rows]
    actions.end_alerts(ends=ends, now=LATER)
    incident.refresh_from_db()
    return incident


def test_open_alerts_name_an_incident_whose_first_alert_is_over() -> None:
    arrivals = [make_arrival("g", title=name) for name in ("zero", "one", "two")]
    incident = open_incident(*arrivals)
    assert incident.headline == "zero and 2 more"
    assert ended(incident, "zero").headline == "one and 1 more"
    assert pages_of(incident)[0].content.title == "one and 1 more"
    assert ended(incident, "two").headline == "one"
    assert pages_of(incident)[0].content.title == "one"
    assert ended(incident, "one").headline == "zero and 2 more"
    back = open_incident(make_arrival("g", title="three"), now=LATER)
    assert (back.pk, back.headline) == (incident.pk, "three")
    assert [page.content.title for page in pages_of(back) if page.is_open] == ["three"]


def test_a_name_given_by_a_person_stays_whatever_is_over() -> None:
    incident = open_incident(*(make_arrival("g", title=name) for name in ("zero", "one")))
    actions.rename(incident_id=incident.pk, title="Shop down", now=LATER, actor="user:1")
    assert ended(incident, "zero").headline == "Shop down"


def test_the_story_tells_it_in_words() -> None:
    user = make_user("Ana")
    incident = open_incident(make_arrival("g"))
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=user.pk, now=LATER, actor=f"user:{user.pk}"
    )
    actions.end_alerts(
        ends=[
            actions.AlertEnd(
                alert_id=IncidentAlert.objects.get(incident=incident).alert_id,
                title="Checkout answers 5xx",
                at=LATER,
            )
        ],
        now=LATER,
    )
    texts = [told.line.text for told in queries.incident_story(incident.pk)]
    assert texts[0] == "Opened by an alert"
    assert "Ana acknowledged by the page after 2 min" in texts
    assert "An alert ended, none is open any more" in texts
    assert "Resolved after 2 min" in texts
