"""The words of notices about shifts. Times are said on the wall of the reader's zone."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from evenfall.oncall.logic.handovers import NoticeKind, Tour
from evenfall.oncall.logic.readiness import Missing
from evenfall.oncall.logic.spec import Role
from evenfall.platform.wall_clock import reading, spoken

DUTY = {Role.PRIMARY: "on call", Role.LIEUTENANT: "lieutenant", Role.SHADOW: "shadow"}
LEARNING = "You learn beside whoever is on call. Nobody waits for an answer from you."
MOST_LINES = 24
MOST_TEXT = 240


def wall(at: datetime, zone: ZoneInfo) -> str:
    return spoken(reading(at, zone))


def title(kind: NoticeKind, tour: Tour, rota: str, zone: ZoneInfo) -> str:
    duty, starts = DUTY[tour.role], wall(tour.starts_at, zone)
    if kind is NoticeKind.BEGINS:
        return f"You are {duty} now: {rota}"
    if kind is NoticeKind.ENDS:
        return f"You are not {duty} any more: {rota}"
    if kind is NoticeKind.LOOK_AHEAD:
        return f"You are {duty} from {starts}: {rota}"
    return f"You cannot be reached for your shift from {starts}: {rota}"


def changed_title(
    role: Role, announced: datetime, begins: datetime | None, rota: str, zone: ZoneInfo
) -> str:
    """Of a shift that was announced; `begins` None where it is somebody else's now."""
    duty, said = DUTY[role], wall(announced, zone)
    if begins is None:
        return f"You are not {duty} from {said} after all: {rota}"
    return f"You are {duty} from {wall(begins, zone)}, not from {said}: {rota}"


def changed(role: Role, announced: datetime, zone: ZoneInfo, *, holder: str) -> tuple[str, ...]:
    """Who has the role at the time that was announced; an empty name is nobody."""
    then = f"At {wall(announced, zone)} {holder or 'nobody'} is {DUTY[role]}."
    return (then, "The schedule was changed.")


def lead_title(name: str, tour: Tour, rota: str, zone: ZoneInfo) -> str:
    starts = wall(tour.starts_at, zone)
    return f"{name} cannot be reached, and is {DUTY[tour.role]} from {starts}: {rota}"


def beginning(tour: Tour, zone: ZoneInfo, *, before: str, after: str) -> tuple[str, ...]:
    """Until when, from whom, to whom; an empty name is nobody. A shadow takes over nothing."""
    until = f"Until {wall(tour.ends_at, zone)} ({zone.key})." if tour.ends else ""
    if tour.role is Role.SHADOW:
        return _said(until, LEARNING)
    return _said(
        until,
        f"You take over from {before}." if before else "",
        f"After you: {after}." if after and tour.ends else "",
    )


def ending(role: Role, *, after: str) -> tuple[str, ...]:
    if role is Role.SHADOW:
        return ()
    return (f"{after} took over." if after else "Nobody took over.",)


def mending(lacks: Iterable[Missing]) -> tuple[str, ...]:
    return tuple(missing.text for missing in lacks)


def notes(found: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The notes left, as (author, text)."""
    return tuple(f"{author} leaves: {' '.join(text.split())}" for author, text in found)


def part(heading: str, lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{heading}: {line}" for line in lines)


def fitted(lines: Iterable[str]) -> tuple[str, ...]:
    """What fits into a notice; the page has it all."""
    return tuple(_cut(line) for line in list(lines)[:MOST_LINES])


def _cut(line: str) -> str:
    return line if len(line) <= MOST_TEXT else f"{line[: MOST_TEXT - 1]}…"


def _said(*sentences: str) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)
