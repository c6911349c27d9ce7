"""Indicators and objectives by their slugs, archived ones too: two queries each."""

from collections.abc import Collection

from evenfall.slo.models import Indicator, Objective
from evenfall.slo.queries.indicators import IndicatorView, indicators
from evenfall.slo.queries.objectives import ObjectiveView, objectives


def indicators_by_slug(slugs: Collection[str]) -> dict[str, IndicatorView]:
    ids = Indicator.objects.filter(slug__in=slugs).values_list("id", flat=True)
    return {view.slug: view for view in indicators(list(ids)).values()}


def objectives_by_slug(slugs: Collection[str]) -> dict[str, ObjectiveView]:
    ids = Objective.objects.filter(slug__in=slugs).values_list("id", flat=True)
    return {view.slug: view for view in objectives(list(ids))}
