"""A report in one sentence."""

from typing import Final

from evenfall.foresight.logic.reports import PersonLine, Report

NOBODY_ELSE: Final = 4


def headline(report: Report) -> str:
    """One sentence: "This would have paged Ana 3 times instead of 9, Ben 2 times instead of 2"."""
    if not report.alerts:
        return "No alert came in this time, so there is nothing to say."
    if report.changes_nothing:
        return "Nothing would have been different."
    moved = [one for one in report.people if one.as_is != one.proposed]
    if not moved:
        return "The same people would have been paged as often, but not for the same alerts."
    named = [_instead(one) for one in moved[:NOBODY_ELSE]]
    others = len(moved) - len(named)
    more = f", and {others} more {'person' if others == 1 else 'people'} more or less often"
    return f"This would have paged {', '.join(named)}{more if others else ''}."


def _instead(one: PersonLine) -> str:
    return f"{one.name} {_times(one.proposed)} instead of {one.as_is}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times" if count else "never"
