"""Backups: age, size against the usual one, and whether a restore was tried."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from evenfall.monitors.logic.backups import Made, Tried, Wanted, judge, usual_size
from evenfall.monitors.logic.looks import Result

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WANTED = Wanted(longest_age=26 * HOUR)


def made(*sizes: int | None, age: timedelta = HOUR) -> list[Made]:
    """Good backups, one a day, newest first."""
    return [
        Made(finished_at=NOW - age - number * DAY, size_bytes=size)
        for number, size in enumerate(sizes)
    ]


def note(wanted: Wanted, backups: list[Made], drill: Tried | None = None) -> str:
    look = judge(wanted, backups, drill, since=NOW - 9 * DAY, now=NOW)
    assert look is not None
    return "" if look.result is Result.GOOD else look.note


def test_nothing_is_said_until_the_first_one_is_late() -> None:
    assert judge(WANTED, [], None, since=NOW - DAY, now=NOW) is None
    assert note(WANTED, []) == "No backup was reported within 1 d 2 h."


def test_the_newest_must_be_good_and_young() -> None:
    assert note(WANTED, made(100)) == ""
    assert note(WANTED, made(100, age=27 * HOUR)).startswith("The last backup is 1 d 3 h old")
    failed = Made(finished_at=NOW, ok=False, note="No space left.")
    assert note(WANTED, [failed, *made(100)]) == "The last backup failed. No space left."


def test_a_size_is_compared_with_the_usual_one() -> None:
    assert note(WANTED, made(40, 100, 100, 100)).startswith("The last backup is 60% smaller")
    assert note(WANTED, made(200, 100, 100, 100)).startswith("The last backup is 100% larger")
    assert note(WANTED, made(60, 100, 100, 100)) == ""
    assert note(WANTED, made(40, 100, 100)) == ""  # too few to know what is usual
    assert note(replace(WANTED, size_share=None), made(1, 100, 100, 100)) == ""
    assert note(WANTED, made(0)) == "The last backup has 0 bytes; at least 1 are expected."
    assert note(WANTED, made(None, 100, 100, 100)) == ""


def test_failed_ones_say_nothing_about_the_usual_size() -> None:
    known = made(100, 90, 110, 100)
    assert usual_size(known) == 100
    failed = [replace(one, ok=False, size_bytes=0) for one in known[1:]]
    assert usual_size([known[0], *failed]) is None


def test_a_restore_is_tried_works_and_is_quick_enough() -> None:
    wanted = replace(WANTED, drill_age=7 * DAY, longest_restore=HOUR)
    fresh = Tried(at=NOW - DAY, took_s=600, ok=True)
    assert note(wanted, made(100), fresh) == ""
    assert note(wanted, made(100)) == "No restore was ever tried."
    assert note(wanted, made(100), replace(fresh, ok=False)) == "The last restore failed."
    slow = note(wanted, made(100), replace(fresh, took_s=5400))
    assert slow == "The last restore took 1 h 30 min; 1 h are allowed."
    old = note(wanted, made(100), replace(fresh, at=NOW - 8 * DAY))
    assert old == "The last restore was tried 8 d ago."


def test_it_says_when_it_changes_by_itself() -> None:
    look = judge(WANTED, made(100), None, since=NOW, now=NOW)
    assert look is not None
    assert look.next_at == NOW + 25 * HOUR + timedelta(milliseconds=1)
