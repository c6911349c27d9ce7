"""From documents back to a text that any tool of OpenSLO reads."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import yaml

from evenfall.slo.logic.openslo.structs import (
    KINDS,
    AlertPolicy,
    Condition,
    DataSource,
    Document,
    Indicator,
    Meta,
    Metric,
    Objective,
    Ratio,
    Service,
    Slo,
    Target,
    Window,
)

VERSION: Final = "openslo/v1"
_WIDTH: Final = 100


def write(documents: Iterable[Document]) -> str:
    """Return the documents as one YAML text, in their order."""
    return yaml.safe_dump_all(
        [as_plain(one) for one in documents],
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
        explicit_start=True,
    )


def as_plain(document: Document) -> dict[str, Any]:
    """Return a document as JSON has it."""
    return {"apiVersion": VERSION, **_inline(document)}


def _inline(document: Document) -> dict[str, Any]:
    return {
        "kind": KINDS[type(document)].value,
        "metadata": _meta(document.meta),
        "spec": _spec(document),
    }


def _meta(meta: Meta) -> dict[str, Any]:
    return _filled(
        name=meta.name,
        displayName=meta.display_name,
        labels={key: list(values) for key, values in meta.labels.items()},
        annotations=dict(meta.annotations),
    )


def _spec(document: Document) -> dict[str, Any]:
    writer: Callable[[Any], dict[str, Any]] = _WRITERS[type(document)]
    return writer(document)


def _data_source(found: DataSource) -> dict[str, Any]:
    details = _plain(found.details)
    return _filled(description=found.description, type=found.type, connectionDetails=details)


def _service(found: Service) -> dict[str, Any]:
    return _filled(description=found.description)


def _target(found: Target) -> dict[str, Any]:
    return _filled(target=found.target, description=found.description)


def _indicator(found: Indicator) -> dict[str, Any]:
    return _filled(
        description=found.description,
        thresholdMetric=_metric(found.threshold),
        ratioMetric=_ratio(found.ratio),
    )


def _ratio(found: Ratio | None) -> dict[str, Any]:
    if found is None:
        return {}
    counter = {} if found.raw else {"counter": found.counter}
    return counter | _filled(
        good=_metric(found.good),
        bad=_metric(found.bad),
        total=_metric(found.total),
        raw=_metric(found.raw),
        rawType=found.raw_type.value if found.raw_type else "",
    )


def _metric(found: Metric | None) -> dict[str, Any]:
    if found is None:
        return {}
    source = _filled(metricSourceRef=found.source_ref, type=found.type)
    return {"metricSource": source | {"spec": _plain(found.spec)}}


def _slo(found: Slo) -> dict[str, Any]:
    return _filled(
        description=found.description,
        service=found.service,
        indicator=_inline(found.indicator) if found.indicator else {},
        indicatorRef=found.indicator_ref,
        timeWindow=[_window(found.window)],
        budgetingMethod=found.budgeting.value,
        objectives=[_objective(one) for one in found.objectives],
        alertPolicies=[_reference(one, "alertPolicyRef") for one in found.policies],
    )


def _window(found: Window) -> dict[str, Any]:
    window: dict[str, Any] = {"duration": found.duration.text, "isRolling": found.is_rolling}
    if found.zone:
        window["calendar"] = {"startTime": found.starts_at, "timeZone": found.zone}
    return window


def _objective(found: Objective) -> dict[str, Any]:
    return _filled(
        displayName=found.display_name,
        indicator=_inline(found.indicator) if found.indicator else {},
        indicatorRef=found.indicator_ref,
        compositeWeight=found.weight,
        op=found.op.value if found.op else "",
        value=found.value,
        target=_number(found.target),
        timeSliceTarget=None if found.slice_target is None else _number(found.slice_target),
        timeSliceWindow=found.slice_window.text if found.slice_window else "",
    )


def _policy(found: AlertPolicy) -> dict[str, Any]:
    condition = [_inline(found.condition)] if found.condition else []
    reference = [{"conditionRef": found.condition_ref}] if found.condition_ref else []
    return {
        **_filled(description=found.description),
        "alertWhenBreaching": found.when_breaching,
        "alertWhenResolved": found.when_resolved,
        "alertWhenNoData": found.when_no_data,
        **_filled(
            conditions=condition + reference,
            notificationTargets=[_reference(one, "targetRef") for one in found.targets],
        ),
    }


def _condition(found: Condition) -> dict[str, Any]:
    return _filled(
        description=found.description,
        severity=found.severity,
        condition=_filled(
            kind="burnrate",
            op=found.op.value,
            threshold=found.threshold,
            lookbackWindow=found.lookback.text,
            alertAfter=found.after.text if found.after else "",
        ),
    )


def _reference(found: AlertPolicy | Target | str, key: str) -> dict[str, Any]:
    return {key: found} if isinstance(found, str) else _inline(found)


def _filled(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The fields that say something: no empty texts, lists or mappings."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _number(value: Decimal) -> float:
    return float(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


_WRITERS: Final[Mapping[type, Callable[[Any], dict[str, Any]]]] = {
    DataSource: _data_source,
    Service: _service,
    Indicator: _indicator,
    Slo: _slo,
    AlertPolicy: _policy,
    Condition: _condition,
    Target: _target,
}
