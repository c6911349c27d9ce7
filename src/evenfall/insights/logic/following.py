"""Services whose pages follow those of another one again and again: they probably need it.

That some follow by chance is certain where both page often. If the pages of a service fell
anywhere, the share of them within some minutes after one of the other is the share of the time that
lies there; how many do is binomial. The proposal says how many times more often it was.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from msgspec import Struct

WITHIN: Final = timedelta(minutes=5)
LEAST: Final = 5
LEAST_LIFT: Final = 10.0
UNLIKELY: Final = 1e-6
"""Many pairs are looked at each night: of 10,000, chance finds one in a hundred nights."""
_HALF: Final = 0.5
_ONE_WAY: Final = 2


class Followed(Struct, frozen=True, kw_only=True):
    """How often pages of `service_id` came within `WITHIN` after one of `cause_id`.

    Several pages in the same five minutes count once: `followed` of `times`; `cause_times` are
    those of the other. `pages` of all came at all; `spared` while the other's was still open, so
    that they would have waited; `nights` and `acted` of those, `critical` of what was acted on.
    """

    service_id: int
    cause_id: int
    followed: int
    times: int
    cause_times: int
    pages: int
    spared: int
    nights: int
    acted: int
    critical: int


class Need(Struct, frozen=True, kw_only=True):
    """That a service needs another one; `lift` is how many times more often than by chance."""

    seen: Followed
    lift: float


def needs(
    seen: Sequence[Followed], edges: Iterable[tuple[int, int]], *, looked_at: timedelta
) -> list[Need]:
    """Return at most one new need for each service: the one that chance explains worst.

    `edges` are those that are known, as (service, what it needs): what follows from them is not
    proposed, nor what would close a circle.
    """
    known = _reach(edges)
    back = {(one.cause_id, one.service_id): one.followed for one in seen}
    found: dict[int, Need] = {}
    for one in seen:
        linked = one.cause_id in known.get(one.service_id, ()) or one.service_id in known.get(
            one.cause_id, ()
        )
        reverse = back.get((one.service_id, one.cause_id), 0)
        if linked or one.followed < _ONE_WAY * reverse or not _is_telling(one, looked_at):
            continue
        need = Need(seen=one, lift=_lift(one, looked_at))
        best = found.get(one.service_id)
        if best is None or (one.followed, need.lift) > (best.seen.followed, best.lift):
            found[one.service_id] = need
    return _without_circles(found)


def _without_circles(found: Mapping[int, Need]) -> list[Need]:
    """Of two services that were found to need each other, neither is told apart: both are left."""
    pairs = {(one.seen.service_id, one.seen.cause_id) for one in found.values()}
    return [one for one in found.values() if (one.seen.cause_id, one.seen.service_id) not in pairs]


def _is_telling(one: Followed, looked_at: timedelta) -> bool:
    return (
        one.followed >= LEAST
        and one.followed >= _HALF * one.times
        and _lift(one, looked_at) >= LEAST_LIFT
        and at_least(one.times, one.followed, _chance(one, looked_at)) <= UNLIKELY
    )


def _chance(one: Followed, looked_at: timedelta) -> float:
    """The share of the time that lies shortly after a page of the other."""
    return min(1.0, one.cause_times * (WITHIN / looked_at))


def _lift(one: Followed, looked_at: timedelta) -> float:
    return one.followed / (one.times * _chance(one, looked_at))


def at_least(n: int, k: int, p: float) -> float:
    """How likely `k` or more of `n` are, each with the chance `p` (0 < p <= 1)."""
    if p >= 1:
        return 1.0
    return min(1.0, sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)))


def _reach(edges: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """What each service needs, directly or through others."""
    direct: dict[int, set[int]] = {}
    for service, needed in edges:
        direct.setdefault(service, set()).add(needed)
    return {service: _from(service, direct) for service in direct}


def _from(service: int, direct: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    ahead = list(direct[service])
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += direct.get(one, ())
    return found


def words(need: Need, cause: str) -> str:
    one = need.seen
    return (
        f"{one.followed} of {one.times} times its pages came within five minutes after one of "
        f"{cause}: {need.lift:,.0f} times more often than by chance."
    )
