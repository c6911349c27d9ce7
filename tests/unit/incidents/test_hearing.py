"""Who hears what: which rows are about an incident, and which word comes next."""

import pytest

from evenfall.incidents.logic import hearing
from evenfall.incidents.logic.hearing import Hears, Listener, Word
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import State


def listener(
    *,
    severity: Sev = Sev.SEV2,
    environment: str = "PROD",
    team_id: int | None = None,
    user_id: int | None = 3,
    group_id: int | None = None,
) -> Listener:
    return Listener(
        id=1,
        severity=severity,
        environment=environment,
        team_id=team_id,
        hears=Hears.CALLED,
        user_id=user_id,
        group_id=group_id,
    )


@pytest.mark.parametrize(
    ("row", "severity", "environment", "team_id", "expected"),
    [
        (listener(), "SEV1", "PROD", 7, True),
        (listener(), "SEV2", "PROD", None, True),
        (listener(), "SEV3", "PROD", None, False),
        (listener(), "SEV1", "UAT", None, False),
        (listener(team_id=7), "SEV1", "PROD", 7, True),
        (listener(team_id=7), "SEV1", "PROD", 8, False),
        (listener(team_id=7), "SEV1", "PROD", None, False),
    ],
)
def test_complaint_36_a_row_is_about_incidents_as_bad_and_of_its_team(
    row: Listener, severity: str, environment: str, team_id: int | None, *, expected: bool
) -> None:
    found = hearing.fits(row, severity=severity, environment=environment, team_id=team_id)
    assert found is expected


@pytest.mark.parametrize(
    ("told", "state", "expected"),
    [
        (None, State.OPEN, Word.BEGAN),
        (None, State.RESOLVED, None),
        (Word.BEGAN, State.FIXING, None),
        (Word.BEGAN, State.RESOLVED, Word.ENDED),
        (Word.BEGAN, State.MERGED, Word.ENDED),
        (Word.ENDED, State.CLOSED, None),
        (Word.ENDED, State.OPEN, Word.BACK),
        (Word.BACK, State.OPEN, None),
        (Word.BACK, State.RESOLVED, Word.ENDED),
    ],
)
def test_what_was_told_last_says_what_comes_next(
    told: Word | None, state: State, expected: Word | None
) -> None:
    assert hearing.next_word(told, state) is expected


def test_what_came_and_went_before_anybody_looked_is_told_all_the_same() -> None:
    assert hearing.next_word(None, State.RESOLVED, opened_just_now=True) is Word.ENDED


def test_people_of_rows_are_named_once() -> None:
    rows = [listener(), listener(user_id=None, group_id=4), listener(user_id=None, group_id=5)]
    assert hearing.people_of(rows, {4: (2, 3)}) == [3, 2]


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert hearing.shortened("abc", 3) == "abc"
    assert hearing.shortened("ab cd", 3) == "ab …"
    assert all(one.label for one in Hears)
