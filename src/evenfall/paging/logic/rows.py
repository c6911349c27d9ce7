"""Editing a list of rows without a script: each button posts the whole form with one wish."""

from collections.abc import Sequence


def rearranged[T](rows: Sequence[T], wish: str, *, fresh: T, most: int) -> list[T]:
    """The rows after a wish: "add", "remove.2", "up.2", "down.2" (indexes from 0).

    A wish that makes no sense, such as moving the first row up, changes nothing.
    """
    changed = list(rows)
    verb, _, number = wish.partition(".")
    if verb == "add":
        return [*changed, fresh] if len(changed) < most else changed
    if not number.isdecimal() or int(number) >= len(changed):
        return changed
    index = int(number)
    if verb == "remove":
        del changed[index]
    elif verb == "up" and index > 0:
        changed[index - 1], changed[index] = changed[index], changed[index - 1]
    elif verb == "down" and index + 1 < len(changed):
        changed[index], changed[index + 1] = changed[index + 1], changed[index]
    return changed
