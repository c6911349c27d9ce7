"""Taking the objective of a service as the one that a new version must keep."""

from msgspec.structs import replace

from evenfall.rollouts import queries
from evenfall.rollouts.logic.analysis.burn import Burn
from evenfall.rollouts.logic.analysis.settings import NO_OBJECTIVE, Settings
from evenfall.rollouts.models import Target

MOST_TARGET = 0.999999


def with_objective(found: Settings, target: Target) -> Settings:
    """The settings with the target of the objective that they name; a typed one stays.

    One that is gone, or that promises no share of requests, is left out: the other lanes judge.
    """
    if found.burn is not None or found.objective == NO_OBJECTIVE:
        return found
    known = queries.burn_objectives(target.service_id, target.environment)
    chosen = [one for one in known if found.objective in {"", one.slug}]
    if not chosen:
        return found
    burn = Burn(target=min(chosen[0].target, MOST_TARGET), name=chosen[0].name)
    return replace(found, burn=burn, objective=chosen[0].slug)
