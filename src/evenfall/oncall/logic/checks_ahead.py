"""What is wrong with the weeks to come: gaps, clashes, and people who cannot be reached.

Each check takes spans and gives findings; what belongs to the same trouble is told once, with all
its times.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import combinations, groupby

from msgspec import Struct

from evenfall.oncall.logic.spec import Gap, Role, Span

type Stretch = tuple[datetime, datetime]
EMPTY_PLACE = "Empty place"
"""How the reason of a gap begins that an empty place in the order leaves."""
NO_LIEUTENANT = "The rule of the rota asks for a lieutenant, and nobody can be it."
UNREACHABLE = "No contact method is verified, so only the inbox of Evenfall is left."
TWO_ROTAS = "On call for another rota at the same time."


class Trouble(StrEnum):
    GAP = "gap"
    EMPTY_SHIFT = "empty_shift"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"
    TWO_ROTAS = "two_rotas"
    NO_LIEUTENANT = "no_lieutenant"


class Weight(StrEnum):
    CRITICAL = "critical"
    """A page would wake nobody."""
    WARNING = "warning"
    """A page would wake somebody who should rather be left alone, or nobody backs them up."""


class Finding(Struct, frozen=True, kw_only=True):
    """One trouble of one rota, at one or several times, in order; `user_id` is whom it is about."""

    trouble: Trouble
    weight: Weight
    rota_id: int
    role: Role
    user_id: int | None
    times: tuple[Stretch, ...]
    why: str
    other_rota_id: int | None = None

    @property
    def starts_at(self) -> datetime:
        return self.times[0][0]

    @property
    def ends_at(self) -> datetime:
        return self.times[0][1]


class Ahead(Struct, frozen=True, kw_only=True):
    """What is known of one rota: its spans and gaps, and where its rule asks for a lieutenant."""

    spans: Sequence[Span]
    gaps: Sequence[Gap]
    backed_up: Sequence[Stretch] = ()


def findings(
    rotas: Mapping[int, Ahead],
    *,
    absences: Mapping[int, Sequence[Stretch]],
    unreachable: Collection[int],
) -> list[Finding]:
    """Everything wrong, the worst first and of the same weight the soonest."""
    found: list[Finding] = []
    for rota_id, ahead in rotas.items():
        found += _gaps(rota_id, ahead.gaps)
        found += _without_lieutenant(rota_id, ahead)
        found += _absent(rota_id, ahead.spans, absences)
        found += _unreachable(rota_id, ahead.spans, unreachable)
    found += _in_two_rotas(rotas)
    return sorted(found, key=lambda f: (f.weight is not Weight.CRITICAL, f.starts_at, f.rota_id))


def common(spans: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """The times that are in both; each sequence is in order and without overlaps."""
    found, i, j = [], 0, 0
    while i < len(spans) and j < len(others):
        low, high = max(spans[i][0], others[j][0]), min(spans[i][1], others[j][1])
        if low < high:
            found.append((low, high))
        if spans[i][1] <= others[j][1]:
            i += 1
        else:
            j += 1
    return found


def without(spans: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """The times in the first and not in the second; each is in order and without overlaps."""
    found: list[Stretch] = []
    for starts_at, ends_at in spans:
        reached = starts_at
        for low, high in common([(starts_at, ends_at)], others):
            if reached < low:
                found.append((reached, low))
            reached = high
        if reached < ends_at:
            found.append((reached, ends_at))
    return found


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """In order, touching and overlapping ones as one."""
    whole: list[Stretch] = []
    for starts_at, ends_at in sorted(stretches):
        if whole and starts_at <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ends_at))
        else:
            whole.append((starts_at, ends_at))
    return tuple(whole)


def _gaps(rota_id: int, gaps: Sequence[Gap]) -> Iterator[Finding]:
    """Empty shifts apart from other gaps: the one is planned, the other is forgotten."""

    def is_empty(gap: Gap) -> bool:
        return gap.why.startswith(EMPTY_PLACE)

    for empty, same in groupby(sorted(gaps, key=is_empty), key=is_empty):
        missing = list(same)
        yield Finding(
            trouble=Trouble.EMPTY_SHIFT if empty else Trouble.GAP,
            weight=Weight.CRITICAL,
            rota_id=rota_id,
            role=Role.PRIMARY,
            user_id=None,
            times=joined((gap.starts_at, gap.ends_at) for gap in missing),
            why=missing[0].why,
        )


def _without_lieutenant(rota_id: int, ahead: Ahead) -> Iterator[Finding]:
    asked = common(joined(_times(ahead.spans, Role.PRIMARY)), joined(ahead.backed_up))
    if missing := without(asked, joined(_times(ahead.spans, Role.LIEUTENANT))):
        yield Finding(
            trouble=Trouble.NO_LIEUTENANT,
            weight=Weight.WARNING,
            rota_id=rota_id,
            role=Role.LIEUTENANT,
            user_id=None,
            times=tuple(missing),
            why=NO_LIEUTENANT,
        )


def _absent(
    rota_id: int, spans: Sequence[Span], absences: Mapping[int, Sequence[Stretch]]
) -> Iterator[Finding]:
    for (user_id, role), times in _by_person(spans).items():
        if clashes := common(times, joined(absences.get(user_id, ()))):
            yield Finding(
                trouble=Trouble.ABSENT,
                weight=Weight.CRITICAL if role is Role.PRIMARY else Weight.WARNING,
                rota_id=rota_id,
                role=role,
                user_id=user_id,
                times=tuple(clashes),
                why="Planned, and away at that time.",
            )


def _unreachable(
    rota_id: int, spans: Sequence[Span], unreachable: Collection[int]
) -> Iterator[Finding]:
    for (user_id, role), times in _by_person(spans).items():
        if user_id in unreachable:
            yield Finding(
                trouble=Trouble.UNREACHABLE,
                weight=Weight.CRITICAL if role is Role.PRIMARY else Weight.WARNING,
                rota_id=rota_id,
                role=role,
                user_id=user_id,
                times=times,
                why=UNREACHABLE,
            )


def _in_two_rotas(rotas: Mapping[int, Ahead]) -> Iterator[Finding]:
    """Who is on call twice, told once for each pair of rotas, by the one with the lower id."""
    duties: dict[int, list[tuple[int, tuple[Stretch, ...]]]] = defaultdict(list)
    for rota_id, ahead in sorted(rotas.items()):
        for (user_id, role), times in _by_person(ahead.spans).items():
            if role is Role.PRIMARY:
                duties[user_id].append((rota_id, times))
    for user_id, held in duties.items():
        for (rota_id, times), (other_id, other_times) in combinations(held, 2):
            if clashes := common(times, other_times):
                yield Finding(
                    trouble=Trouble.TWO_ROTAS,
                    weight=Weight.WARNING,
                    rota_id=rota_id,
                    role=Role.PRIMARY,
                    user_id=user_id,
                    times=tuple(clashes),
                    why=TWO_ROTAS,
                    other_rota_id=other_id,
                )


def _by_person(spans: Sequence[Span]) -> dict[tuple[int, Role], tuple[Stretch, ...]]:
    """When each person has each role; spans that touch are one duty, whatever their reasons."""
    duties: dict[tuple[int, Role], list[Stretch]] = defaultdict(list)
    for span in spans:
        duties[span.user_id, span.role].append((span.starts_at, span.ends_at))
    return {key: joined(times) for key, times in duties.items()}


def _times(spans: Sequence[Span], role: Role) -> Iterator[Stretch]:
    return ((span.starts_at, span.ends_at) for span in spans if span.role is role)
