"""How well promises were kept: plain counts, and the median of what was late."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from statistics import median

from msgspec import Struct

from evenfall.incidents.logic.cadence import Audience


class Verdict(StrEnum):
    """In time; later than promised; or so late that it counts as broken, told or not."""

    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"


class Judged(Struct, frozen=True, kw_only=True):
    """One promise of the past; `late` is zero for one that was kept in time."""

    audience: Audience
    severity: str
    verdict: Verdict
    late: timedelta


class Score(Struct, frozen=True, kw_only=True):
    """What became of the promises to one audience at one severity."""

    audience: Audience | None
    severity: str
    kept: int
    late: int
    broken: int
    median_late: timedelta | None

    @property
    def count(self) -> int:
        return self.kept + self.late + self.broken

    @property
    def percent_kept(self) -> float | None:
        """Out of 100, to one digit; None where nothing was promised."""
        return round(100 * self.kept / self.count, 1) if self.count else None

    @property
    def late_minutes(self) -> float | None:
        """The median of those that came late or never, in minutes to one digit."""
        return None if self.median_late is None else round(self.median_late.total_seconds() / 60, 1)


def verdict(*, late: timedelta, is_broken: bool) -> Verdict:
    if is_broken:
        return Verdict.BROKEN
    return Verdict.LATE if late else Verdict.KEPT


def scores(judged: Iterable[Judged]) -> list[Score]:
    """One line for each audience and severity that occurs, in the order of both."""
    groups: dict[tuple[Audience, str], list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.audience, one.severity].append(one)
    order = list(Audience)
    keys = sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
    return [_score(groups[key], *key) for key in keys]


def total(judged: Iterable[Judged]) -> Score:
    """All of them in one line."""
    return _score(list(judged), None, "")


def _score(judged: list[Judged], audience: Audience | None, severity: str) -> Score:
    late = [one.late.total_seconds() for one in judged if one.verdict is not Verdict.KEPT]
    return Score(
        audience=audience,
        severity=severity,
        kept=sum(one.verdict is Verdict.KEPT for one in judged),
        late=sum(one.verdict is Verdict.LATE for one in judged),
        broken=sum(one.verdict is Verdict.BROKEN for one in judged),
        median_late=timedelta(seconds=median(late)) if late else None,
    )
