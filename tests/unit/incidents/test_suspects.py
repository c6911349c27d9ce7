"""Which change an incident most likely came from."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.suspects import (
    GRACE,
    HALF_LIFE,
    LEAST,
    LIKELY,
    LIKELY_AGE,
    MAX_AGE,
    Candidate,
    Near,
    Scene,
    neighbours,
    score,
    ways,
)

NOON = datetime(2027, 1, 13, 12, tzinfo=UTC)
# 1 needs 2, which needs 3, which needs 4, which needs 5; 9 needs 1, and 10 needs 9
EDGES = [(1, 2), (2, 3), (3, 4), (4, 5), (9, 1), (10, 9), (11, 10)]
SCENE = Scene(began_at=NOON, environment="PROD", near=neighbours([1], ways(EDGES)))
MINUTE = timedelta(minutes=1)


def value(
    age: timedelta = 10 * MINUTE,
    service_id: int | None = 1,
    kind: str = "deploy",
    environment: str = "PROD",
    *,
    reported_late: bool = False,
) -> float:
    candidate = Candidate(
        kind=kind,
        service_id=service_id,
        environment=environment,
        at=NOON - age,
        reported_late=reported_late,
    )
    scored = score(candidate, SCENE)
    return 0.0 if scored is None else scored.value


def test_a_deploy_of_the_same_service_just_before_is_as_suspect_as_can_be() -> None:
    assert value(timedelta(0)) == 1.0
    assert value(HALF_LIFE) == 0.5


def test_the_last_deploy_however_old_is_no_suspect() -> None:
    """Complaint 43: any incident was pinned on the last deployment, whenever that was."""
    assert value(MAX_AGE) > 0
    assert value(MAX_AGE + timedelta(seconds=1)) == 0
    assert value(timedelta(days=90)) == 0


def test_what_came_after_is_no_suspect_unless_it_was_reported_at_its_end() -> None:
    assert value(-MINUTE) == 0
    assert value(-MINUTE, reported_late=True) == 0.5
    assert value(-GRACE - MINUTE, reported_late=True) == 0


def test_distance_counts_down_and_up() -> None:
    near = SCENE.near
    assert [near[number].factor for number in (1, 2, 3, 4)] == [1.0, 0.7, 0.4, 0.2]
    assert [near[number].factor for number in (9, 10)] == [0.4, 0.2]
    assert {5, 11} & near.keys() == set()
    assert value(service_id=77) == 0
    assert 0 < value(service_id=None) < value(service_id=4)
    assert "over 2 steps" in near[3].words


def test_circles_among_services_end() -> None:
    found = neighbours([1], ways([(1, 2), (2, 1), (2, 2)]))
    assert found[1] == Near(1.0, "the same service")
    assert found[2].factor == 0.7


@pytest.mark.parametrize(("environment", "less_than"), [("", 0.9), ("UAT", 0.2), ("NOWHERE", 0.2)])
def test_another_environment_is_hardly_a_suspect(environment: str, less_than: float) -> None:
    assert 0 < value(environment=environment) < less_than


def test_every_score_says_what_it_is_made_of() -> None:
    candidate = Candidate(
        kind="flag", service_id=2, environment="UAT", at=NOON - timedelta(hours=2, minutes=5)
    )
    scored = score(candidate, SCENE)
    assert scored is not None
    words = [part.words for part in scored.parts]
    assert words == ["2 h 5 min before", "a service that it needs", "flag", "in UAT"]
    product = 1.0
    for part in scored.parts:
        product *= part.factor
        assert 0 < part.percent <= 100
    assert scored.value == pytest.approx(product)


@given(
    st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
    st.sampled_from([1, 2, 3, 4, 5, 9, 10, 77, None]),
    st.sampled_from(["deploy", "config", "flag", "certificate", "volcano"]),
    st.sampled_from(["PROD", "UAT", ""]),
    st.booleans(),
)
def test_a_score_is_a_share_or_there_is_none(
    age: timedelta, service_id: int | None, kind: str, environment: str, late: bool
) -> None:
    found = value(age, service_id, kind, environment, reported_late=late)
    assert found == 0 or LEAST <= found <= 1


@given(st.timedeltas(timedelta(0), MAX_AGE), st.timedeltas(timedelta(0), MAX_AGE))
def test_older_is_never_more_suspect(one: timedelta, other: timedelta) -> None:
    younger, older = sorted((one, other))
    assert value(younger) >= value(older)


@given(
    age=st.timedeltas(min_value=-2 * GRACE, max_value=MAX_AGE),
    service_id=st.sampled_from([None, 1, 2, 3, 9, 77]),
    kind=st.sampled_from(["deploy", "config", "data", "other"]),
    environment=st.sampled_from(["", "PROD", "UAT"]),
    reported_late=st.booleans(),
)
def test_what_is_likely_is_young_and_near(
    age: timedelta,
    service_id: int | None,
    kind: str,
    environment: str,
    reported_late: bool,
) -> None:
    """So nobody need read more than that to find it."""
    if value(age, service_id, kind, environment, reported_late=reported_late) >= LIKELY:
        assert -GRACE <= age <= LIKELY_AGE
        assert service_id is not None
        assert SCENE.near[service_id].factor >= LIKELY


def test_at_the_very_end_of_that_age_a_change_can_still_be_likely() -> None:
    assert value(LIKELY_AGE) == LIKELY
