"""Editing a list of rows without a script: each button posts the whole form with one wish."""

from collections.abc import Sequence


def rearranged[T](rows: Sequence[T], wish: str, *, fresh: T, most: int) -> list[T]:
    """The rows after a wish: "add", "remove.2", "up.2", "down.2" (indexes from 0).

    A wish that makes no sense, such as moving the first row up, changes nothing.
    """
    changed = list(rows)
    verb, _, number = wish.partition(".")
    if verb == "add" and len(changed) < most:
        changed.append(fresh)
    rearrange(changed, verb, number)
    return changed


def rearrange[T](rows: list[T], verb: str, number: str) -> None:
    """Remove the row of this index, or let it change places with the one above or below."""
    place = int(number) if number.isascii() and number.isdecimal() else len(rows)
    other = {"up": place - 1, "down": place + 1}.get(verb, -1)
    if place >= len(rows):
        return
    if verb == "remove":
        del rows[place]
    elif 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
