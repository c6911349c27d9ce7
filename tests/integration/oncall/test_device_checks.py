"""Who comes on call within a week has their devices checked, and is told of those that are dead."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from tests.factories.identity import NOW
from tests.factories.notifications import ScriptedChannel
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.notifications import ports
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.oncall import actions, queries

pytestmark = pytest.mark.django_db


class Push(ScriptedChannel):
    checks: Literal[True] = True


@pytest.fixture(autouse=True)
def push() -> Iterator[None]:
    before = ports.channel("webpush")
    ports.register_channel(Push(kind="webpush"))
    yield
    ports.unregister_channel("webpush")
    if before is not None:
        ports.register_channel(before)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team(kinds=("webpush",))


def test_those_on_call_within_a_week_are_asked_once_a_week(world: PagedTeam) -> None:
    assert actions.check_devices_ahead(now=NOW) == 2
    asked = Notice.objects.filter(purpose="check").values_list("user_id", flat=True)
    assert set(asked) == {world.ada.id, world.ben.id}
    assert actions.check_devices_ahead(now=NOW + timedelta(days=1)) == 0
    assert actions.check_devices_ahead(now=NOW + timedelta(days=7)) == 2


def test_readiness_names_the_silent_device(world: PagedTeam) -> None:
    ContactMethod.objects.filter(user=world.ada).update(check_state="silent", label="Pixel 8")
    lines = queries.readiness(now=NOW)
    (hers,) = [line for line in lines if line.user_id == world.ada.id]
    assert [missing.lack for missing in hers.lacks] == ["silent"]
    assert all(line.is_ready for line in lines if line.user_id != world.ada.id)
