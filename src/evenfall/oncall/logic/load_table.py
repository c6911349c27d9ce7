"""Loads as lines of a table for other programs."""

from evenfall.oncall.logic.loads import Tally

type Cell = str | int | float

HEAD: tuple[Cell, ...] = (
    "person_id",
    "name",
    "share",
    "standby_hours",
    "night_hours",
    "weekend_hours",
    "holiday_hours",
    "lieutenant_hours",
    "pages",
    "night_pages",
    "wake_ups",
    "active_minutes",
    "swaps_given",
    "swaps_taken",
    "load",
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def line(user_id: int, name: str, share: float, tally: Tally, load: float) -> tuple[Cell, ...]:
    """The cells under `HEAD`; hours and minutes rounded to tenths."""
    # a spreadsheet would compute a name that begins like a formula
    safe = f"'{name}" if name.startswith(_FORMULAS) else name
    return (
        user_id,
        safe,
        round(share, 3),
        round(tally.standby_hours, 1),
        round(tally.night_hours, 1),
        round(tally.weekend_hours, 1),
        round(tally.holiday_hours, 1),
        round(tally.lieutenant_hours, 1),
        tally.pages,
        tally.night_pages,
        tally.wake_ups,
        round(tally.active_minutes, 1),
        tally.swaps_given,
        tally.swaps_taken,
        round(load, 1),
    )
