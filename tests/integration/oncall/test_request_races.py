"""Two people say yes at the same moment: real connections, real locks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import make_rota

from evenfall.identity.models import User
from evenfall.oncall import actions, queries
from evenfall.oncall.logic.requests import Way
from evenfall.platform.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_say_yes_at_once_one_takes_the_shift() -> None:
    ada, ben, cat = make_user("Ada"), make_user("Ben"), make_user("Cat")
    now = NOW.replace(hour=8)
    rota_id = make_rota(ada, ben, cat, team=make_team(members=[ada, ben, cat]), now=now)
    request_id = actions.request_cover(
        rota_id=rota_id,
        asker_id=ben.id,
        shift_at=now + timedelta(weeks=1),
        way=Way.EVERYBODY,
        now=now,
        actor="system",
    )
    barrier = Barrier(2)

    def accept(user: User) -> str:
        try:
            barrier.wait(timeout=10)
            actions.accept_request(request_id=request_id, user_id=user.id, now=now, actor="system")
        except DomainError as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        came_to = sorted(pool.map(accept, (ada, cat)))
    assert came_to == ["done", "oncall.request_over"]
    assert len(queries.coming_overrides(rota_id, now=now)) == 1
