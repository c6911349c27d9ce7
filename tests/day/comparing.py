"""How far what came of a day is from what was planted."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from tests.day.plan import Call, Day, PlannedIncident


class FoundIncident(Struct, frozen=True, kw_only=True):
    """An incident as it stands at the end of the day, with the pages it began."""

    id: int
    team: str
    environment: str
    state: str
    firings: frozenset[str]
    calls: tuple[Call, ...]


class Found(Struct, frozen=True, kw_only=True):
    """What came of a day. `quiet` says of the alerts without an incident why."""

    alerts: int
    incidents: Sequence[FoundIncident]
    quiet: Mapping[str, str]
    people_called: int
    open_alerts: int


type _Shape = tuple[str, str, frozenset[str], tuple[Call, ...]]


def differences(day: Day, found: Found) -> list[str]:
    """Everything that is not as planted, in words; empty when the day ended as it ought to."""
    wanted = Counter(_shape(day, one) for one in day.incidents)
    came = Counter(_shape(day, one) for one in found.incidents)
    stories = {_shape(day, one): one.story for one in day.incidents}
    return [
        *_told("missing", wanted - came, stories, day),
        *_told("not planted", came - wanted, stories, day),
        *_loudness(day, found),
        *(
            f"incident {one.id} of {one.team} is still {one.state}"
            for one in found.incidents
            if one.state != "resolved"
        ),
    ]


def _shape(day: Day, one: PlannedIncident | FoundIncident) -> _Shape:
    """What two incidents must have in common to be the same one.

    A flapping alert has fewer lives for the product than for its sender: what is told of an alert
    that is open is one alert, whose first life counts.
    """
    firsts = _first_lives(day)
    known = frozenset(firsts.get(number, number) for number in one.firings)
    return (one.team, one.environment, known, one.calls)


def _first_lives(day: Day) -> Mapping[str, str]:
    firsts: dict[str, str] = {}
    for incident in day.incidents:
        by_key: dict[str, str] = {}
        for number in sorted(incident.firings):
            by_key.setdefault(day.firings[number].key, number)
        firsts.update((n, by_key[day.firings[n].key]) for n in incident.firings)
    return firsts


def _told(
    what: str, shapes: Iterable[_Shape], stories: Mapping[_Shape, str], day: Day
) -> list[str]:
    return [
        f"{what}: incident of {team}, {environment}"
        f" ({stories.get((team, environment, known, calls), _origin(day, known))}):"
        f" {_alerts(day, known)}; pages {_pages(calls)}"
        for team, environment, known, calls in shapes
    ]


def _origin(day: Day, known: frozenset[str]) -> str:
    stories = {one.story for one in day.incidents if known & one.firings}
    return "of " + " and ".join(sorted(stories)) if stories else "of noise"


def _alerts(day: Day, known: Collection[str]) -> str:
    lives = [day.firings[number] for number in sorted(known)]
    return ", ".join(f"{one.id} {one.summary} {one.began:%H:%M:%S}" for one in lives[:6])


def _pages(calls: Sequence[Call]) -> str:
    words = (f"{one.team} {one.at:%H:%M:%S}{'' if one.is_urgent else ' quietly'}" for one in calls)
    return ", ".join(words) or "none"


def _loudness(day: Day, found: Found) -> list[str]:
    """Alerts of no incident that are quiet for another reason than planted."""
    firsts = set(_first_lives(day))
    wrong = [
        (number, why)
        for number, why in found.quiet.items()
        if number not in firsts and why != day.quiet.get(number)
    ]
    return [
        f"alert {number} {day.firings[number].summary}: {why}, not {day.quiet.get(number)}"
        for number, why in wrong
    ]
