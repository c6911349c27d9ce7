"""First posts that are prepared: when, what they say, who is asked, and what ends them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user
from tests.factories.incidents import declare, make_arrival, make_crew, open_incident
from tests.factories.oncall import make_rota
from tests.factories.statuspages import make_component, make_page, make_post

from evenfall.alerting.ports import Severity
from evenfall.catalog.models import Service
from evenfall.identity.models import Team
from evenfall.identity.permissions import asked_by
from evenfall.identity.queries import viewer_of_user
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents.models import Incident
from evenfall.incidents.ports import Sev
from evenfall.notifications.models import Notice
from evenfall.platform import journal
from evenfall.platform.reactions import react_now
from evenfall.statuspages import actions, errors, queries
from evenfall.statuspages.actions import LookWish, UpdateWish
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.words import Settled, Status
from evenfall.statuspages.models import Component, Post, Prepared, StatusPage

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BY: dict[str, Any] = {"now": NOW + MINUTE, "actor": "system"}


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def service(team: Team) -> Service:
    return make_service("till-api", team=team)


@pytest.fixture
def page(team: Team) -> StatusPage:
    return make_page(team_id=team.id)


@pytest.fixture
def part(page: StatusPage, service: Service) -> Component:
    return make_component(page, "Checkout", service_ids=[service.id])


def bad(service: Service, *, severity: Sev = Sev.SEV2, title: str = "db-3 is full") -> Incident:
    """An incident of which the workers have heard."""
    incident = declare(title, severity=severity, service_id=service.id, team_id=service.team_id)
    react_now(NOW)
    return incident


def one() -> Prepared:
    return Prepared.objects.get()


def of(row: Prepared) -> dict[str, Any]:
    return {"status_page_id": row.page_id, "prepared_id": row.pk, **BY}


def test_a_bad_incident_prepares_a_post_that_nobody_sees(part: Component, service: Service) -> None:
    incident = bad(service)
    row = one()
    assert (row.page, row.incident_id) == (part.page, incident.pk)
    assert row.title == "Problem with Checkout"
    assert row.statuses == {str(part.pk): "partial_outage"}
    assert "db-3" not in row.title + row.text
    assert not Post.objects.exists()
    for name in ("", "status.json", "feed.atom", "history.html"):
        shown = Client().get(f"/status/{part.page.slug}/{name}").content.decode()
        assert "Problem with" not in shown
    facts = [entry.kind for entry in journal.entries(subject=f"incident:{incident.pk}")]
    assert "statuspages.post_prepared" in facts


def test_an_incident_of_an_alert_prepares_one_too(part: Component, service: Service) -> None:
    alert = make_arrival(severity=Severity.CRITICAL, service_id=service.id)
    incident = open_incident(alert)
    react_now(NOW)
    assert one().incident_id == incident.pk
    assert one().page == part.page


def test_it_speaks_the_first_language_of_the_page(part: Component, service: Service) -> None:
    look = LookWish(languages=(Language.DE, Language.EN))
    actions.change_look(status_page_id=part.page_id, wish=look, **BY)
    bad(service)
    assert one().title == "Störung: Checkout"


@pytest.mark.parametrize("least", [None, Sev.SEV1])
def test_a_page_says_from_when_on(team: Team, service: Service, least: Sev | None) -> None:
    make_component(make_page(team_id=team.id, prepare_from=least), service_ids=[service.id])
    bad(service, severity=Sev.SEV2)
    assert not Prepared.objects.exists()


def test_it_comes_when_the_incident_gets_worse(part: Component, service: Service) -> None:
    incident = bad(service, severity=Sev.SEV4)
    assert not Prepared.objects.exists()
    incidents_actions.set_severity(incident_id=incident.pk, severity=Sev.SEV1, **BY)
    react_now(NOW + MINUTE)
    assert one().page == part.page


def test_outside_production_and_of_other_services_nothing_is_prepared(
    part: Component, service: Service, team: Team
) -> None:
    open_incident(
        make_arrival(severity=Severity.CRITICAL, environment="UAT", service_id=service.id)
    )
    bad(make_service("Other", team=team))
    actions.remove_component(status_page_id=part.page_id, component_id=part.pk, **BY)
    bad(service)
    assert not Prepared.objects.exists()


def test_hearing_of_it_again_changes_nothing(part: Component, service: Service) -> None:
    incident = bad(service)
    before = Notice.objects.count(), journal_length(part.page)
    for _ in range(2):
        actions.follow_incidents(incident_ids=[incident.pk], now=NOW + MINUTE)
    assert one().created_at == NOW
    assert (Notice.objects.count(), journal_length(part.page)) == before


def journal_length(page: StatusPage) -> int:
    return len(journal.entries(subject=f"status_page:{page.pk}"))


def end(incident: Incident) -> None:
    incidents_actions.resolve_incident(incident_id=incident.pk, user_id=None, **BY)


def merge(incident: Incident) -> None:
    other = declare("The other one")
    incidents_actions.merge_incidents(incident_id=incident.pk, into_id=other.pk, **BY)


def hide(incident: Incident) -> None:
    incidents_actions.set_privacy(incident_id=incident.pk, is_private=True, user_id=None, **BY)


def decline(incident: Incident) -> None:
    incidents_actions.decline_incident(
        incident_id=incident.pk, reason="A test.", user_id=None, **BY
    )


@pytest.mark.parametrize(
    ("happens", "how"),
    [
        (end, Settled.ENDED),
        (decline, Settled.ENDED),
        (merge, Settled.MERGED),
        (hide, Settled.PRIVATE),
    ],
)
def test_it_goes_with_its_incident(
    part: Component, service: Service, happens: Any, how: Settled
) -> None:
    lead = make_user("Lea")
    make_membership(Team.objects.get(id=service.team_id), lead, role="manager")
    incident = bad(service)
    happens(incident)
    # before the workers hear of it, nobody can post it any more
    with pytest.raises(errors.AlreadySettled):
        actions.publish_as_prepared(**of(one()), next_update_at=None)
    react_now(NOW + MINUTE)
    assert one().settled_how == how.value
    assert not queries.waiting(part.page_id)
    about = Notice.objects.filter(subject=f"prepared_post:{one().pk}", kind="email")
    assert not about.filter(state="planned").exists()


def test_one_that_is_over_before_anybody_heard_of_it_prepares_nothing(
    part: Component, service: Service
) -> None:
    end(declare(severity=Sev.SEV1, service_id=service.id))
    react_now(NOW + MINUTE)
    assert not Prepared.objects.exists()
    assert part.page.prepared.count() == 0


def test_it_comes_back_with_its_incident(part: Component, service: Service) -> None:
    incident = bad(service)
    end(incident)
    react_now(NOW + MINUTE)
    incidents_actions.reopen_incident(incident_id=incident.pk, **BY)
    react_now(NOW + MINUTE)
    assert [found.incident_id for found in queries.waiting(part.page_id)] == [incident.pk]


def test_what_was_dropped_stays_dropped(part: Component, service: Service) -> None:
    incident = bad(service)
    with pytest.raises(errors.PostNotUsable, match="why"):
        actions.drop_prepared(**of(one()), reason=" ")
    actions.drop_prepared(**of(one()), reason="Only colleagues notice.")
    incidents_actions.set_severity(incident_id=incident.pk, severity=Sev.SEV1, **BY)
    end(incident)
    incidents_actions.reopen_incident(incident_id=incident.pk, **BY)
    react_now(NOW + MINUTE)
    assert (one().settled_how, one().reason) == ("dropped", "Only colleagues notice.")
    assert not queries.waiting(part.page_id)
    with pytest.raises(errors.AlreadySettled, match="dropped"):
        actions.publish_as_prepared(**of(one()), next_update_at=None)


def test_a_post_by_hand_settles_it(part: Component, service: Service) -> None:
    incident = bad(service)
    post = make_post(part.page, incident_id=incident.pk)
    assert (one().settled_how, one().post_id) == ("by_hand", post.pk)


def test_where_somebody_posted_already_nothing_is_prepared(
    part: Component, service: Service
) -> None:
    incident = declare(severity=Sev.SEV4, service_id=service.id)
    make_post(part.page, incident_id=incident.pk)
    incidents_actions.set_severity(incident_id=incident.pk, severity=Sev.SEV1, **BY)
    react_now(NOW + MINUTE)
    assert not Prepared.objects.exists()


def test_posted_as_it_is(part: Component, service: Service) -> None:
    incident = bad(service)
    due = NOW + 31 * MINUTE
    post_id = actions.publish_as_prepared(**of(one()), next_update_at=due)
    post = queries.post(part.page_id, post_id)
    assert (post.title, post.incident_id, post.next_update_at) == (
        "Problem with Checkout",
        incident.pk,
        due,
    )
    assert post.updates[0].statuses == (("Checkout", Status.PARTIAL),)
    assert (one().settled_how, one().post_id) == ("posted", post_id)
    with pytest.raises(errors.AlreadySettled, match="posted"):
        actions.publish_as_prepared(**of(one()), next_update_at=None)
    assert Post.objects.count() == 1


def test_posted_in_other_words(part: Component, service: Service) -> None:
    bad(service)
    post_id = actions.publish_prepared(
        **of(one()), title="Paying fails", first=UpdateWish(text="We look.")
    )
    post = queries.post(part.page_id, post_id)
    assert (post.title, post.updates[0].text, post.affected) == ("Paying fails", "We look.", ())


def test_better_words_are_kept_until_somebody_posts_them(part: Component, service: Service) -> None:
    bad(service)
    said: dict[str, Any] = {"text": "**Cards** fail.", "statuses": {part.pk: Status.DEGRADED}}
    actions.change_prepared(**of(one()), title="Cards fail", **said)
    with pytest.raises(errors.PostNotUsable):
        actions.change_prepared(**of(one()), title="", **said)
    with pytest.raises(errors.PostNotUsable):
        actions.change_prepared(**of(one()), title="x" * 201, **said)
    with pytest.raises(errors.PostNotUsable, match="not on this page"):
        actions.change_prepared(**of(one()), title="Cards", text="?", statuses={0: Status.DEGRADED})
    found = queries.prepared(part.page_id, one().pk)
    assert (found.title, found.statuses) == ("Cards fail", (("Checkout", Status.DEGRADED),))
    assert "<strong>Cards</strong>" in found.html
    fact = journal.entries(subject=f"status_page:{part.page_id}")[-1]
    assert fact.kind == "statuspages.prepared_changed"
    assert fact.data["before"]["title"] == "Problem with Checkout"
    assert not Post.objects.exists()


def test_a_component_that_went_meanwhile_is_left_out(part: Component, service: Service) -> None:
    make_component(part.page, "Search", service_ids=[service.id])
    bad(service)
    actions.remove_component(status_page_id=part.page_id, component_id=part.pk, **BY)
    found = queries.prepared(part.page_id, one().pk)
    assert [name for name, _ in found.statuses] == ["Search"]
    post_id = actions.publish_as_prepared(**of(one()), next_update_at=None)
    assert queries.post(part.page_id, post_id).affected == ("Search",)


def test_another_page_knows_nothing_of_it(part: Component, service: Service) -> None:
    bad(service)
    with pytest.raises(errors.PreparedNotFound):
        queries.prepared(make_page().pk, one().pk)
    assert part.page.prepared.count() == 1


def test_whoever_may_not_see_the_incident_sees_nothing_of_it(
    part: Component, service: Service
) -> None:
    incident = bad(service)
    hide(incident)
    with asked_by(viewer_of_user(make_user("Out"))):
        assert not queries.waiting(part.page_id)
        assert not queries.waiting_of_incident(incident.pk)
        assert queries.waiting_counts() == {}
        with pytest.raises(errors.PreparedNotFound):
            queries.prepared(part.page_id, one().pk)
        with pytest.raises(errors.PreparedNotFound):
            actions.publish_as_prepared(**of(one()), next_update_at=None)


def asked() -> list[str]:
    rows = Notice.objects.filter(subject=f"prepared_post:{one().pk}", kind="inbox")
    return sorted(rows.values_list("user__name", flat=True))


def test_whoever_is_on_call_is_asked(part: Component, service: Service, team: Team) -> None:
    ada, lead = make_user("Ada"), make_user("Lea")
    make_membership(team, ada, role="responder")
    make_membership(team, lead, role="manager")
    make_rota(ada, team=team)
    bad(service)
    assert asked() == ["Ada"]
    said = Notice.objects.filter(subject=f"prepared_post:{one().pk}")[0].content
    assert said["title"] == "Tell readers of Shop?"
    assert said["url"] == f"/status-pages/{part.page_id}/waiting/{one().pk}/"


def test_whoever_commands_is_asked_rather_than_who_is_on_call(
    part: Component, service: Service, team: Team
) -> None:
    ada, cleo, dan = make_user("Ada"), make_user("Cleo"), make_user("Dan")
    make_rota(ada, team=team)
    incident = declare(severity=Sev.SEV1, service_id=service.id, team_id=team.id)
    make_crew(incident, cleo, dan)
    react_now(NOW)
    assert asked() == ["Cleo"]
    assert part.page.prepared.count() == 1


def test_whoever_may_not_post_on_the_page_is_not_asked(service: Service, team: Team) -> None:
    other = make_team("Public relations")
    ada, paula = make_user("Ada", "observer"), make_user("Paula", "observer")
    make_membership(team, ada, role="responder")
    make_membership(other, paula, role="responder")
    make_rota(ada, team=team)
    make_component(make_page(team_id=other.id), service_ids=[service.id])
    bad(service)
    assert asked() == ["Paula"]


def test_without_anybody_else_administrators_are_asked(service: Service) -> None:
    make_user("Root", "admin")
    make_component(make_page(), service_ids=[service.id])
    bad(service)
    assert asked() == ["Root"]


def rate(incident: Incident, severity: Sev, at: datetime) -> None:
    incidents_actions.set_severity(
        incident_id=incident.pk, severity=severity, now=at, actor="system"
    )
    react_now(at)


def test_it_is_withdrawn_when_the_incident_becomes_milder_than_the_page_asks_for(
    part: Component, service: Service
) -> None:
    incident = bad(service)
    rate(incident, Sev.SEV1, NOW + MINUTE)
    assert one().settled_at is None
    rate(incident, Sev.SEV3, NOW + 2 * MINUTE)
    assert (one().settled_how, one().settled_by) == (Settled.MILDER.value, "system")
    assert not queries.waiting(part.page_id)
    entry = next(
        entry
        for entry in journal.entries(subject=f"incident:{incident.pk}")
        if entry.kind == "statuspages.prepared_settled"
    )
    assert entry.data["why"] == "The incident is less severe than the page asks for."
    rate(incident, Sev.SEV2, NOW + 3 * MINUTE)
    assert (one().settled_how, one().created_at) == ("", NOW + 3 * MINUTE)


def test_a_page_that_prepares_nothing_any_more_keeps_what_waits(
    part: Component, service: Service
) -> None:
    incident = bad(service)
    StatusPage.objects.filter(id=part.page_id).update(prepare_from="")
    rate(incident, Sev.SEV5, NOW + MINUTE)
    assert one().settled_at is None


def storm(team: Team, page: StatusPage, count: int, *, on_second: int = 0) -> list[Incident]:
    """So many incidents of services of their own, shown on the page or on a second one."""
    second = make_page("Partners", team_id=team.id) if on_second else page
    services = [make_service(f"api-{number}", team=team) for number in range(count + on_second)]
    for number, service in enumerate(services):
        shown = page if number < count else second
        make_component(shown, f"Part {number}", service_ids=[service.id])
    return [
        declare(f"Down {number}", severity=Sev.SEV1, service_id=service.id, team_id=service.team_id)
        for number, service in enumerate(services)
    ]


def test_a_storm_asks_each_person_once(page: StatusPage, team: Team) -> None:
    lead = make_user("Lea")
    make_membership(team, lead, role="manager")
    some = storm(team, page, 3)
    react_now(NOW)
    (notice,) = Notice.objects.filter(purpose="confirm", kind="inbox")
    assert notice.user == lead
    assert notice.content["title"] == "Tell readers of Shop? 3 posts wait"
    assert notice.content["url"] == f"/status-pages/{page.pk}/"
    assert notice.content["lines"][1:] == [
        f"“Problem with Part {place}” (#{one.pk}: Down {place})" for place, one in enumerate(some)
    ]
    assert Prepared.objects.filter(settled_at=None).count() == 3
    react_now(NOW + MINUTE)
    assert Notice.objects.filter(purpose="confirm", kind="inbox").count() == 1


def test_a_storm_over_two_pages_names_them(page: StatusPage, team: Team) -> None:
    make_membership(team, make_user("Lea"), role="manager")
    storm(team, page, 50, on_second=2)
    react_now(NOW)
    content = Notice.objects.get(purpose="confirm", kind="inbox").content
    assert content["title"] == "Tell readers of 2 status pages? 52 posts wait"
    assert content["url"] == "/status-pages/"
    assert content["lines"][1].startswith("Shop: “Problem with Part 0”")
    assert content["lines"][-1] == "… and 2 more"
