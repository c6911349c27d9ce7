"""The objectives that the burn of a new version can be measured against."""

from msgspec import Struct

from evenfall.slo import queries as slo_queries
from evenfall.slo.ports import IndicatorSpec, Origin
from evenfall.slo.queries import ObjectiveView


class BurnObjective(Struct, frozen=True, kw_only=True):
    """`target` is the share of requests that has to be good, 0 to 1."""

    slug: str
    name: str
    target: float


def burn_objectives(service_id: int, environment: str) -> list[BurnObjective]:
    """Those of a service there that promise a share of requests, the strictest first.

    A promise of good minutes, of probes or of a value under a limit is none of requests; what the
    traffic port counts cannot be held against it.
    """
    found = [
        one
        for one in slo_queries.objectives_of([service_id])
        if one.spec.environment == environment and not one.spec.promise.method.has_slices
    ]
    ids = {one.spec.indicator_id for one in found if one.spec.indicator_id is not None}
    known = slo_queries.indicators(ids)
    fitting = [
        one
        for one in found
        if one.spec.indicator_id in known and _of_requests(known[one.spec.indicator_id].spec)
    ]
    return sorted((_shown(one) for one in fitting), key=lambda one: (-one.target, one.name))


def _of_requests(spec: IndicatorSpec) -> bool:
    return spec.origin is not Origin.MONITORS and spec.measure.value != "threshold"


def _shown(one: ObjectiveView) -> BurnObjective:
    return BurnObjective(slug=one.slug, name=one.name, target=one.spec.promise.target)
