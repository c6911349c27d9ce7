"""How many requests servers had and how many failed, from `show stat`. No I/O."""

import csv
from collections.abc import Collection
from typing import Final

from evenfall.rollouts.ports import Counts

_ANSWERS: Final = ("hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other")
# no connection, or one that gave no answer: HAProxy answers for the server, and counts it here
_NO_ANSWER: Final = ("econ", "eresp")


def counts_of(statistics: str, backend: str, servers: Collection[str]) -> Counts:
    """The sum over these servers, since HAProxy began or its counters were cleared."""
    lines = statistics.strip().removeprefix("# ").splitlines()
    rows = [
        row
        for row in csv.DictReader(lines)
        if row.get("pxname") == backend and row.get("svname") in servers
    ]
    lost = sum(_number(row.get(name)) for row in rows for name in _NO_ANSWER)
    return Counts(
        requests=lost + sum(_number(row.get(name)) for row in rows for name in _ANSWERS),
        errors=lost + sum(_number(row.get("hrsp_5xx")) for row in rows),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0
