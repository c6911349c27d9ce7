"""Incidents show what they may have come from; people say what it was."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_dependency, make_service
from tests.factories.changes import make_change
from tests.factories.identity import make_team, make_token, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.changes import errors as changes_errors
from evenfall.changes import queries as changes_queries
from evenfall.changes.models import Change
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.logic.suspects import LIKELY
from evenfall.incidents.models import Incident, SuspectVerdict
from evenfall.incidents.queries.suspects import ranked_suspects
from evenfall.platform import journal

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def board(incident: Incident) -> queries.SuspectBoard:
    return queries.suspect_board(queries.incident(incident.pk))


def judge(incident: Incident, change: Change, now: datetime, *, confirm: bool = True) -> None:
    actions.judge_suspect(
        incident_id=incident.pk, change_id=change.pk, is_confirmed=confirm, now=now, actor="user:1"
    )


def test_suspects_are_ranked_over_services_kinds_and_time(now: datetime) -> None:
    shop, cards, mail = make_service("Shop"), make_service("Cards"), make_service("Mail")
    make_dependency(shop, cards, now=now)
    prod = {"environment": "PROD"}
    make_change(shop, "Deploy shop", at=now - 10 * MINUTE, **prod)
    make_change(cards, "Deploy cards", at=now - 10 * MINUTE, **prod)
    make_change(shop, "Flag of shop", kind="flag", at=now - 10 * MINUTE, **prod)
    make_change(None, "Firewall", kind="infrastructure", at=now - 10 * MINUTE, **prod)
    make_change(mail, "Deploy mail", at=now - 10 * MINUTE, **prod)
    make_change(shop, "Long ago", at=now - timedelta(days=3), **prod)
    make_change(shop, "Afterwards", at=now + 40 * MINUTE, **prod)
    incident = declare(service_id=shop.id, now=now)
    shown = [one.change.summary for one in board(incident).open]
    assert shown == ["Deploy shop", "Flag of shop", "Deploy cards", "Firewall"]
    assert board(incident).open[2].service == "Cards"


def test_complaint_43_an_incident_is_pinned_on_one_change_at_most(now: datetime) -> None:
    """apache/devlake#4989: one incident was counted for several deployments."""
    shop = make_service()
    first = make_change(shop, "First", at=now - 20 * MINUTE)
    second = make_change(shop, "Second", at=now - 10 * MINUTE)
    incident = declare(service_id=shop.id, now=now)
    judge(incident, first, now)
    judge(incident, second, now)
    assert SuspectVerdict.objects.get().change_id == second.id
    assert changes_queries.change(first.id).harm_known_at is None
    assert changes_queries.change(second.id).harm_known_at == now
    facts = journal.entries(subject=incident_name(incident))
    told = [fact.data["verdict"] for fact in facts if fact.kind == "incidents.suspect_judged"]
    assert sorted(told) == ["confirmed", "confirmed", "withdrawn"]


def incident_name(incident: Incident) -> str:
    return f"incident:{incident.pk}"


def test_what_people_say_is_shown_with_who_and_when_and_can_be_taken_back(now: datetime) -> None:
    ada = make_user("Ada")
    shop = make_service()
    cause = make_change(shop, "Cause", at=now - 5 * MINUTE)
    other = make_change(shop, "Other", at=now - 9 * MINUTE)
    incident = declare(service_id=shop.id, now=now)
    for change, is_confirmed in ((cause, True), (other, False)):
        actions.judge_suspect(
            incident_id=incident.pk,
            change_id=change.pk,
            is_confirmed=is_confirmed,
            now=now,
            actor=f"user:{ada.pk}",
        )
    shown = board(incident)
    assert shown.cause is not None
    assert shown.cause.verdict is not None
    assert (shown.cause.change.id, shown.cause.verdict.who) == (cause.id, "Ada")
    assert [one.change.id for one in shown.ruled_out] == [other.id]
    assert not shown.open
    story = queries.timeline(incident.pk)
    assert any("it came from “Cause”" in entry.text for entry in story)
    about: dict[str, Any] = {"incident_id": incident.pk, "now": now, "actor": "user:1"}
    actions.withdraw_verdict(change_id=cause.pk, **about)
    assert board(incident).cause is None
    assert changes_queries.change(cause.id).harm_known_at is None
    with pytest.raises(errors.NoVerdict):
        actions.withdraw_verdict(change_id=cause.pk, **about)


def test_any_change_can_be_named_and_the_same_word_twice_is_one(now: datetime) -> None:
    far = make_change(make_service(), "Far away", at=now - timedelta(days=30))
    incident = declare(now=now)
    judge(incident, far, now)
    judge(incident, far, now + MINUTE)
    verdict = SuspectVerdict.objects.get()
    assert (verdict.score, verdict.decided_at) == (None, now)
    assert board(incident).cause is not None
    with pytest.raises(changes_errors.ChangeNotFound):
        actions.judge_suspect(
            incident_id=incident.pk, change_id=987654, is_confirmed=True, now=now, actor="user:1"
        )


def test_a_change_did_harm_as_long_as_any_incident_came_from_it(now: datetime) -> None:
    shop = make_service()
    cause = make_change(shop, at=now - MINUTE)
    first, second = declare(service_id=shop.id, now=now), declare(service_id=shop.id, now=now)
    for incident in (first, second):
        judge(incident, cause, now)
    judge(first, cause, now, confirm=False)
    assert changes_queries.change(cause.id).harm_known_at is not None
    judge(second, cause, now, confirm=False)
    assert changes_queries.change(cause.id).harm_known_at is None


def test_what_was_said_goes_along_when_incidents_are_merged(now: datetime) -> None:
    shop = make_service()
    cause, other = make_change(shop, at=now - MINUTE), make_change(shop, at=now - 2 * MINUTE)
    child, target = declare(service_id=shop.id, now=now), declare(service_id=shop.id, now=now)
    judge(child, cause, now)
    judge(child, other, now, confirm=False)
    judge(target, other, now)
    actions.merge_incidents(incident_id=child.pk, into_id=target.pk, now=now, actor="user:1")
    left = list(SuspectVerdict.objects.values_list("incident_id", "change_id", "is_confirmed"))
    assert left == [(target.pk, other.pk, True)]
    assert changes_queries.change(cause.id).harm_known_at is None
    assert changes_queries.change(other.id).harm_known_at is not None
    with pytest.raises(errors.NotPossible):
        judge(child, cause, now)


def test_guesses_count_only_when_they_are_good_and_nobody_ruled_them_out(now: datetime) -> None:
    shop = make_service()
    deploy = make_change(shop, environment="PROD", at=now - MINUTE)
    weak = make_service()
    make_change(weak, environment="UAT", at=now - MINUTE)
    good, bad = declare(service_id=shop.id, now=now), declare(service_id=weak.id, now=now)
    assert queries.likely_causes([good.pk, bad.pk]) == {good.pk: deploy.id}
    assert queries.confirmed_causes([good.pk]) == {}
    judge(good, deploy, now, confirm=False)
    assert queries.likely_causes([good.pk]) == {}
    judge(good, deploy, now)
    assert queries.likely_causes([good.pk]) == queries.confirmed_causes([good.pk])


def test_a_guess_is_the_best_of_all_suspects_that_nobody_ruled_out(now: datetime) -> None:
    """Guesses read only what may be likely; they say what the whole ranking says."""
    shop, cards, ledger = (make_service() for _ in range(3))
    make_dependency(shop, cards, now=now)
    make_dependency(cards, ledger, now=now)
    ages = (-10, 0, 1, 90, 179, 239, 240, 241, 600)
    changes = [
        make_change(service, kind=kind, environment=environment, at=now - age * MINUTE)
        for service in (shop, cards, ledger, None)
        for kind, environment in (("deploy", "PROD"), ("data", "PROD"), ("config", "UAT"))
        for age in ages
    ]
    services = (shop, cards, ledger, None)
    incidents = [
        declare(service_id=service.id if service else None, now=now - later * MINUTE)
        for service in services
        for later in (0, 60, 400)
    ]
    for one in changes[: len(ages)]:
        judge(incidents[0], one, now, confirm=False)
    ranked = ranked_suspects([queries.incident(one.pk) for one in incidents])
    ruled_out = {(incidents[0].pk, one.id) for one in changes[: len(ages)]}
    expected = {}
    for number, found in ranked.items():
        left = [one for one in found if (number, one.change.id) not in ruled_out]
        if left and left[0].score >= LIKELY:
            expected[number] = left[0].change.id
    assert len(expected) > 4
    assert queries.likely_causes([one.pk for one in incidents]) == expected


@pytest.mark.parametrize("count", [1, 4])
def test_ranking_takes_the_same_queries_however_many_incidents(
    count: int, django_assert_num_queries: Any, now: datetime
) -> None:
    shop = make_service()
    for number in range(count):
        make_change(shop, f"Deploy {number}", at=now - number * MINUTE)
    incidents = [declare(service_id=shop.id, now=now) for _ in range(count)]
    with django_assert_num_queries(5):
        queries.likely_causes([one.pk for one in incidents])


def test_the_page_shows_one_list_of_suspects_and_takes_the_word_of_responders(
    now: datetime,
) -> None:
    user = make_user(role="observer")
    shop = make_service("Shop", team=make_team(members=[user]))
    change = make_change(shop, "Deploy 9", environment="PROD", at=now - MINUTE)
    incident = declare(service_id=shop.id, team_id=shop.team_id, now=now)
    browser = signed_in(user)
    page = browser.get(f"/incidents/{incident.pk}/").content.decode()
    assert page.count("What changed before") == 1
    assert f'hx-get="/incidents/{incident.pk}/parts/suspects/"' in page
    part = browser.get(f"/incidents/{incident.pk}/parts/suspects/").content.decode()
    assert part.count("What changed before") == 1
    assert "Suspicion" in part
    assert "1 min before" in part
    form = {"change_id": change.pk, "verdict": "confirmed"}
    assert browser.post(f"/incidents/{incident.pk}/suspects/", form).status_code == 302
    part = browser.get(f"/incidents/{incident.pk}/parts/suspects/").content.decode()
    assert "It came from" in part
    browser.post(f"/incidents/{incident.pk}/suspects/", {**form, "verdict": "withdrawn"})
    browser.post(f"/incidents/{incident.pk}/suspects/", {**form, "verdict": "nonsense"})
    assert not SuspectVerdict.objects.exists()
    stranger = signed_in(make_user(role="observer"))
    assert stranger.post(f"/incidents/{incident.pk}/suspects/", form).status_code == 403


def test_the_page_of_a_change_shows_what_came_after_it(now: datetime) -> None:
    shop, till = make_service("Shop"), make_service("Till")
    make_dependency(till, shop, now=now)
    change = make_change(shop, "Deploy 9", at=now)
    mine = declare("Slow shop", service_id=shop.id, now=now + MINUTE)
    declare("Slow till", service_id=till.id, now=now + 2 * MINUTE)
    declare("Elsewhere", service_id=make_service().id, now=now + MINUTE)
    declare("Secret", service_id=shop.id, is_private=True, now=now + MINUTE)
    judge(mine, change, now + 5 * MINUTE)
    page = signed_in(make_user()).get(f"/changes/{change.pk}/").content.decode()
    assert "Slow shop" in page
    assert "Slow till" in page
    assert "Elsewhere" not in page
    assert "Secret" not in page
    assert "people say that it came from this change" in page


def test_the_api_shows_suspects_and_takes_verdicts(now: datetime) -> None:
    shop = make_service()
    change = make_change(shop, environment="PROD", at=now - MINUTE)
    incident = declare(service_id=shop.id, now=now)
    token = make_token(make_user(role="admin"))
    client = Client(headers={"Authorization": f"Bearer {token}"})
    path = f"/api/v1/incidents/{incident.pk}/suspects"
    (one,) = client.get(path).json()["items"]
    assert (one["change_id"], one["verdict"], len(one["parts"])) == (change.pk, None, 4)
    body = {"verdict": "ruled_out"}
    (one,) = client.put(f"{path}/{change.pk}", body, "application/json").json()["items"]
    assert one["verdict"] == "ruled_out"
    (one,) = client.delete(f"{path}/{change.pk}").json()["items"]
    assert one["verdict"] is None
    assert client.delete(f"{path}/{change.pk}").status_code == 404
