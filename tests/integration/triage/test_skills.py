import pytest
from django.test import Client
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.triage import make_accepted

from evenfall.identity.models import Team, User
from evenfall.platform import journal
from evenfall.platform.clock import utc_now
from evenfall.triage import actions, errors, queries
from evenfall.triage.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


@pytest.fixture
def team(ada: User) -> Team:
    return make_team("Shop", members=(ada,))


def test_a_team_says_what_its_members_can(team: Team, ada: User) -> None:
    def set_to(*words: str, user: User = ada) -> None:
        given = {user.id: words}
        actions.set_skills(team_id=team.id, skills=given, now=NOW, actor="system")

    set_to(" SQL", "rust", "sql")
    set_to("rust", "sql")
    assert [one.skills for one in queries.skills_of_team(team.id)] == [("rust", "sql")]
    kinds = [one.kind for one in journal.entries(subject=f"team:{team.id}")]
    assert kinds.count("triage.team_review_changed") == 1
    with pytest.raises(errors.ItemIncomplete):
        set_to("x" * 41)
    with pytest.raises(errors.ItemIncomplete):
        set_to("sql", user=make_user("Ben"))
    set_to()
    assert queries.skills_by_member(team.id) == {ada.id: ()}


def test_the_page_of_skills_is_for_those_who_manage_the_team(team: Team, ada: User) -> None:
    path = f"/triage/teams/{team.id}/skills/"
    lead, other = make_user("Lea", role="observer"), make_user("Eve", role="responder")
    make_membership(team, lead, role="manager")
    manager = signed_in(lead)
    assert manager.get(path).status_code == 200
    said = {str(ada.id): "SQL, rust", str(lead.id): ""}
    assert "sql" in manager.post(path, said, follow=True).content.decode()
    assert queries.skills_by_member(team.id)[ada.id] == ("rust", "sql")
    too_long = {**said, str(ada.id): "x" * 41}
    assert manager.post(path, too_long).status_code == 422
    assert signed_in(other).get(path).status_code == 403
    assert signed_in(other).post(path, said).status_code == 403
    empty = make_team("Nobody")
    shown = signed_in(make_user(role="admin")).get(f"/triage/teams/{empty.id}/skills/")
    assert "Nobody is in this team" in shown.content.decode()


def test_an_item_waits_for_somebody_who_can(team: Team, ada: User) -> None:
    item, reader = make_accepted(team, now=utc_now()), signed_in(make_user())
    edit = {
        "impact": "medium", "urgency": "medium", "users_affected": "0", "confidence": "100",
        "multiplier": "100", "effort_hours": "1", "skills": "SQL, ",
    }  # fmt: skip
    assert reader.post(f"/triage/{item.pk}/edit/", edit).status_code == 302
    assert Item.objects.get().skills == ["sql"]
    assert "sql" in _page(reader, f"/triage/{item.pk}/edit/")
    for path in (f"/triage/?team={team.id}", f"/triage/week/?team={team.id}"):
        assert "Nobody in the team has the skills: sql." in _page(reader, path), path
    skills = {ada.id: ["sql"]}
    actions.set_skills(team_id=team.id, skills=skills, now=NOW, actor="system")
    assert "This week" in _page(reader, f"/triage/?team={team.id}")
    assert "Nobody in the team has" not in _page(reader, f"/triage/week/?team={team.id}")


def _page(client: Client, path: str) -> str:
    return client.get(path).content.decode()
