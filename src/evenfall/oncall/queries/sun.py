"""Who is on call at night while a colleague is in daylight, with names."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person
from evenfall.oncall import errors
from evenfall.oncall.logic import schedule, sun
from evenfall.oncall.logic.spec import Role, RotaSpec
from evenfall.oncall.logic.sun import NightWatch
from evenfall.oncall.queries.duties import check_stretch
from evenfall.oncall.queries.specs import specs


class NightWatchView(Struct, frozen=True, kw_only=True):
    """Night for `name` in `time_zone` from `starts_at` until `ends_at` (UTC), day for others."""

    user_id: int
    name: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    in_daylight: list[str]


def night_watches(rota_id: int, *, starts_at: datetime, ends_at: datetime) -> list[NightWatchView]:
    """Where the rota puts somebody on call at night although another member has day.

    Raises `RotaNotFound`, `StretchTooLong`, `TimeOutOfRange`.
    """
    check_stretch(starts_at, ends_at)
    spec = specs([rota_id], since=starts_at, until=ends_at).get(rota_id)
    if spec is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    return night_watches_of(spec, starts_at=starts_at, ends_at=ends_at)


def night_watches_of(
    spec: RotaSpec, *, starts_at: datetime, ends_at: datetime
) -> list[NightWatchView]:
    """The same of a value of a rota, saved or not."""
    members = sun.candidates(spec, starts_at, ends_at)
    spans = schedule.final_schedule(spec, starts_at, ends_at)
    primary = [span for span in spans if span.role is Role.PRIMARY]
    people = identity_queries.people(members | {span.user_id for span in primary})
    zones = {i: ZoneInfo(person.time_zone) for i, person in people.items()}
    return list(_views(sun.night_watches(primary, zones), people))


def _views(watches: Iterable[NightWatch], people: Mapping[int, Person]) -> Iterable[NightWatchView]:
    for watch in watches:
        yield NightWatchView(
            user_id=watch.user_id,
            name=people[watch.user_id].name,
            time_zone=people[watch.user_id].time_zone,
            starts_at=watch.starts_at,
            ends_at=watch.ends_at,
            in_daylight=[people[user_id].name for user_id in watch.in_daylight],
        )
