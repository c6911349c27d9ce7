"""Two people at the same row at the same moment: real connections, real locks."""

from datetime import datetime

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import make_invitation, make_user
from tests.factories.races import at_once

from evenfall.catalog import actions as catalog_actions
from evenfall.catalog.errors import DependsOnItself
from evenfall.identity import actions
from evenfall.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_administrators_do_not_demote_each_other(now: datetime) -> None:
    one, other = make_user(role="admin"), make_user(role="admin")

    def demote(user: User) -> None:
        actions.change_role(user_id=user.id, role="observer", now=now, actor="user:1")

    came_to = at_once(lambda: demote(one), lambda: demote(other))
    assert came_to == ["done", "identity.last_administrator"]


def test_an_invitation_is_used_once(now: datetime) -> None:
    invitation = make_invitation(make_user(role="admin"), now=now)
    link = actions.invitation_link(invitation_id=invitation.id, now=now)
    token = link.rstrip("/").rpartition("/")[2]
    newcomer = actions.Newcomer(name="Grace", password=None, time_zone="UTC")

    def accept() -> None:
        actions.accept_invitation(token=token, newcomer=newcomer, now=now)

    assert at_once(accept, accept) == ["done", "identity.link_not_valid"]


def test_there_is_one_first_administrator(now: datetime) -> None:
    link = actions.first_admin_link(now)
    assert link is not None
    token = link.rstrip("/").rpartition("/")[2]
    newcomer = actions.Newcomer(name="Ada", password="a rather long one", time_zone="UTC")

    def become(email: str) -> None:
        actions.accept_first_admin(token=token, email=email, newcomer=newcomer, now=now)

    came_to = at_once(lambda: become("ada@example.org"), lambda: become("eve@example.org"))
    assert came_to == ["done", "identity.link_not_valid"]
    assert User.objects.count() == 1


def test_two_dependencies_do_not_close_a_circle(now: datetime) -> None:
    one, other = make_service("One"), make_service("Other")

    def depend(service_id: int, depends_on_id: int) -> None:
        catalog_actions.set_dependency(
            service_id=service_id,
            depends_on_id=depends_on_id,
            kind="hard",
            now=now,
            actor="user:1",
        )

    came_to = at_once(lambda: depend(one.id, other.id), lambda: depend(other.id, one.id))
    assert came_to == [DependsOnItself.code, "done"]
