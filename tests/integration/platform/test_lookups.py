"""Many ids are asked for as one parameter, and the answer is what it was."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.catalog import make_service
from tests.factories.identity import make_team

from evenfall.catalog.models import Service
from evenfall.identity.models import Team
from evenfall.platform.lookups import FEW

pytestmark = pytest.mark.django_db
MANY = FEW + 1


def sql_of(rows: Any) -> str:
    return str(rows.query.sql_with_params()[0])


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, dict.fromkeys])
def test_many_ids_are_one_parameter_of_a_column_and_of_a_foreign_key(kind: Any) -> None:
    ids = kind(range(MANY))
    assert sql_of(Team.objects.filter(id__in=ids)).endswith("= ANY (%s::bigint[])")
    assert sql_of(Service.objects.filter(team_id__in=ids)).endswith("= ANY (%s::bigint[])")
    assert sql_of(Service.objects.filter(team__in=ids)).endswith("= ANY (%s::bigint[])")


def test_few_ids_stay_placeholders_and_none_asks_nothing() -> None:
    assert "IN (%s, %s)" in sql_of(Team.objects.filter(id__in=[1, 2]))
    with pytest.raises(EmptyResultSet):
        sql_of(Team.objects.filter(id__in=[]))


def test_a_number_that_no_column_holds_is_asked_as_ever() -> None:
    rows = Team.objects.filter(id__in=[2**70, *range(MANY)])
    assert "IN (" in sql_of(rows)
    assert list(rows) == []


def test_what_stands_for_a_number_is_one() -> None:
    team = make_team()
    for one in (str(team.pk), float(team.pk)):
        assert list(Team.objects.filter(id__in=[one, *range(-MANY, 0)])) == [team]


def test_rows_and_queries_may_stand_for_their_ids() -> None:
    team = make_team()
    service = make_service(team=team)
    others = [make_team() for _ in range(MANY)]
    assert list(Service.objects.filter(team__in=[team, *others])) == [service]
    assert list(Service.objects.filter(team__in=Team.objects.filter(id=team.pk))) == [service]
    numbers: Iterable[int] = (one.pk for one in [team, *others])
    assert list(Service.objects.filter(team_id__in=numbers)) == [service]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(places=st.lists(st.integers(-1, 3) | st.none(), max_size=30))
def test_the_same_rows_are_found_and_left_out(places: list[int | None]) -> None:
    made = [make_team() for _ in range(3)]
    ids: list[Any] = [made[0].pk + one if one is not None else None for one in places]
    mine = Team.objects.filter(id__gte=made[0].pk)
    found = {team.pk for team in made if team.pk in ids}
    assert set(mine.filter(id__in=ids).values_list("id", flat=True)) == found
    left = set(mine.exclude(id__in=ids).values_list("id", flat=True))
    assert left == {team.pk for team in Team.objects.filter(id__gte=made[0].pk)} - found
