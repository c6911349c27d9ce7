"""Complaints about other tools, and how loads answer them."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota
from tests.factories.oncall_specs import layer_spec

from evenfall.oncall import queries
from evenfall.oncall.ports import MemberSlot

pytestmark = pytest.mark.django_db
MONDAY = "2026-03-02 09:00"


def test_grafana_oncall_1304_whoever_carried_least_is_asked_first() -> None:
    """A swap was offered to people in any order, although some had been on call far more."""
    ada, ben, eve = make_user("Ada"), make_user("Ben"), make_user("Eve")
    team = make_team()
    rota_id = make_rota(ada, ben, eve, team=team, layers=[main_layer(ada, ben, eve)])
    make_override(rota_id, eve, starts_at=NOW, hours=24)
    at = NOW + timedelta(weeks=2)

    assert queries.lowest_load_first([ada.id, ben.id, eve.id], at=at)[0] == eve.id


def test_grafana_oncall_1304_a_newcomer_is_not_asked_for_everything() -> None:
    """Whoever had just joined had no shifts yet, and so was first in every line."""
    ada, ben, new = make_user("Ada"), make_user("Ben"), make_user("New")
    at = NOW + timedelta(weeks=4)
    members = (
        MemberSlot(user_id=ada.id),
        MemberSlot(user_id=ben.id),
        MemberSlot(user_id=new.id, joins_on=(at - timedelta(days=1)).date()),
    )
    rota_id = make_rota(team=make_team(), layers=[layer_spec(members=members, starts_at=MONDAY)])
    make_override(rota_id, ada, starts_at=NOW + timedelta(weeks=1), hours=100)

    assert queries.lowest_load_first([ada.id, ben.id, new.id], at=at) == [ben.id, new.id, ada.id]


def test_lowest_load_first_asks_the_database_the_same_for_one_and_for_three(
    django_assert_num_queries: object,
) -> None:
    people = [make_user(name) for name in ("Ada", "Ben", "Eve")]
    for person in people:
        make_rota(person, name=f"Rota of {person.name}")
    for some in (people[:1], people):
        with django_assert_num_queries(2):  # type: ignore[operator] # a fixture
            queries.lowest_load_first([person.id for person in some], at=NOW + timedelta(weeks=1))
