"""Who of a team carried how much, and whether that is fair."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors
from evenfall.oncall.logic import eligibility, fairness, loads
from evenfall.oncall.logic.fairness import Spread
from evenfall.oncall.logic.loads import LEAST_SHARE, Parts, Tally, Weights
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import Rota
from evenfall.oncall.queries.evidence import evidence
from evenfall.oncall.queries.specs import specs
from evenfall.oncall.queries.weights import WeightsView, WorkProfileView, load_weights

WINDOWS = (4, 12, 52)


class PersonLoad(Struct, frozen=True, kw_only=True):
    """What one person carried in the window, by all rotas, in points.

    `share` is the part of the window in which they could have been on call; `rate` the load over
    the share, None below a twentieth; `carried` the load with the mean for the time away.
    """

    user_id: int
    name: str
    share: float
    profile: WorkProfileView
    tally: Tally
    parts: Parts
    rate: float | None
    carried: float

    @property
    def load(self) -> float:
        return self.parts.total


class TeamFairness(Struct, frozen=True, kw_only=True):
    """The loads of a team's people in the weeks before `ends_at`, the busiest first.

    The spreads compare what people carried over their shares: the load, the hours of weekends and
    holidays, and the pages; `chance` is the Gini of the pages that chance alone would give.
    """

    team_id: int
    weeks: int
    starts_at: datetime
    ends_at: datetime
    weights: WeightsView
    people: list[PersonLoad]
    load: Spread
    days_off: Spread
    pages: Spread
    chance: float | None


class WeekLoad(Struct, frozen=True, kw_only=True):
    """One week of a person, for the picture."""

    starts_at: datetime
    parts: Parts


def team_fairness(team_id: int, *, weeks: int, now: datetime) -> TeamFairness:
    """The loads of everybody with a place in a rota of the team. Raises `WindowUnknown`.

    The same number of queries for any number of people and rotas.
    """
    if weeks not in WINDOWS:
        raise errors.WindowUnknown(windows=", ".join(map(str, WINDOWS)), field="weeks")
    starts_at = now - timedelta(weeks=weeks)
    view = load_weights(team_id)
    people = loads_of(
        _people_of(team_id, starts_at, now), starts_at=starts_at, ends_at=now, weights=view.weights
    )
    counted = [one for one in people if one.share >= LEAST_SHARE]
    return TeamFairness(
        team_id=team_id,
        weeks=weeks,
        starts_at=starts_at,
        ends_at=now,
        weights=view,
        people=people,
        load=fairness.spread([one.load / one.share for one in counted]),
        days_off=fairness.spread([_days_off(one) / one.share for one in counted]),
        pages=fairness.spread([one.tally.pages / one.share for one in counted]),
        chance=_chance(counted),
    )


def loads_of(
    user_ids: Collection[int], *, starts_at: datetime, ends_at: datetime, weights: Weights
) -> list[PersonLoad]:
    """What each of these people carried between the two instants, the busiest first."""
    people = identity_queries.people(user_ids)
    read = evidence(people, starts_at, ends_at, weights)
    tallies = {user_id: read.tally(user_id) for user_id in people}
    parts = {user_id: loads.parts(tally, weights) for user_id, tally in tallies.items()}
    shares = {user_id: read.share(user_id) for user_id in people}
    carried = loads.carried({user_id: parts[user_id].total for user_id in people}, shares)
    found = [
        PersonLoad(
            user_id=user_id,
            name=person.name,
            share=shares[user_id],
            profile=read.profiles[user_id],
            tally=tallies[user_id],
            parts=parts[user_id],
            rate=loads.per_share(parts[user_id].total, shares[user_id]),
            carried=carried[user_id],
        )
        for user_id, person in people.items()
    ]
    return sorted(found, key=lambda one: (-(one.rate or 0), one.name, one.user_id))


def person_weeks(user_id: int, *, weeks: int, now: datetime, weights: Weights) -> list[WeekLoad]:
    """What one person carried, week by week until now, the oldest first."""
    starts = [now - timedelta(weeks=number) for number in range(weeks, -1, -1)]
    read = evidence(identity_queries.people([user_id]), starts[0], now, weights)
    return [
        WeekLoad(starts_at=low, parts=read.between(low, high).parts(user_id))
        for low, high in pairwise(starts)
    ]


def _people_of(team_id: int, starts_at: datetime, ends_at: datetime) -> set[int]:
    """Everybody who had a place in a rota of the team, or a duty by one."""
    rota_ids = Rota.objects.filter(team_id=team_id).values_list("id", flat=True)
    found = specs(rota_ids, since=starts_at, until=ends_at).values()
    members = set(eligibility.memberships(found, starts_at, ends_at))
    return members | {
        override.user_id
        for spec in found
        for override in spec.overrides
        if override.user_id is not None and override.role is Role.PRIMARY
    }


def _days_off(one: PersonLoad) -> float:
    return one.tally.weekend_hours + one.tally.holiday_hours


def _chance(people: Sequence[PersonLoad]) -> float | None:
    """The Gini that the same number of pages would have by chance; None for fewer than four."""
    if len(people) < fairness.LEAST_PEOPLE:
        return None
    events = sum(one.tally.pages for one in people)
    return fairness.expected_gini(events, [one.share for one in people])
