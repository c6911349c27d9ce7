"""How a text names the files that are attached: `![Graph](attachment:7)`, `[log](attachment:8)`."""

import re
from collections.abc import Callable
from typing import Final

MARK: Final = "attachment:"
_NAMED: Final = re.compile(rf"(?P<before>\]\(<?|\]:\s+<?){MARK}(?P<number>[0-9]{{1,18}})(?![0-9])")


def number_of(address: str) -> int | None:
    """The attachment that an address in a text means; None where it means none."""
    rest = address.removeprefix(MARK)
    is_number = rest.isascii() and rest.isdecimal() and 0 < len(rest) <= 18  # noqa: PLR2004 - a bigint
    return int(rest) if is_number and address != rest else None


def numbers_in(text: str) -> frozenset[int]:
    """All that a text names."""
    return frozenset(int(match["number"]) for match in _NAMED.finditer(text))


def mark(name: str, number: int, *, is_picture: bool) -> str:
    """What a writer puts into the text to show the file there."""
    return f"{'!' * is_picture}[{name}]({MARK}{number})"


def with_addresses(text: str, address: Callable[[int], str | None]) -> str:
    """The text with whole addresses, for readers elsewhere; None leaves a place as it is."""

    def placed(match: re.Match[str]) -> str:
        found = address(int(match["number"]))
        return match[0] if found is None else f"{match['before']}{found}"

    return _NAMED.sub(placed, text)
