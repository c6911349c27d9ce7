from datetime import UTC, datetime, timedelta

import pytest

from evenfall.importing.logic.deleted import is_gone
from evenfall.importing.logic.drafts import Held

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ADA, BEN = 1, 2


def _held(*people: int) -> list[Held]:
    """One day each."""
    return [
        Held(MONDAY + number * DAY, MONDAY + (number + 1) * DAY, person)
        for number, person in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("theirs", "gone"),
    [
        (_held(BEN, BEN, BEN), True),
        (_held(BEN, ADA, BEN), False),
        (_held(ADA, ADA, ADA), False),
        (
            [
                Held(MONDAY, MONDAY + 1.5 * DAY, ADA),
                Held(MONDAY + 1.5 * DAY, MONDAY + 3 * DAY, BEN),
            ],
            True,
        ),
        (_held(BEN), False),
        (_held(BEN, BEN)[1:], True),
        ([Held(MONDAY + 1.5 * DAY, MONDAY + 3 * DAY, BEN)], False),
        ([], False),
    ],
)
def test_an_override_is_gone_when_the_other_tool_says_so_for_all_of_its_time(
    theirs: list[Held], *, gone: bool
) -> None:
    assert is_gone(ADA, MONDAY + DAY, MONDAY + 2 * DAY, theirs) is gone
