"""What would keep pages from people: found, told, dismissed, mended."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.factories import alerting
from tests.factories.alerting import update
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_token, make_user, signed_in
from tests.factories.paging import PagedTeam, make_paged_team, make_person, make_rota, user_step

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions import RuleDraft
from evenfall.foresight import actions, queries
from evenfall.foresight.errors import DismissalNotValid
from evenfall.foresight.models import Finding, LookAsked
from evenfall.foresight.queries import FindingFilter
from evenfall.notifications.models import Notice
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.actions import ensure_default_policy
from evenfall.paging.logic.policy import PolicySpec, StepSpec
from evenfall.platform.clock import utc_now
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def team() -> PagedTeam:
    made = make_paged_team(kinds=("email", "webpush"))
    ensure_default_policy(now=NOW)
    return made


def found() -> dict[str, str]:
    """Check and title of what there is now."""
    return {
        f"{one.check.value}: {one.title}": one.mend_url
        for one in queries.findings(FindingFilter(), today=TODAY)
    }


@pytest.mark.usefixtures("team")
def test_where_all_is_well_only_a_hint_is_found() -> None:
    actions.lint(now=NOW)
    assert list(found()) == ["no_policy: Checkout has no policy of its own"]
    assert queries.last_look() == NOW


def test_before_anybody_looked_there_is_nothing_to_filter(team: PagedTeam) -> None:
    client = signed_in(team.eve)
    page = client.get("/findings/").content.decode()
    assert "Nobody has looked yet" in page
    assert 'class="filters"' not in page
    actions.lint(now=NOW)
    assert 'class="filters"' in client.get("/findings/").content.decode()


def test_troubles_of_every_sort_are_found_with_a_way_to_mend_them(team: PagedTeam) -> None:
    alone = make_team("Alone", members=(make_person("Max"),))
    make_service("Search", team=alone)
    gap_id = make_rota(alone, None)
    quiet = alerting.make_integration("Nobody's")
    for number in range(10):
        labels = {"alertname": f"a{number}", "all": "yes"}
        alerting.send(quiet, update(key=str(number), labels=labels))
    alerting.receive(NOW - timedelta(days=1))
    for name in ('labels.all == "yes"', 'labels.alertname == "a1"', 'labels.x == "y"'):
        alerting_actions.create_rule(
            draft=RuleDraft(name=name[7:12], condition=name),
            now=NOW - timedelta(days=60),
            actor="system",
        )
    actions.lint(now=NOW)
    told = found()
    titles = {title.partition(":")[0] for title in told}
    assert {"rota", "uncovered_service", "no_owner", "dead_rule", "idle_rule"} <= titles
    assert any(url.startswith(f"/rotas/{gap_id}/overrides/new/?starts=") for url in told.values())
    assert told["no_owner: The integration Nobody's belongs to nobody"] == (
        f"/integrations/{quiet.id}/"
    )
    client = Client()
    client.force_login(team.eve)
    for url in told.values():
        assert client.get(url).status_code == 200, url
    page = client.get("/findings/").content.decode()
    assert "A shift of" in page
    # by team, and of the reader
    assert "A shift of" in client.get(f"/findings/?team={alone.id}").content.decode()
    assert "belongs to nobody" not in client.get(f"/findings/?team={alone.id}").content.decode()


def test_a_policy_that_finds_nobody_is_serious_and_told_at_once(team: PagedTeam) -> None:
    empty = make_team("Empty")
    actions.lint(now=NOW + timedelta(days=1))  # a Tuesday: no digest
    (one,) = [
        f for f in queries.findings(FindingFilter(), today=TODAY) if f.check == "nobody_at_all"
    ]
    assert (one.team_id, one.weight.value) == (empty.id, "serious")
    told = Notice.objects.filter(purpose="findings")
    assert set(told.values_list("user_id", flat=True)) == {team.eve.id}
    count = told.count()
    actions.lint(now=NOW + timedelta(days=2))
    assert told.count() == count
    actions.lint(now=NOW + timedelta(days=7))
    assert told.count() > count


def test_one_way_to_reach_somebody_is_thin(team: PagedTeam) -> None:
    ada = team.ada
    from evenfall.notifications.models import ContactMethod  # noqa: PLC0415

    ContactMethod.objects.filter(user=ada, kind="webpush").delete()
    actions.lint(now=NOW)
    assert "no_phone: Ada has no phone and no push" in found()
    ContactMethod.objects.filter(user=ada).delete()
    actions.lint(now=NOW)
    assert "no_method: Ada may not be reached" in found()
    assert "no_phone: Ada has no phone and no push" not in found()
    assert Finding.objects.filter(gone_at__isnull=False).count() == 1


@pytest.mark.usefixtures("team")
def test_findings_come_page_by_page_with_their_weights() -> None:
    actions.lint(now=NOW, tells=False)
    asked = FindingFilter()
    every, page = queries.findings(asked, today=TODAY), queries.findings_page(asked, today=TODAY)
    assert page.items == every
    assert sum(count for _, count in queries.weights(asked, today=TODAY)) == len(every)
    first = queries.findings_page(asked, today=TODAY, size=1)
    assert first.items == every[:1]


def test_a_dismissed_finding_rests_until_its_day(team: PagedTeam) -> None:
    actions.lint(now=NOW)
    (one,) = queries.findings(FindingFilter(), today=TODAY)
    until = TODAY + timedelta(days=7)
    with pytest.raises(DismissalNotValid):
        actions.dismiss(finding_id=one.id, until=until, reason="", now=NOW, actor="user:1")
    actions.dismiss(finding_id=one.id, until=until, reason="Soon", now=NOW, actor="user:1")
    assert queries.findings(FindingFilter(), today=TODAY) == []
    assert len(queries.findings(FindingFilter(is_dismissed=True), today=TODAY)) == 1
    assert len(queries.findings(FindingFilter(), today=until)) == 1
    actions.restore(finding_id=one.id, now=NOW, actor="user:1")
    assert len(queries.findings(FindingFilter(), today=TODAY)) == 1
    del team


def test_pages_and_api_let_owners_act(team: PagedTeam) -> None:
    actions.lint(now=utc_now())
    finding = Finding.objects.filter(team=team.team).first()
    assert finding is not None
    until = (utc_now() + timedelta(days=3)).date().isoformat()
    client = Client()
    client.force_login(team.dan)
    assert client.post(f"/findings/{finding.pk}/dismiss/", {"until": "x"}).status_code == 302
    said = {"until": until, "reason": "Known"}
    assert client.post(f"/findings/{finding.pk}/dismiss/", said).status_code == 302
    assert "Known" in client.get("/findings/?dismissed=1").content.decode()
    client.post(f"/findings/{finding.pk}/restore/")
    client.force_login(make_user("Zoe"))
    assert client.post(f"/findings/{finding.pk}/dismiss/", said).status_code == 403
    api = Client(headers={"Authorization": f"Bearer {make_token(team.eve)}"})
    where = f"/api/v1/findings/{finding.pk}/dismissal"
    assert api.post(where, said, content_type="application/json").status_code == 200
    assert api.delete(where).json()["dismissed_until"] is None
    looked = api.post("/api/v1/findings/look", content_type="application/json").json()
    assert looked["looked_at"]
    assert finding.pk in {one["id"] for one in api.get("/api/v1/findings").json()["items"]}


def test_a_change_is_followed_by_one_look_at_what_it_touches(team: PagedTeam) -> None:
    actor = f"user:{team.eve.pk}"
    react_now(NOW)
    LookAsked.objects.all().delete()  # what making the world asked for
    alerting_actions.create_rule(draft=RuleDraft(name="One"), now=NOW, actor=actor)
    react_now(NOW)
    assert set(LookAsked.objects.values_list("part", "actor")) == {("rules", actor)}
    later = NOW + timedelta(seconds=1)
    assert "being looked at" in signed_in(team.eve).get("/findings/").content.decode()
    assert actions.look_if_asked(now=later) == 1
    assert actions.look_if_asked(now=later) == 0
    assert queries.last_look() == later
    # the part with the service that has no policy of its own was not looked at
    assert found() == {}


def test_whoever_made_the_change_hears_of_it_once_and_its_owner_when_it_stays(
    team: PagedTeam,
) -> None:
    actions.lint(now=NOW, tells=False)
    actor = f"user:{team.ada.pk}"
    gone = make_user("Gone", is_active=False)

    def save(name: str, *steps: StepSpec, at: datetime) -> None:
        policy = paging_queries.default_policy()
        assert policy is not None
        spec = PolicySpec(steps=steps)
        paging_actions.save_policy(policy_id=policy.id, name=name, spec=spec, now=at, actor=actor)
        react_now(at)
        assert actions.look_if_asked(now=at) == 1

    told = Notice.objects.filter(purpose="findings")
    save("Default", user_step(gone), at=NOW)
    assert list(told.values_list("user_id", "kind")) == [(team.ada.pk, "inbox")]
    assert told.get().content["title"].startswith("After your change, 1 thing may keep")
    # again and again while they try: said once
    save("Default", user_step(team.ada), at=NOW + timedelta(minutes=1))
    assert "nobody_at_all" not in {key.partition(":")[0] for key in found()}
    save("Default", user_step(gone), at=NOW + timedelta(minutes=2))
    assert told.count() == 1
    # its owner hears when it stays
    assert actions.tell_owners(now=NOW + timedelta(minutes=10)) == 0
    assert actions.tell_owners(now=NOW + timedelta(minutes=20)) == 1
    assert actions.tell_owners(now=NOW + timedelta(minutes=25)) == 0
    assert set(told.exclude(user=team.ada).values_list("user_id", flat=True)) == {team.dan.pk}
