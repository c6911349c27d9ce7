"""What cannot be promised or measured, told in the words of the form: (field, reason)."""

import math
import re
import zoneinfo
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from evenfall.slo.logic.pairs import DEFAULT_PAIRS, is_reachable, suggested
from evenfall.slo.logic.spec import (
    SLICES,
    AlertRules,
    IndicatorSpec,
    Member,
    ObjectiveSpec,
    Origin,
    Policy,
    Promise,
)
from evenfall.slo.logic.windows import span_length

type Flaw = tuple[str, str]

SHORTEST: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=366)
MOST_MEMBERS: Final = 20
MOST_PAIRS: Final = 12
MOST_UNITS: Final = 32_767
"""What the column of a span holds; more than a year in any unit but minutes."""
NO_SUMS: Final = (
    "Counters are read series by series, for a sum hides their resets. Select them without"
    " functions, or say that the query is no counter and answers what one minute had, such as"
    " sum(increase(requests_total[1m]))."
)
_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")


def indicator_flaws(spec: IndicatorSpec) -> Iterator[Flaw]:
    """Beside what the parser of the queries says."""
    if spec.origin is Origin.METRICS:
        yield from _query_flaws(spec)
    if spec.origin is Origin.PUSHED and not spec.measure.has_total:
        yield "measure", "What is pushed is good, or bad, of a total."
    if spec.origin is Origin.MONITORS and not spec.monitor_ids:
        yield "monitor_ids", "Choose the monitors that are counted."
    if not math.isfinite(spec.limit):
        yield "limit", "The limit is a number."


def _query_flaws(spec: IndicatorSpec) -> Iterator[Flaw]:
    if spec.source_id is None:
        yield "source_id", "Choose the metric source that is asked."
    if not spec.query.strip():
        yield "query", "Write the query."
    if spec.measure.has_total and not spec.total.strip():
        yield "total", "Write the query for the total: a ratio wants one."
    if spec.measure.has_total and spec.is_counter:
        for name in ("query", "total"):
            if "(" in _QUOTED.sub("", getattr(spec, name)):
                yield name, NO_SUMS


def objective_flaws(spec: ObjectiveSpec) -> Iterator[Flaw]:
    yield from promise_flaws(spec.promise)
    yield from rule_flaws(spec.alerts, allowed=spec.promise.allowed)
    yield from _policy_flaws(spec.policy)
    yield from _member_flaws(spec)


def promise_flaws(promise: Promise) -> Iterator[Flaw]:
    if not 0 <= promise.target < 1:
        yield "target", "A target is at least 0 and below 1: 100 % leaves no budget at all."
    if not 0 < promise.slice_target <= 1:
        yield "slice_target", "The target of a slice is above 0 and at most 1."
    if promise.slice_minutes not in SLICES:
        known = ", ".join(map(str, SLICES))
        yield "slice_minutes", f"A slice fills an hour evenly: {known} minutes."
    yield from _window_flaws(promise)


def _window_flaws(promise: Promise) -> Iterator[Flaw]:
    window = promise.window
    is_sane = 1 <= window.span.number <= MOST_UNITS
    if not is_sane or not SHORTEST <= span_length(window.span) <= LONGEST:
        yield "window", "A window has an hour at least and a year at most."
    if bool(window.zone) != (window.starts is not None):
        yield "starts", "A calendar window has both a zone and a beginning."
    if window.zone and window.zone not in zoneinfo.available_timezones():
        yield "zone", f"There is no time zone {window.zone}."
    if window.starts is not None and window.starts.tzinfo is not None:
        yield "starts", "The beginning is a time on the wall of the zone, without an offset."
    if window.starts is not None and not 1970 <= window.starts.year < 2100:  # noqa: PLR2004 - see platform.wall_clock
        yield "starts", "The beginning is between 1970 and 2100."


def rule_flaws(rules: AlertRules, *, allowed: float) -> Iterator[Flaw]:
    """Factors that a full outage cannot reach are refused where somebody chose them.

    The pairs that come with Evenfall are lowered instead: see `pairs.fit`.
    """
    low = rules.low_traffic
    if low.least_total < 0 or low.least_bad < 0:
        yield "least_bad", "Least numbers of events are not below 0."
    if len(rules.pairs) > MOST_PAIRS or len({one.name for one in rules.pairs}) < len(rules.pairs):
        yield "pairs", f"At most {MOST_PAIRS} pairs of windows, each with a name of its own."
    for pair in rules.pairs:
        if not 1 <= pair.short < pair.long <= LONGEST // timedelta(minutes=1):
            yield "pairs", f"{pair.name}: the long window is longer than the short one."
        if not (math.isfinite(pair.factor) and pair.factor > 0):
            yield "pairs", f"{pair.name}: the factor is above 0."
        elif pair not in DEFAULT_PAIRS and not is_reachable(pair.factor, allowed=allowed):
            most, use = f"{1 / allowed:g}", f"{suggested(allowed=allowed):g}"
            reason = f"even a full outage burns at {most} only. Use a factor of {use} at most."
            yield "pairs", f"{pair.name}: {reason}"


def _policy_flaws(policy: Policy) -> Iterator[Flaw]:
    if not 0 <= policy.thaw_from <= 1 or not 0 <= policy.warn_below <= 1:
        yield "policy", "Shares of the budget are between 0 and 1."


def _member_flaws(spec: ObjectiveSpec) -> Iterator[Flaw]:
    if (spec.indicator_id is None) == (not spec.members):
        yield "indicator_id", "An objective has one indicator, or members."
    if len(spec.members) > MOST_MEMBERS:
        yield "members", f"A composite has at most {MOST_MEMBERS} members."
    if len({one.indicator_id for one in spec.members}) < len(spec.members):
        yield "members", "Each indicator is a member once."
    if spec.promise.method.has_slices and any(one.target is not None for one in spec.members):
        yield "members", "Where slices are counted the members have slice targets, not targets."
    for one in spec.members:
        yield from _one_member_flaws(one)


def _one_member_flaws(one: Member) -> Iterator[Flaw]:
    if not (math.isfinite(one.weight) and one.weight > 0):
        yield "members", "A weight is above 0."
    if one.target is not None and not 0 <= one.target < 1:
        yield "members", "The target of a member is at least 0 and below 1."
    if one.slice_target is not None and not 0 < one.slice_target <= 1:
        yield "members", "The slice target of a member is above 0 and at most 1."
