from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from tests.factories.identity import make_team, make_user, signed_in

from evenfall.identity import actions, errors, jobs, queries
from evenfall.identity.models import Invitation, User
from evenfall.platform import journal
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
PASSWORD = "a rather long one"


def newcomer(name: str = "Grace", password: str | None = PASSWORD) -> actions.Newcomer:
    return actions.Newcomer(name=name, password=password, time_zone="Europe/Lisbon")


def invite(now: datetime, *, role: str = "responder", team_id: int | None = None) -> int:
    admin = make_user(role="admin")
    return actions.invite(
        email="Grace@Example.org",
        role=role,
        team_id=team_id,
        invited_by=admin.id,
        now=now,
        actor=f"user:{admin.id}",
    )


def token_of(invitation_id: int, now: datetime) -> str:
    link = actions.invitation_link(invitation_id=invitation_id, now=now)
    assert link.startswith(f"{settings.EVENFALL.public_url}/invite/")
    return link.rstrip("/").rpartition("/")[2]


def test_accepting_opens_an_account_with_the_role_and_team(now: datetime) -> None:
    team = make_team()
    invitation_id = invite(now, team_id=team.id)
    token = token_of(invitation_id, now)
    user_id = actions.accept_invitation(token=token, newcomer=newcomer(), now=now)
    person = queries.person(user_id)
    assert (person.email, person.role, person.time_zone) == (
        "grace@example.org",
        "responder",
        "Europe/Lisbon",
    )
    assert [(one.person.id, one.role) for one in queries.team_members(team.id)] == [
        (user_id, "responder")
    ]
    assert EmailAddress.objects.get(user_id=user_id).verified


def test_an_invited_administrator_manages_the_team(now: datetime) -> None:
    team = make_team()
    token = token_of(invite(now, role="admin", team_id=team.id), now)
    user_id = actions.accept_invitation(token=token, newcomer=newcomer(), now=now)
    assert queries.team_leads(team.id) == [user_id]


def test_a_link_works_once(now: datetime) -> None:
    token = token_of(invite(now), now)
    actions.accept_invitation(token=token, newcomer=newcomer(), now=now)
    with pytest.raises(errors.LinkNotValid):
        actions.accept_invitation(token=token, newcomer=newcomer(), now=now)


def test_a_link_expires(now: datetime) -> None:
    token = token_of(invite(now), now)
    with pytest.raises(errors.LinkNotValid):
        actions.read_invitation(token=token, now=now + timedelta(days=8))


def test_renewing_ends_the_old_link(now: datetime) -> None:
    invitation_id = invite(now)
    old = token_of(invitation_id, now)
    actions.renew_invitation(invitation_id=invitation_id, now=now, actor="user:1")
    with pytest.raises(errors.LinkNotValid):
        actions.read_invitation(token=old, now=now)
    assert actions.read_invitation(token=token_of(invitation_id, now), now=now).id == invitation_id


def test_a_revoked_invitation_is_no_door(now: datetime) -> None:
    invitation_id = invite(now)
    token = token_of(invitation_id, now)
    actions.revoke_invitation(invitation_id=invitation_id, now=now, actor="user:1")
    with pytest.raises(errors.LinkNotValid):
        actions.read_invitation(token=token, now=now)


def test_a_damaged_link_is_not_valid(now: datetime) -> None:
    with pytest.raises(errors.LinkNotValid):
        actions.read_invitation(token="nonsense", now=now)


def test_two_open_invitations_to_one_address_are_refused(now: datetime) -> None:
    invite(now)
    with pytest.raises(errors.EmailTaken):
        invite(now)


def test_somebody_with_an_account_is_not_invited(now: datetime) -> None:
    make_user(email="grace@example.org")
    with pytest.raises(errors.EmailTaken):
        invite(now)


def test_a_weak_password_leaves_the_invitation_open(now: datetime) -> None:
    invitation_id = invite(now)
    token = token_of(invitation_id, now)
    with pytest.raises(errors.PasswordTooWeak) as caught:
        actions.accept_invitation(token=token, newcomer=newcomer(password="1234"), now=now)
    assert caught.value.field == "password"
    assert Invitation.objects.get(id=invitation_id).is_open(now)


def test_the_mail_carries_the_link(now: datetime) -> None:
    admin = make_user(name="Ada", role="admin")
    invitation_id = jobs.invite_by_mail(
        email="grace@example.org",
        role="responder",
        team_id=None,
        invited_by=admin.id,
        now=utc_now(),
        actor="user:1",
    )
    jobs.send_invitation(invitation_id)
    (sent,) = mail.outbox
    assert sent.to == ["grace@example.org"]
    assert "Ada invites you" in sent.body
    assert f"{settings.EVENFALL.public_url}/invite/" in sent.body


def test_no_mail_for_an_invitation_taken_back(now: datetime) -> None:
    invitation_id = invite(now)
    actions.revoke_invitation(invitation_id=invitation_id, now=now, actor="user:1")
    jobs.send_invitation(invitation_id)
    assert mail.outbox == []


def test_pages_lead_from_the_invitation_to_being_signed_in() -> None:
    admin = signed_in(make_user(role="admin"))
    answer = admin.post("/people/invite/", {"email": "grace@example.org", "role": "manager"})
    assert answer.status_code == 302
    page = admin.get(answer["Location"])
    link = page.context["link"].removeprefix(settings.EVENFALL.public_url)
    newcomer_browser = Client()
    assert b"Grace" not in newcomer_browser.get(link).content
    answer = newcomer_browser.post(
        link,
        {"name": "Grace", "password": PASSWORD, "time_zone": "Asia/Tokyo", "language": "en"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert newcomer_browser.get("/profile/").status_code == 200
    assert newcomer_browser.get("/accounts/sessions/").status_code == 200
    assert Client().get(link).status_code == 404


def test_the_join_page_shows_what_is_wrong() -> None:
    now = utc_now()
    link = f"/invite/{token_of(invite(now), now)}/"
    answer = Client().post(
        link, {"name": "Grace", "password": "short", "time_zone": "UTC", "language": "en"}
    )
    assert answer.status_code == 422
    assert b"The password will not do" in answer.content


def test_the_first_administrator_comes_by_a_link_once() -> None:
    link = actions.first_admin_link(utc_now())
    assert link is not None
    path = link.removeprefix(settings.EVENFALL.public_url)
    browser = Client()
    assert browser.get(path).status_code == 200
    data = {
        "email": "Ada@Example.org",
        "name": "Ada",
        "password": PASSWORD,
        "time_zone": "UTC",
        "language": "en",
    }
    assert browser.post(path, data).status_code == 302
    person = queries.person_by_email("ada@example.org")
    assert person is not None
    assert person.role == "admin"
    assert browser.get("/settings/").status_code == 200
    assert Client().post(path, {**data, "email": "eve@example.org"}).status_code == 404
    assert actions.first_admin_link(utc_now()) is None
    kinds = {entry.kind for entry in journal.entries(subject=f"user:{person.id}")}
    assert kinds == {"identity.user_joined", "identity.signed_in"}


def test_the_first_administrators_link_expires(now: datetime) -> None:
    link = actions.first_admin_link(now)
    assert link is not None
    token = link.rstrip("/").rpartition("/")[2]
    with pytest.raises(errors.LinkNotValid):
        actions.check_first_admin_link(token=token, now=now + timedelta(hours=25))


def test_opening_the_first_link_creates_nobody() -> None:
    link = actions.first_admin_link(utc_now())
    assert link is not None
    Client().get(link.removeprefix(settings.EVENFALL.public_url))
    assert not User.objects.exists()
