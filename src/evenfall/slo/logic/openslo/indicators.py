"""What an indicator measures: a value against a limit, or good of total."""

from typing import Final

from evenfall.slo.logic.openslo.meta import read_meta
from evenfall.slo.logic.openslo.places import Place
from evenfall.slo.logic.openslo.structs import Indicator, Metric, Ratio, RawType

_RATIO: Final = ("counter", "good", "bad", "total", "raw", "rawType")


def read_indicator(place: Place) -> Indicator:
    """An SLI: a document, or what stands inline in an SLO (`kind` may be missing there)."""
    place.expect("apiVersion", "kind", "metadata", "spec")
    meta = read_meta(place)
    spec = place.inside("spec", needed=True)
    if spec is None:
        return Indicator(meta=meta)
    spec.expect("description", "thresholdMetric", "ratioMetric")
    if spec.has("thresholdMetric") == spec.has("ratioMetric"):
        spec.error(
            "", "An indicator has one of two metrics.", "Write thresholdMetric or ratioMetric."
        )
    ratio = spec.inside("ratioMetric")
    return Indicator(
        meta=meta,
        description=spec.description(),
        threshold=_metric(spec, "thresholdMetric"),
        ratio=_ratio(ratio) if ratio else None,
    )


def _ratio(place: Place) -> Ratio:
    place.expect(*_RATIO)
    raw = _metric(place, "raw")
    if place.has("raw"):
        _check_raw(place)
    else:
        _check_counts(place)
    if place.has("counter") and place.has("raw"):
        place.warn("counter", "A raw ratio is no counter; this means nothing.", "Remove it.")
    return Ratio(
        good=_metric(place, "good"),
        bad=_metric(place, "bad"),
        total=_metric(place, "total"),
        raw=raw,
        raw_type=place.choice("rawType", RawType, needed=False),
        counter=place.truth("counter") if raw is None else False,
    )


def _check_raw(place: Place) -> None:
    others = [key for key in ("good", "bad", "total") if place.has(key)]
    if others:
        place.error(
            others[0], "A raw ratio stands alone.", "Remove raw, or remove good, bad and total."
        )
    if not place.has("rawType"):
        place.error("rawType", "This is missing.", "Write success or failure.")


def _check_counts(place: Place) -> None:
    if place.has("good") == place.has("bad"):
        place.error(
            "", "A ratio counts good or bad events, one of the two.", "Write either good or bad."
        )
    if not place.has("total"):
        place.error("total", "This is missing.", "Write the metric of all events.")
    if place.has("rawType"):
        place.warn("rawType", "Without raw this means nothing.", "Remove it.")


def _metric(place: Place, key: str) -> Metric | None:
    outer = place.inside(key)
    if outer is None:
        return None
    outer.expect("metricSource")
    source = outer.inside("metricSource", needed=True)
    if source is None:
        return Metric()
    source.expect("metricSourceRef", "type", "spec")
    spec = source.inside("spec", needed=True)
    found = Metric(
        source_ref=source.name("metricSourceRef", needed=False),
        type=source.text("type"),
        spec=spec.value if spec else {},
    )
    if not found.source_ref and not found.type:
        source.error("", "Nothing says where this is measured.", "Write metricSourceRef or type.")
    return found
