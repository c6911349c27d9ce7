"""What speaks for a post-mortem that nobody has to write."""

from datetime import timedelta

import pytest

from evenfall.postmortems.logic.triggers import reasons


@pytest.mark.parametrize(
    ("came_back", "alert_count", "minutes", "found"),
    [
        (False, 1, 239, []),
        (False, 1, 240, ["it lasted 4 hours"]),
        (True, 2, 5, ["it came back"]),
        (False, 0, 5, ["a person noticed before any alert did"]),
        (True, 0, 660, ["it came back", "a person noticed before any alert did", "11 hours"]),
    ],
)
def test_reasons(came_back: bool, alert_count: int, minutes: int, found: list[str]) -> None:
    told = reasons(came_back=came_back, alert_count=alert_count, lasted=timedelta(minutes=minutes))
    assert len(told) == len(found)
    assert all(part in whole for part, whole in zip(found, told, strict=True))
