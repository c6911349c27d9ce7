"""What teams count as load, and how much people work: settings that fairness goes by."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity.queries import Person
from evenfall.oncall.logic.hours import Calendar
from evenfall.oncall.logic.loads import WEIGHTS, Weights
from evenfall.oncall.models import LoadWeights, WorkProfile
from evenfall.platform import public_holidays


class WeightsView(Struct, frozen=True, kw_only=True):
    """What a team counts now; `since` is None while nobody has changed the usual weights."""

    weights: Weights
    since: datetime | None = None
    set_by: str = ""


class WorkProfileView(Struct, frozen=True, kw_only=True):
    """Country and region by the codes of ISO 3166; `percent` of full time."""

    user_id: int
    country: str = ""
    region: str = ""
    percent: int = 100


def load_weights(team_id: int) -> WeightsView:
    """The newest weights of the team, or the usual ones."""
    return load_weights_of([team_id])[team_id]


def load_weights_of(team_ids: Collection[int]) -> dict[int, WeightsView]:
    """The weights of each of these teams, in one query."""
    found = {team_id: WeightsView(weights=WEIGHTS) for team_id in team_ids}
    rows = LoadWeights.objects.filter(team_id__in=found).order_by("team_id", "-id")
    return found | {row.team_id: _view(row) for row in rows.distinct("team_id")}


def _view(row: LoadWeights) -> WeightsView:
    weights = Weights(**{name: getattr(row, name) for name in Weights.__struct_fields__})
    return WeightsView(weights=weights, since=row.since, set_by=row.set_by)


def work_profiles(user_ids: Collection[int]) -> dict[int, WorkProfileView]:
    """How much each of these people works and where; full time without holidays by default."""
    found = {user_id: WorkProfileView(user_id=user_id) for user_id in user_ids}
    for row in WorkProfile.objects.filter(user_id__in=user_ids):
        found[row.user_id] = WorkProfileView(
            user_id=row.user_id, country=row.country, region=row.region, percent=row.percent
        )
    return found


def calendar_of(person: Person, profile: WorkProfileView, weights: Weights) -> Calendar:
    """How the person's time is divided. A country this version no longer knows has no holidays."""
    known = public_holidays.is_known(profile.country, profile.region)
    place = (profile.country, profile.region) if known else ("", "")
    return Calendar(
        zone=ZoneInfo(person.time_zone),
        night_starts=weights.night_starts,
        night_ends=weights.night_ends,
        is_holiday=public_holidays.is_holiday(*place),
    )
