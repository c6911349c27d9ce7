from datetime import datetime

import pytest
from tests.factories.identity import make_team, make_token, make_user, signed_in

from evenfall.identity import actions, errors, queries
from evenfall.identity.models import ApiToken
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


def test_change_role_writes_before_and_after(now: datetime) -> None:
    user = make_user(role="responder")
    actions.change_role(user_id=user.id, role="manager", now=now, actor="user:1")
    (entry,) = journal.entries(subject=f"user:{user.id}")
    assert entry.kind == "identity.user_changed"
    assert entry.data["before"] == {"role": "responder"}
    assert entry.data["after"] == {"role": "manager"}


def test_change_role_to_the_same_writes_nothing(now: datetime) -> None:
    user = make_user(role="responder")
    actions.change_role(user_id=user.id, role="responder", now=now, actor="user:1")
    assert journal.entries(subject=f"user:{user.id}") == []


def test_change_role_refuses_an_unknown_role(now: datetime) -> None:
    with pytest.raises(errors.UnknownRole):
        actions.change_role(user_id=make_user().id, role="emperor", now=now, actor="user:1")


def test_administrators_are_the_active_ones_by_name() -> None:
    second, first = make_user("Zoe", "admin"), make_user("Ada", "admin")
    former = make_user(role="admin", is_active=False)
    manager = make_user(role="manager")
    assert queries.administrators() == [first.id, second.id]
    assert list(queries.people([manager.id, former.id])) == [former.id, manager.id]


def test_last_administrator_cannot_be_demoted(now: datetime) -> None:
    admin = make_user(role="admin")
    make_user(role="admin", is_active=False)
    with pytest.raises(errors.LastAdministrator):
        actions.change_role(user_id=admin.id, role="manager", now=now, actor="user:1")


def test_last_administrator_cannot_be_deactivated(now: datetime) -> None:
    admin = make_user(role="admin")
    with pytest.raises(errors.LastAdministrator):
        actions.deactivate_user(user_id=admin.id, now=now, actor="user:1")


def test_one_of_two_administrators_can_go(now: datetime) -> None:
    admin, other = make_user(role="admin"), make_user(role="admin")
    actions.deactivate_user(user_id=admin.id, now=now, actor=f"user:{other.id}")
    assert not queries.person(admin.id).is_active


def test_deactivation_ends_sessions_and_tokens(now: datetime) -> None:
    user = make_user()
    secret = make_token(user)
    browser = signed_in(user)
    assert browser.get("/profile/").status_code == 200
    actions.deactivate_user(user_id=user.id, now=now, actor="user:1")
    assert browser.get("/profile/").status_code == 302
    assert actions.use_token(secret=secret, now=now) is None
    assert ApiToken.objects.get(user=user).revoked_at == now


def test_deactivating_twice_is_one_event(now: datetime) -> None:
    user = make_user()
    for _ in range(2):
        actions.deactivate_user(user_id=user.id, now=now, actor="user:1")
    kinds = [entry.kind for entry in journal.entries(subject=f"user:{user.id}")]
    assert kinds == ["identity.user_deactivated"]


def test_reactivation_lets_in_again_without_the_old_tokens(now: datetime) -> None:
    user = make_user()
    secret = make_token(user)
    actions.deactivate_user(user_id=user.id, now=now, actor="user:1")
    actions.reactivate_user(user_id=user.id, now=now, actor="user:1")
    assert queries.person(user.id).is_active
    assert actions.use_token(secret=secret, now=now) is None


def test_change_profile_checks_the_zone(now: datetime) -> None:
    with pytest.raises(errors.UnknownTimeZone) as caught:
        actions.change_profile(
            user_id=make_user().id,
            name="Ada",
            time_zone="Mars/Olympus",
            language="en",
            now=now,
            actor="user:1",
        )
    assert caught.value.field == "time_zone"


def test_team_leads_are_active_managers_in_order(now: datetime) -> None:
    lead, gone, member = make_user(), make_user(is_active=False), make_user()
    team = make_team(leads=[lead, gone], members=[member])
    assert queries.team_leads(team.id) == [lead.id]


def test_viewer_knows_team_roles() -> None:
    user = make_user(role="observer")
    team = make_team(leads=[user])
    viewer = queries.viewer_of_user(user)
    assert viewer.team_roles == {team.id: "manager"}
    assert viewer.actor == f"user:{user.id}"


def test_actor_names_know_users_and_tokens() -> None:
    user = make_user(name="Ada")
    make_token(user, name="laptop")
    token = ApiToken.objects.get()
    names = queries.actor_names([f"user:{user.id}", f"token:{token.id}", "system", "user:x"])
    assert names == {f"user:{user.id}": "Ada", f"token:{token.id}": "laptop (Ada)"}
