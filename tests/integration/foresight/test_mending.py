"""One click mends a finding, another one takes it back; only for whoever could do it by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from msgspec.structs import replace
from tests.factories import alerting
from tests.factories.alerting import update
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_token, make_user
from tests.factories.paging import (
    PagedTeam,
    make_paged_team,
    make_person,
    make_rota,
    page_request,
    user_step,
)

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.actions import InhibitionDraft, RuleDraft
from evenfall.alerting.ports import Matcher, Operator
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.models import Service
from evenfall.foresight import actions, queries
from evenfall.foresight.errors import MendNotFound, NothingToMend
from evenfall.foresight.models import Finding, Mended
from evenfall.foresight.queries import FindingFilter, FindingView
from evenfall.notifications.models import ContactMethod
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.actions import ensure_default_policy
from evenfall.paging.actions.mending import own_rules
from evenfall.paging.logic.policy import PolicySpec
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.logic.words import Hours, Urgency
from evenfall.paging.ports import Response
from evenfall.platform import journal
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
ALL = (Matcher("all", Operator.EQUAL, "yes"),)


@pytest.fixture
def team() -> PagedTeam:
    made = make_paged_team(kinds=("email", "webpush"))
    ensure_default_policy(now=NOW)
    return made


def finding(check: str) -> FindingView:
    """The one finding of a check, after a look."""
    actions.lint(now=NOW, tells=False)
    (one,) = [f for f in queries.findings(FindingFilter(), today=NOW.date()) if f.check == check]
    return one


def hear_alerts(service: str = "") -> int:
    """Ten alerts of an integration that belongs to nobody."""
    quiet = alerting.make_integration("Nobody's")
    for number in range(10):
        labels = {"alertname": f"a{number}", "all": "yes", "service": service}
        alerting.send(quiet, update(key=str(number), labels=labels))
    alerting.receive(NOW - timedelta(days=1))
    return quiet.pk


def mended_and_taken_back(one: FindingView, *, state: Callable[[], object]) -> tuple[object, ...]:
    """What `state` says before, after the mend, after it was taken back."""
    before = state()
    said = actions.mend(finding_id=one.id, now=NOW, actor="user:1")
    assert said == one.offered
    after = state()
    assert actions.take_back(finding_id=one.id, now=NOW, actor="user:1")
    assert Finding.objects.get(id=one.id).gone_at is None
    return before, after, state()


def test_a_service_follows_the_policy_of_its_team(team: PagedTeam) -> None:
    spec = PolicySpec(steps=(user_step(team.ada),))
    policy_id = paging_actions.create_policy(
        name="Ours", spec=spec, team_id=team.team.pk, now=NOW, actor="system"
    )
    one = finding("no_policy")
    assert one.offered == "Use Ours"

    def state() -> tuple[int, ...]:
        return paging_queries.policy(policy_id).service_ids

    assert mended_and_taken_back(one, state=state) == ((), (team.service.pk,), ())
    facts = {e.kind for e in journal.entries(subject=f"finding:{one.id}")}
    assert {"foresight.finding_mended", "foresight.mend_undone"} <= facts
    # somebody was faster: nothing is overwritten
    paging_actions.assign_policy(
        policy_id=policy_id, service_id=team.service.pk, now=NOW, actor="system"
    )
    with pytest.raises(NothingToMend):
        actions.mend(finding_id=one.id, now=NOW, actor="user:1")


def test_whoever_leads_the_team_becomes_the_last_step(team: PagedTeam) -> None:
    gone = make_user("Gone", is_active=False)
    lead = make_person("Lea", kinds=("sms",))
    other = make_team("Other", leads=(lead,))
    policy_id = paging_actions.create_policy(
        name="Dead end",
        spec=PolicySpec(steps=(user_step(gone),)),
        team_id=other.pk,
        now=NOW,
        actor="system",
    )
    paging_actions.assign_policy(policy_id=policy_id, team_id=other.pk, now=NOW, actor="system")
    one = finding("nobody_at_all")
    assert one.offered == "Add Lea as a last step"

    def state() -> int:
        return len(paging_queries.policy(policy_id).spec.steps)

    assert mended_and_taken_back(one, state=state) == (1, 2, 1)
    actions.mend(finding_id=one.id, now=NOW, actor="user:1")
    paging_actions.add_person_to_policy(
        policy_id=policy_id, user_id=team.ada.pk, step=1, now=NOW, actor="system"
    )
    assert not actions.take_back(finding_id=one.id, now=NOW, actor="user:1")
    assert state() == 2  # what somebody made of it since stays


def test_personal_rules_ring_at_once_by_all_that_works(team: PagedTeam) -> None:
    late = PersonRule(urgency=Urgency.HIGH, kind="email", hours=Hours.WORKING)
    paging_actions.save_rules(user_id=team.ada.pk, rules=[late], now=NOW, actor="system")
    one = finding("broken_method")

    def state() -> int:
        return len(own_rules(team.ada.pk))

    assert mended_and_taken_back(one, state=state) == (1, 3, 1)
    # only oneself may
    client = Client()
    client.force_login(team.eve)
    assert client.post(f"/findings/{one.id}/mend/").status_code == 403
    client.force_login(team.ada)
    assert client.post(f"/findings/{one.id}/mend/", follow=True).status_code == 200
    assert state() == 3


@pytest.mark.usefixtures("team")
def test_what_hides_everything_ends_and_comes_back() -> None:
    hear_alerts()
    until = NOW + timedelta(hours=4)
    alerting_actions.create_silence(
        matchers=ALL,
        starts_at=NOW,
        ends_at=until,
        comment="All",
        by_name="Eve",
        now=NOW,
        actor="system",
    )

    def silences() -> list[tuple[str, str]]:
        found = alerting_queries.silences_page(expired=False, now=NOW).items
        return [(one.comment, one.ends_at.isoformat()) for one in found]

    known = [("All", until.isoformat())]
    assert mended_and_taken_back(finding("hides_all"), state=silences) == (known, [], known)
    (row,) = alerting_queries.silences_page(expired=False, now=NOW).items
    alerting_actions.end_silence(silence_id=row.id, now=NOW, actor="system")
    alerting_actions.create_maintenance(
        name="Move", starts_at=NOW, ends_at=until, matchers=ALL, by_name="", now=NOW, actor="system"
    )

    def windows() -> int:
        return len(alerting_queries.maintenance_page(expired=False, now=NOW).items)

    one = finding("hides_all")
    assert mended_and_taken_back(one, state=windows) == (1, 0, 1)
    actions.mend(finding_id=one.id, now=NOW + timedelta(hours=1), actor="user:1")
    assert not actions.take_back(finding_id=one.id, now=until, actor="user:1")


def test_rules_that_hide_or_never_decide_are_switched_off_and_on(team: PagedTeam) -> None:
    number = hear_alerts(team.service.slug)
    old = NOW - timedelta(days=60)
    for name in ('labels.all == "yes"', 'labels.alertname == "a1"'):
        alerting_actions.create_rule(
            draft=RuleDraft(name=name[7:12], condition=name), now=old, actor="system"
        )
    draft = InhibitionDraft(name="Wide", source=ALL, target=ALL)
    alerting_actions.create_inhibition(draft=draft, now=old, actor="system")

    def rules() -> list[bool]:
        return [one.is_enabled for one in alerting_queries.rules() if not one.is_catch_all]

    def holds() -> bool:
        return alerting_queries.inhibitions()[0].is_enabled

    on, off = [True, True], [True, False]
    assert mended_and_taken_back(finding("dead_rule"), state=rules) == (on, off, on)
    assert mended_and_taken_back(finding("hides_all"), state=holds) == (True, False, True)
    # an idle rule may yet match: only a link
    assert all(
        not f.offered
        for f in queries.findings(FindingFilter(), today=NOW.date())
        if f.check == "idle_rule"
    )

    def owner() -> int | None:
        return alerting_queries.integration(number).team_id

    one = finding("no_owner")
    assert one.offered == "Give it to Payments"
    before, after, again = mended_and_taken_back(one, state=owner)
    assert (before, again) == (None, None)
    assert after is not None


def test_pages_and_api_mend_for_whoever_could_do_it_by_hand(team: PagedTeam) -> None:
    spec = PolicySpec(steps=(user_step(team.ada),))
    paging_actions.create_policy(
        name="Ours", spec=spec, team_id=team.team.pk, now=NOW, actor="system"
    )
    actions.lint(now=utc_now(), tells=False)
    one = Finding.objects.get(check_name="no_policy")
    where, api = f"/findings/{one.pk}", f"/api/v1/findings/{one.pk}/mend"
    client = Client()
    client.force_login(team.ada)
    assert "Use Ours" not in client.get("/findings/").content.decode()
    assert client.post(f"{where}/mend/").status_code == 403
    client.force_login(team.dan)
    assert "Use Ours" in client.get("/findings/").content.decode()
    shown = client.post(f"{where}/mend/", follow=True).content.decode()
    assert "Done: Use Ours" in shown
    assert "Mended by a click" in shown
    assert client.post(f"{where}/mend/", follow=True).status_code == 200  # twice: said, not done
    assert (
        "All is as it was before."
        in client.post(f"{where}/take-back/", follow=True).content.decode()
    )
    caller = Client(headers={"Authorization": f"Bearer {make_token(team.dan)}"})
    assert caller.post(api).json() == {"done": "Use Ours"}
    assert caller.delete(api).json() == {"was_there": True}
    assert caller.delete(api).status_code == 404
    assert Mended.objects.filter(undone_at=None).count() == 0
    with pytest.raises(MendNotFound):
        actions.take_back(finding_id=one.pk, now=NOW, actor="user:1")


def test_a_finding_without_an_offer_is_not_mended_by_a_click(team: PagedTeam) -> None:
    ContactMethod.objects.filter(user=team.ada, kind="webpush").delete()
    one = finding("no_phone")
    client = Client()
    client.force_login(team.eve)
    assert client.post(f"/findings/{one.id}/mend/").status_code == 409
    with pytest.raises(NothingToMend):
        actions.mend(finding_id=one.id, now=NOW, actor="user:1")


def test_a_team_without_people_is_sent_to_its_own_page() -> None:
    ensure_default_policy(now=NOW)
    empty = make_team("Empty")
    make_service("Search", team=empty)
    make_rota(empty, None)
    assert finding("nobody_at_all").mend_url == f"/teams/{empty.slug}/"


def test_a_service_whose_team_has_nobody_goes_to_those_who_answer(team: PagedTeam) -> None:
    empty = make_team("Left")
    service = make_service("Old shop", team=empty)
    assert finding("no_team").offered == ""
    assert finding("no_team").mend_url == f"/services/{service.slug}/edit/"
    asked = replace(page_request(team, "manual:1"), service_id=service.pk)
    (page,) = paging_actions.start_pages(requests=[asked], now=NOW, actor="system").values()
    paging_actions.respond(
        page_id=page,
        response=Response.ACKNOWLEDGE,
        user_id=team.ada.pk,
        via="web",
        now=NOW,
        actor=f"user:{team.ada.pk}",
    )
    one = finding("no_team")
    assert one.offered == f"Give it to {team.team.name}"

    def state() -> int:
        return catalog_queries.service(service.pk).team_id

    assert mended_and_taken_back(one, state=state) == (empty.pk, team.team.pk, empty.pk)
    Service.objects.filter(pk=service.pk).update(team_id=make_team("Third").pk)
    with pytest.raises(NothingToMend):
        actions.mend(finding_id=one.id, now=NOW, actor="user:1")
