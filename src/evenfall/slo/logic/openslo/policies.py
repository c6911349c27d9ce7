"""Alert policies, their conditions, and whom they reach."""

from typing import Final

from msgspec.structs import replace

from evenfall.slo.logic.openslo.durations import Duration, Unit
from evenfall.slo.logic.openslo.meta import read_meta
from evenfall.slo.logic.openslo.places import Place
from evenfall.slo.logic.openslo.structs import AlertPolicy, Condition, Op, Target

_POLICY: Final = [
    "description",
    "alertWhenBreaching",
    "alertWhenResolved",
    "alertWhenNoData",
    "conditions",
    "notificationTargets",
]
_UPWARDS: Final = {Op.LTE: Op.GTE, Op.LT: Op.GT}
_NOTHING: Final = Duration(1, Unit.HOUR)


def read_policy(place: Place) -> AlertPolicy:
    """Read an AlertPolicy, of its own document or inline in an SLO."""
    place.expect("apiVersion", "kind", "metadata", "spec")
    meta = read_meta(place)
    spec = place.inside("spec", needed=True)
    if spec is None:
        return AlertPolicy(meta=meta)
    spec.expect(*_POLICY)
    condition, reference = _condition(spec)
    return AlertPolicy(
        meta=meta,
        description=spec.description(),
        when_breaching=spec.truth("alertWhenBreaching"),
        when_resolved=spec.truth("alertWhenResolved"),
        when_no_data=spec.truth("alertWhenNoData"),
        condition=condition,
        condition_ref=reference,
        targets=tuple(
            one.name("targetRef") if one.has("targetRef") else read_target(one)
            for one in spec.each("notificationTargets")
        ),
    )


def _condition(spec: Place) -> tuple[Condition | None, str]:
    found = list(spec.each("conditions"))
    if len(found) != 1:
        spec.error(
            "conditions",
            "A policy has exactly one condition.",
            "Write one; for several windows write several policies.",
        )
    if not found:
        return None, ""
    if found[0].has("conditionRef"):
        return None, found[0].name("conditionRef")
    return read_condition(found[0]), ""


def read_condition(place: Place) -> Condition:
    """Read an AlertCondition, of its own document or inline in a policy."""
    place.expect("apiVersion", "kind", "metadata", "spec")
    meta = read_meta(place)
    spec = place.inside("spec", needed=True) or replace(place, value={}, path="spec")
    spec.expect("description", "severity", "condition")
    rule = spec.inside("condition", needed=True) or replace(spec, value={})
    rule.expect("kind", "op", "threshold", "lookbackWindow", "alertAfter")
    if rule.text("kind", needed=True).lower() not in {"burnrate", ""}:
        rule.error("kind", "Only burn rates are known here.", "Write burnrate.")
    threshold = rule.number("threshold")
    if threshold is None and not rule.has("threshold"):
        rule.error("threshold", "This is missing.", "Write the burn rate, such as 14.4.")
    return Condition(
        meta=meta,
        description=spec.description(),
        severity=spec.text("severity", most=100, needed=True),
        threshold=float(threshold or 0),
        lookback=_lookback(rule),
        op=_op(rule),
        after=rule.duration("alertAfter"),
    )


def _op(rule: Place) -> Op:
    """The specification's own examples write `lte 2` for "the burn rate exceeds 2"."""
    found = rule.choice("op", Op) or Op.GTE
    meant = _UPWARDS.get(found)
    if meant is not None:
        rule.warn(
            "op",
            f"“{found}” alerts while the burn rate is low. Most likely “{meant}” is meant: it is "
            f"imported so.",
            f"Write op: {meant}.",
        )
    return found


def _lookback(rule: Place) -> Duration:
    found = rule.duration("lookbackWindow")
    if found is None or found.count == 0 or not found.is_exact:
        if found is not None or not rule.has("lookbackWindow"):
            rule.error("lookbackWindow", "This is no time to look back.", "Write such as 1h.")
        return _NOTHING
    return found


def read_target(place: Place) -> Target:
    """Read an AlertNotificationTarget, of its own document or inline in a policy."""
    place.expect("apiVersion", "kind", "metadata", "spec")
    meta = read_meta(place)
    spec = place.inside("spec", needed=True)
    if spec is None:
        return Target(meta=meta, target="")
    spec.expect("target", "description")
    return Target(
        meta=meta,
        target=spec.text("target", most=1000, needed=True),
        description=spec.description(),
    )
