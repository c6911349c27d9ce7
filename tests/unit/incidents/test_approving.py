"""Two people for what the public reads: when a text waits, and who may decide."""

import pytest

from evenfall.incidents.logic.approving import Decision, Seats, may_decide, waits

ANN, CLEO, DAN, ROOT = 1, 2, 3, 4
SEATS = Seats(commander_id=CLEO, deputy_id=DAN)


@pytest.mark.parametrize(
    ("author_id", "seats", "expected"),
    [(ANN, SEATS, True), (DAN, SEATS, True), (CLEO, SEATS, False), (None, Seats(), True)],
)
def test_only_who_commands_speaks_alone(
    author_id: int | None, seats: Seats, *, expected: bool
) -> None:
    assert waits(is_asked_for=True, author_id=author_id, seats=seats) is expected
    assert not waits(is_asked_for=False, author_id=author_id, seats=seats)


@pytest.mark.parametrize(
    ("user_id", "author_id", "administers", "expected"),
    [
        (CLEO, ANN, False, True),
        (CLEO, CLEO, False, True),
        (DAN, ANN, False, True),
        (DAN, DAN, False, False),
        (ROOT, ANN, True, True),
        (ROOT, ROOT, True, False),
        (ANN, ANN, False, False),
        (5, ANN, False, False),
    ],
)
def test_nobody_approves_their_own_words_but_who_commands(
    user_id: int, author_id: int, *, administers: bool, expected: bool
) -> None:
    found = may_decide(user_id, author_id=author_id, seats=SEATS, administers=administers)
    assert found is expected


def test_every_decision_has_words() -> None:
    assert all(one.label for one in Decision)
