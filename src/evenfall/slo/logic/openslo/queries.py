"""What an SLI measures, as queries of ours: OpenSLO leaves open how a source is asked."""

import re
from typing import Final

from evenfall.slo.logic import spec
from evenfall.slo.logic.openslo.annotations import CREATED
from evenfall.slo.logic.openslo.drafts import OWN_TYPE
from evenfall.slo.logic.openslo.notes import Note, Severity
from evenfall.slo.logic.openslo.structs import Indicator, Metric, Objective, Op, Ratio, RawType

_KEYS: Final = ("query", "promql", "expr", "queryString")
_TEMPLATE_WINDOW: Final = re.compile(r"\{\{\s*\.?[wW]indow\s*\}\}")
_DIFFERENCE: Final = re.compile(r"\b(i?rate|increase|i?delta)\s*\(")
_RANGE: Final = re.compile(r"\[\s*(?P<range>[^\]:]+?)\s*(:[^\]]*)?\]")
_MINUTE: Final = {"1m", "60s"}
_EMPTY: Final = Metric()


def source_name(found: Indicator) -> str:
    """What the documents call the source of this indicator; a type when it has no name."""
    metric = _first(found)
    return "" if metric.type == OWN_TYPE else metric.source_ref or metric.type


def spec_of(
    found: Indicator, objective: Objective, number: int, notes: list[Note]
) -> spec.IndicatorSpec:
    """The indicator in our words; `number` is the document that notes are about."""
    reader = _Reader(found, number, notes)
    if _first(found).type == OWN_TYPE:
        return _own(found)
    if found.threshold is not None:
        return spec.IndicatorSpec(
            measure=spec.Measure.THRESHOLD,
            query=reader.query(found.threshold),
            is_counter=False,
            op=spec.Op((objective.op or Op.LTE).value),
            limit=objective.value or 0.0,
        )
    return _ratio(found, found.ratio or Ratio(), reader)


def _ratio(found: Indicator, ratio: Ratio, reader: "_Reader") -> spec.IndicatorSpec:
    if ratio.raw is not None:
        is_good = ratio.raw_type is RawType.SUCCESS
        return spec.IndicatorSpec(
            measure=spec.Measure.SUCCESS if is_good else spec.Measure.FAILURE,
            query=reader.query(ratio.raw),
            is_counter=False,
        )
    part = ratio.good or ratio.bad or _EMPTY
    total = ratio.total or _EMPTY
    reader.check_same_source(part, total)
    query, of_all = reader.query(part), reader.query(total)
    return spec.IndicatorSpec(
        measure=spec.Measure.GOOD if ratio.good else spec.Measure.BAD,
        query=query,
        total=of_all,
        created=found.meta.annotations.get(CREATED, ""),
        is_counter=reader.is_counter(query + of_all, said=ratio.counter),
    )


def _own(found: Indicator) -> spec.IndicatorSpec:
    """Counts that are pushed to this place, or what its monitors find."""
    said = _first(found).spec.get("monitors")
    numbers = said if isinstance(said, list) else []
    monitors = tuple(one for one in numbers if isinstance(one, int))
    ratio = found.ratio or Ratio()
    return spec.IndicatorSpec(
        origin=spec.Origin.MONITORS if monitors else spec.Origin.PUSHED,
        measure=spec.Measure.BAD if ratio.bad else spec.Measure.GOOD,
        is_counter=ratio.counter,
        monitor_ids=monitors,
    )


def _first(found: Indicator) -> Metric:
    ratio = found.ratio or Ratio()
    return found.threshold or ratio.raw or ratio.good or ratio.bad or _EMPTY


class _Reader:
    """Reads the queries of one indicator, and notes what is odd about them."""

    def __init__(self, found: Indicator, number: int, notes: list[Note]) -> None:
        self._found, self._number, self._notes = found, number, notes

    def query(self, metric: Metric) -> str:
        """The text that is asked: under a usual key, or the only text there is."""
        texts = {key: one for key, one in metric.spec.items() if isinstance(one, str)}
        known = [texts[key] for key in _KEYS if key in texts]
        said = known or (list(texts.values()) if len(texts) == 1 else [])
        if not said:
            keys = ", ".join(sorted(metric.spec)[:5]) or "nothing"
            self._note(
                Severity.ERROR,
                f"The query is not found: `spec` has {keys}.",
                "Write it under query.",
            )
            return ""
        return self._without_template(said[0].strip())

    def _without_template(self, query: str) -> str:
        filled = _TEMPLATE_WINDOW.sub("1m", query)
        if filled != query:
            self._note(
                Severity.WARNING,
                "The query has a place for a window; counts are per minute here, so 1m is put in.",
                "Nothing needs to be done.",
            )
        if "{{" in filled:
            self._note(
                Severity.ERROR,
                "The query has a place that another tool fills in.",
                "Write what belongs there.",
            )
        return filled

    def is_counter(self, query: str, *, said: bool) -> bool:
        """Whether the answers only grow; a query that takes differences itself gives none."""
        takes_difference = bool(_DIFFERENCE.search(query))
        ranges = {one["range"] for one in _RANGE.finditer(query)} - _MINUTE
        if said and takes_difference:
            self._note(
                Severity.WARNING,
                "`counter` says that these are counters, but the query takes differences itself. "
                "It is read as what one minute had.",
                "Write counter: false.",
            )
        if takes_difference and ranges:
            self._note(
                Severity.WARNING,
                "Each answer counts for one minute, but this looks back "
                f"{', '.join(sorted(ranges))}: the ratio is right, the counts are too high.",
                "Write [1m].",
            )
        return said and not takes_difference

    def check_same_source(self, part: Metric, total: Metric) -> None:
        if (part.source_ref or part.type) != (total.source_ref or total.type):
            self._note(
                Severity.ERROR,
                "Both metrics of a ratio are asked at one source here.",
                "Name the same source in both.",
            )

    def _note(self, severity: Severity, text: str, todo: str) -> None:
        self._notes.append(
            Note(
                document=self._number,
                path="",
                severity=severity,
                text=text,
                todo=todo,
                about=f"SLI {self._found.meta.name}",
            )
        )
