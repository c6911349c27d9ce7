"""Private incidents: who is named, what others are told, what it keeps others from."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.chat import ScriptedTool, make_account, make_room, use_tool
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare, make_arrival, open_incident
from tests.factories.paging import make_paged_team
from tests.factories.releases import make_release
from tests.factories.statuspages import make_page, make_post

from evenfall.chat import actions as chat
from evenfall.chat import errors as chat_errors
from evenfall.chat.models import Post
from evenfall.identity import queries as identity_queries
from evenfall.identity.models import User
from evenfall.identity.permissions import Asker, asked_by
from evenfall.identity.queries.audit import AuditFilter
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.models import Incident, Insider
from evenfall.incidents.ports import Sev
from evenfall.paging import queries as paging_queries
from evenfall.statuspages import errors as statuspages_errors

pytestmark = pytest.mark.django_db


def hide(incident: Incident, user: User | None = None) -> Incident:
    actions.set_privacy(
        incident_id=incident.pk,
        is_private=True,
        user_id=None if user is None else user.pk,
        now=NOW,
        actor="system",
    )
    incident.refresh_from_db()
    return incident


def sees(user: User, incident: Incident) -> bool:
    viewer = identity_queries.viewer_of_user(user)
    assert viewer is not None
    with asked_by(viewer):
        return bool(queries.incidents([incident.pk]))


def test_only_those_named_see_it() -> None:
    declarer, called, answering, lead, admin, other = (
        make_user("Di"),
        make_user("Cal"),
        make_user("Ann"),
        make_user("Lea"),
        make_user("Ada", "admin"),
        make_user("Oz", "manager"),
    )
    team = make_team("Shop", leads=(lead,), members=(other,))
    incident = hide(declare("Data lost", team_id=team.pk), declarer)
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=answering.pk, now=NOW, actor="system"
    )
    actions.page_more(incident_id=incident.pk, user_ids=[called.pk], now=NOW, actor="system")
    assert all(sees(user, incident) for user in (declarer, called, answering, lead, admin))
    assert not sees(other, incident)
    with asked_by(Asker.NOBODY):
        assert queries.incidents([incident.pk]) == {}
        assert queries.live_incidents() == []
        assert queries.waiting_and_in_hand() == (0, 0)
        assert queries.similar_to("Data lost", "", None, now=NOW) == []
    actions.add_insiders(incident_id=incident.pk, user_ids=[other.pk], now=NOW, actor="system")
    assert sees(other, incident)
    with pytest.raises(errors.NobodyNamed):
        actions.add_insiders(incident_id=incident.pk, user_ids=[], now=NOW, actor="system")


def test_it_can_be_opened_to_everybody_again() -> None:
    other, incident = make_user("Oz"), hide(declare())
    assert not sees(other, incident)
    for _ in range(2):
        actions.set_privacy(
            incident_id=incident.pk, is_private=False, user_id=None, now=NOW, actor="system"
        )
    assert sees(other, incident)


def test_a_private_one_is_declared_by_the_form_and_found_by_its_declarer_only(
    client: Client,
) -> None:
    user = make_user("Di")
    client.force_login(user)
    typed = {
        "title": "Data lost",
        "severity": "SEV1",
        "environment": "PROD",
        "urgency": "high",
        "is_private": "on",
    }
    where = client.post("/incidents/new/", typed)["Location"]
    assert "Data lost" in client.get(where).content.decode()
    client.force_login(make_user("Oz"))
    assert client.get(where).status_code == 404
    assert "Data lost" not in client.get("/incidents/?state=all&q=data").content.decode()
    assert "Data lost" not in client.get("/search?q=data").content.decode()


def test_pages_tell_nothing_of_it_and_who_is_called_may_see_it() -> None:
    paged = make_paged_team()
    number = actions.declare_incident(
        title="Data lost",
        description="All of it",
        severity=Sev.SEV1,
        service_id=paged.service.pk,
        is_private=True,
        now=NOW,
        actor="system",
    )
    (page,) = paging_queries.pages_for([f"incident:{number}"])
    assert page.content.title == f"Private incident #{number}"
    assert page.content.summary == "Sign in to see what it is about."
    assert page.content.service == ""
    actions.name_called(called={number: [paged.ben.pk]}, now=NOW)
    assert Insider.objects.get().user_id == paged.ben.pk


def test_chat_shows_nothing_of_it() -> None:
    use_tool(ScriptedTool())
    make_room(make_account())
    secret, known = hide(declare("Data lost")), declare("Shop is slow")
    chat.follow_incidents(incident_ids=[secret.pk, known.pk], now=NOW)
    assert Post.objects.get().incident_id == known.pk
    with pytest.raises(chat_errors.PrivateIncident):
        chat.ask_for_room(incident_id=secret.pk, user_id=None, now=NOW)


def test_private_and_open_ones_do_not_merge_and_recurrences_tell_nothing() -> None:
    secret, known = hide(declare("Data lost")), declare("Shop is slow")
    with pytest.raises(errors.CannotMerge, match="one of them is private"):
        actions.merge_incidents(incident_id=known.pk, into_id=secret.pk, now=NOW, actor="system")
    with pytest.raises(errors.CannotRecur, match="that one is private"):
        actions.link_recurrence(incident_id=known.pk, of_id=secret.pk, now=NOW, actor="system")


def opened_and_over(at: datetime) -> Incident:
    incident = open_incident(make_arrival("disk"), now=at)
    actions.resolve_incident(incident_id=incident.pk, user_id=None, now=at, actor="system")
    return incident


def test_of_earlier_ones_the_newest_that_one_may_see_is_offered() -> None:
    old, secret = (opened_and_over(NOW + timedelta(days=4 * n)) for n in range(2))
    new = open_incident(make_arrival("disk"), now=NOW + timedelta(days=8))
    with asked_by(Asker.NOBODY):
        offered = queries.relatives(new.pk).earlier
        assert offered is not None
        assert offered.id == secret.pk
        hide(secret, make_user("Di"))
        offered = queries.relatives(new.pk).earlier
        assert offered is not None
        assert offered.id == old.pk
        hide(old, make_user("Em"))
        assert queries.relatives(new.pk).earlier is None


def test_what_was_merged_into_it_becomes_private_too() -> None:
    child, parent, other = declare("Child"), declare("Parent"), make_user("Oz")
    actions.merge_incidents(incident_id=child.pk, into_id=parent.pk, now=NOW, actor="system")
    hide(parent)
    assert not sees(other, child)


def test_no_change_tells_that_it_caused_one(client: Client) -> None:
    """Neither the change, nor its list, the measures, what comes after it, or a release of it."""
    other, insider, shop = make_user("Oz", "manager"), make_user("In"), make_service()
    change = make_change(shop, "Deploy 2", kind="deploy", environment="PROD", at=NOW)
    incident = hide(declare("A key leaked", service_id=shop.pk, now=NOW), insider)
    release = make_release(shop, fixes_incident_id=incident.pk)
    actions.judge_suspect(
        incident_id=incident.pk, change_id=change.pk, is_confirmed=True, now=NOW, actor="system"
    )
    for user, is_told in ((other, False), (insider, True)):
        client.force_login(user)
        for path in (f"/changes/{change.pk}/", "/changes/"):
            assert ("aused an incident" in text(client, path)) == is_told, path
        assert ("A key leaked" in text(client, f"/changes/{change.pk}/")) == is_told
        assert (",yes," in text(client, "/changes/export.csv")) == is_told
        assert (f"#{incident.pk}" in text(client, f"/releases/{release.pk}/")) == is_told
        assert f"#{incident.pk}" not in text(client, f"/releases/{release.pk}/?part=beside")
        measured = client.get("/api/v1/insights/delivery?days=730").json()["whole"]
        assert measured["fail_rate"]["count"] == is_told
    client.force_login(other)
    assert "harm_said" not in text(client, "/audit/")
    # who saves a release without seeing the number does not take it away
    said = {"version": release.version, "kind": "fix", "revision": 1}
    client.post(f"/releases/{release.pk}/edit/", said)
    release.refresh_from_db()
    assert (release.kind, release.fixes_incident_id) == ("fix", incident.pk)


def text(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_the_audit_leaves_it_out() -> None:
    incident = hide(declare())
    actions.rename(incident_id=incident.pk, title="Data lost", now=NOW, actor="system")

    def audited(user: User) -> bool:
        viewer = identity_queries.viewer_of_user(user)
        assert viewer is not None
        with asked_by(viewer):
            lines, _ = identity_queries.audit(AuditFilter(subject=f"incident:{incident.pk}"))
        return any("Data lost" in str(line) for line in lines)

    assert not audited(make_user("Oz", "manager"))
    assert audited(make_user("Ada", "admin"))


@pytest.mark.parametrize("how", ["private", "merged"])
def test_readers_are_told_of_neither_a_private_nor_a_merged_one(how: str) -> None:
    incident, parent = declare("Data lost"), declare("Shop is down")
    if how == "private":
        hide(incident)
    else:
        actions.merge_incidents(incident_id=incident.pk, into_id=parent.pk, now=NOW, actor="system")
    with pytest.raises(statuspages_errors.PostNotUsable):
        make_post(make_page(), incident_id=incident.pk)
