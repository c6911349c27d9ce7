"""Queries with everything filled in, for each of the two sides."""

from collections.abc import Mapping
from typing import Final

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.errors import DomainError
from evenfall.rollouts.logic.analysis.settings import Metric
from evenfall.rollouts.logic.plan import read_written
from evenfall.rollouts.models import AnalysedMetric, Rollout
from evenfall.rollouts.models.targets import other
from evenfall.rollouts.ports import BASELINE
from evenfall.telemetry import actions as telemetry

MOST_PROBLEM: Final = 500
NAMES: Final = ("service", "version", "slot", "side", "environment", "window")


def fill_in(row: AnalysedMetric, metric: Metric, rollout: Rollout) -> None:
    """Put the queries of both sides into the row, or the problem; nothing is saved."""
    if not metric.source_id:
        return
    try:
        row.query, row.stable_query = queries_of(metric, *values_of(rollout, metric))
    except DomainError as error:
        row.problem = error.message[:MOST_PROBLEM]


def queries_of(
    metric: Metric, new: Mapping[str, str], stable: Mapping[str, str]
) -> tuple[str, str]:
    """Both queries. Raises QueryInvalid, SourceNotFound."""
    other_text = metric.stable_query or metric.query
    return (
        telemetry.fill_query(metric.source_id, metric.query, new),
        telemetry.fill_query(metric.source_id, other_text, stable),
    )


def values_of(rollout: Rollout, metric: Metric) -> tuple[dict[str, str], dict[str, str]]:
    """What `$names` stand for on the new side and on what it is compared with."""
    target = rollout.target
    shared = {
        "service": catalog_queries.service(target.service_id).slug,
        "environment": target.environment,
        "window": f"{metric.window_s}s",
    }
    is_beside = read_written(rollout.plan).baseline
    side, slot = (BASELINE, BASELINE) if is_beside else ("stable", other(rollout.side))
    return (
        {**shared, "version": rollout.version, "slot": rollout.side, "side": "new"},
        {**shared, "version": rollout.stable_version, "slot": slot, "side": side},
    )
