"""What counts as load, and who works how much."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import asdict

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, events, queries
from evenfall.oncall.logic.loads import WEIGHT_NAMES, Weights
from evenfall.oncall.models import LoadWeights, WorkProfile
from evenfall.oncall.models.fairness import HEAVIEST
from evenfall.platform import public_holidays
from evenfall.platform.events import publish

MINUTES_IN_DAY = 24 * 60


@transaction.atomic
def change_load_weights(*, team_id: int, weights: Weights, now: datetime, actor: str) -> None:
    """Let the team count by these weights from now on; what was shown before stays in the audit.

    Raises `TeamNotFound`, `WeightsOutOfRange`, `NightEmpty`.
    """
    identity_queries.team(team_id)
    _check(weights)
    before = queries.load_weights(team_id).weights
    if before == weights:
        return
    LoadWeights.objects.create(team_id=team_id, since=now, set_by=actor, **asdict(weights))
    publish(
        events.LoadWeightsChanged(
            team_id=team_id, before=asdict(before), after=asdict(weights), at=now, actor=actor
        )
    )


@transaction.atomic
def change_work_profile(
    *, user_id: int, country: str, region: str, percent: int, now: datetime, actor: str
) -> None:
    """Say where somebody has holidays and how much they work. Raises `RegionUnknown`, ….

    Two at once: the later one wins, and both are in the journal.
    """
    identity_queries.person(user_id)
    country, region = country.strip().upper(), region.strip().upper()
    if not public_holidays.is_known(country, region):
        raise errors.RegionUnknown(place=f"{country} {region}".strip(), field="country")
    if not 0 <= percent <= 100:  # noqa: PLR2004 - percent
        raise errors.PercentOutOfRange(field="percent")
    before = asdict(queries.work_profiles([user_id])[user_id])
    after = {"user_id": user_id, "country": country, "region": region, "percent": percent}
    if before == after:
        return
    WorkProfile.objects.update_or_create(user_id=user_id, defaults=after)
    publish(
        events.WorkProfileChanged(user_id=user_id, before=before, after=after, at=now, actor=actor)
    )


def _check(weights: Weights) -> None:
    for name in WEIGHT_NAMES:
        if not 0 <= getattr(weights, name) <= HEAVIEST:
            raise errors.WeightsOutOfRange(most=int(HEAVIEST), field=name)
    clocks = (weights.night_starts, weights.night_ends)
    if clocks[0] == clocks[1] or not all(0 <= clock < MINUTES_IN_DAY for clock in clocks):
        raise errors.NightEmpty(field="night_ends")
