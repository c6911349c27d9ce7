"""Reading the numbers of things out of a request."""

_DIGITS = 18  # more are beyond what the database counts


def number_in(text: str) -> int | None:
    """Return a number of ours; None for whatever is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
