"""The timeline places each notice on its channel's lane."""

from datetime import UTC, datetime, timedelta

from evenfall.paging.logic import picture
from evenfall.paging.logic.rules import Planned

NIGHT = datetime(2026, 3, 2, 3, tzinfo=UTC)


def planned(kind: str, minutes: int) -> Planned:
    return Planned(kind=kind, due_at=NIGHT + timedelta(minutes=minutes))


def test_draw_marks_what_comes_after_the_policy_moved_on() -> None:
    drawn = picture.draw(
        [planned("inbox", 0), planned("email", 0), planned("email", 7)],
        start=NIGHT,
        moves_on_after=timedelta(minutes=5),
    )
    assert [(dot.kind, dot.minute, dot.is_late) for dot in drawn.dots] == [
        ("inbox", 0, False),
        ("email", 0, False),
        ("email", 7, True),
    ]
    assert [lane.kind for lane in drawn.lanes] == ["inbox", "email"]
    assert drawn.moves_on_minute == 5
    assert drawn.moves_on_x is not None
    assert drawn.dots[0].x == drawn.left < drawn.moves_on_x < drawn.dots[2].x < drawn.right


def test_draw_without_a_policy_has_no_line() -> None:
    drawn = picture.draw([planned("email", 600)], start=NIGHT, moves_on_after=None)
    assert (drawn.moves_on_x, drawn.moves_on_minute) == (None, None)
    assert not drawn.dots[0].is_late
    assert len(drawn.ticks) <= 6
