"""The draft of the next version (`openslo.com/v2alpha`), written as v1 where the meaning is clear.

It renames `indicator` to `sli` and `metricSource` to `dataSourceRef` with a `spec`. It is a draft:
every document read so has a warning.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from evenfall.slo.logic.openslo.places import Place

_DRAFT: Final = "openslo.com/v2alpha"
_METRICS: Final = ("good", "bad", "total", "raw")


def is_draft(version: str) -> bool:
    return version == _DRAFT


def as_v1(place: Place) -> Place:
    """Return the place with the same document as v1 has it, with a warning that it is a draft."""
    place.warn(
        "apiVersion",
        "This version is a draft and may change.",
        "It is read as openslo/v1. Look closely at what it becomes.",
    )
    value = {**place.value, "apiVersion": "openslo/v1"}
    if isinstance(spec := value.get("spec"), dict):
        value["spec"] = _spec(place, spec)
    return replace(place, value=value)


def _spec(place: Place, spec: Mapping[str, Any]) -> dict[str, Any]:
    new = _renamed(place, spec)
    for key in ("thresholdMetric", "ratioMetric"):
        if isinstance(found := new.get(key), dict):
            new[key] = _metric(found) if key == "thresholdMetric" else _ratio(found)
    if isinstance(objectives := new.get("objectives"), list):
        new["objectives"] = [
            _renamed(place, one) if isinstance(one, dict) else one for one in objectives
        ]
    return new


def _renamed(place: Place, found: Mapping[str, Any]) -> dict[str, Any]:
    new = dict(found)
    for old, name in (("sli", "indicator"), ("sliRef", "indicatorRef")):
        if old in new:
            new[name] = new.pop(old)
    inline = new.get("indicator")
    if isinstance(inline, dict) and isinstance(inline.get("spec"), dict):
        new["indicator"] = {**inline, "spec": _spec(place, inline["spec"])}
    return new


def _ratio(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _metric(one) if key in _METRICS and isinstance(one, dict) else one
        for key, one in found.items()
    }


def _metric(found: Mapping[str, Any]) -> dict[str, Any]:
    """A metric names its source, or describes it, beside its own `spec`."""
    if "metricSource" in found:
        return dict(found)
    source: dict[str, Any] = {}
    if "dataSourceRef" in found:
        source["metricSourceRef"] = found["dataSourceRef"]
    described = found.get("dataSourceSpec")
    if isinstance(described, dict) and "type" in described:
        source["type"] = described["type"]
    others = found.keys() - {"dataSourceRef", "dataSourceSpec", "spec"}
    if "spec" in found:
        source["spec"] = found["spec"]
    return {"metricSource": source, **{key: found[key] for key in others}}
