"""An SLO: what is promised about an indicator, over which time."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from evenfall.slo.logic.openslo.durations import Duration, Unit
from evenfall.slo.logic.openslo.indicators import read_indicator
from evenfall.slo.logic.openslo.meta import read_meta
from evenfall.slo.logic.openslo.places import Place
from evenfall.slo.logic.openslo.policies import read_policy
from evenfall.slo.logic.openslo.structs import (
    AlertPolicy,
    Budgeting,
    Indicator,
    Meta,
    Objective,
    Op,
    Slo,
    Window,
)

_SPEC: Final = [
    "description",
    "service",
    "indicator",
    "indicatorRef",
    "timeWindow",
    "budgetingMethod",
    "objectives",
    "alertPolicies",
]
_OBJECTIVE: Final = [
    "displayName",
    "op",
    "value",
    "target",
    "targetPercent",
    "timeSliceTarget",
    "timeSliceWindow",
    "indicator",
    "indicatorRef",
    "compositeWeight",
]
_START: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", re.ASCII)
_HUNDRED: Final = 100
_WEIGHT_MOST: Final = 1_000_000
_NOTHING: Final = Window(duration=Duration(4, Unit.WEEK), is_rolling=True)


def read_slo(place: Place) -> Slo:
    """Read a document of kind SLO; what is wrong is noted, and stands in as a default."""
    place.expect("apiVersion", "kind", "metadata", "spec")
    meta = read_meta(place)
    spec = place.inside("spec", needed=True) or replace(place, value={}, path="spec")
    spec.expect(*_SPEC)
    found = Slo(
        meta=meta,
        description=spec.description(),
        service=spec.name("service"),
        indicator=_indicator(spec, f"{meta.name}-sli"),
        indicator_ref=spec.name("indicatorRef", needed=False),
        budgeting=spec.choice("budgetingMethod", Budgeting) or Budgeting.OCCURRENCES,
        window=_window(spec),
        objectives=tuple(_objective(one, meta) for one in spec.each("objectives")),
        policies=tuple(_policies(spec)),
    )
    _check_indicator(spec, found)
    _check_objectives(spec, found)
    return found


def _indicator(place: Place, name: str) -> Indicator | None:
    inline = place.inside("indicator")
    if inline is None:
        return None
    if not inline.has("metadata"):
        # The specification wants it, yet many written by hand go without: nobody refers to it.
        inline = replace(inline, value={**inline.value, "metadata": {"name": name[:63]}})
    return read_indicator(inline)


def _window(spec: Place) -> Window:
    windows = list(spec.each("timeWindow"))
    if len(windows) != 1:
        spec.error("timeWindow", "There must be exactly one time window.", "Write one.")
    if not windows:
        return _NOTHING
    place = windows[0]
    place.expect("duration", "isRolling", "calendar")
    duration = place.duration("duration") or _NOTHING.duration
    if not place.has("duration"):
        place.error("duration", "This is missing.", "Write such as 28d.")
    if duration.count == 0:
        place.error("duration", "A window of no length holds nothing.", "Write such as 28d.")
    calendar = place.inside("calendar")
    is_rolling = place.truth("isRolling", otherwise=calendar is None)
    if is_rolling and calendar is not None:
        place.error(
            "calendar", "A rolling window has no calendar.", "Remove it, or write isRolling: false."
        )
    if calendar is None:
        if not is_rolling:
            place.error("calendar", "This is missing.", "Write startTime and timeZone.")
        return Window(duration=duration, is_rolling=is_rolling)
    return Window(duration=duration, is_rolling=is_rolling, **_calendar(calendar))


def _calendar(place: Place) -> dict[str, str]:
    place.expect("startTime", "timeZone")
    start, zone = place.text("startTime", needed=True), place.text("timeZone", needed=True)
    try:
        is_time = bool(_START.fullmatch(start)) and bool(datetime.fromisoformat(start))
    except ValueError:
        is_time = False
    if start and not is_time:
        place.error(
            "startTime", "This is not a time.", "Write YYYY-MM-DD hh:mm:ss, without a zone."
        )
    if zone and not _is_zone(zone):
        place.error(
            "timeZone", f"“{zone[:60]}” is no time zone.", "Write such as Europe/Vienna or UTC."
        )
    return {"starts_at": start.replace("T", " "), "zone": zone}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        # ZoneInfo raises as files do: a directory, a name too long, one that goes upwards
        return False
    return True


def _objective(place: Place, meta: Meta) -> Objective:
    place.expect(*_OBJECTIVE)
    value, weight = place.number("value"), place.number("compositeWeight")
    if weight is not None and not 0 < weight <= _WEIGHT_MOST:
        place.error("compositeWeight", "A weight is more than 0.", "Write such as 1.")
    slice_target = place.number("timeSliceTarget")
    if slice_target is not None and not 0 < slice_target <= 1:
        place.error("timeSliceTarget", "This is a share above 0.", "Write such as 0.95.")
    return Objective(
        display_name=place.text("displayName", most=200),
        op=place.choice("op", Op, needed=False),
        value=float(value) if value is not None else None,
        target=_target(place),
        slice_target=slice_target,
        slice_window=_slice_window(place),
        indicator=_indicator(place, f"{meta.name}-sli"),
        indicator_ref=place.name("indicatorRef", needed=False),
        weight=float(weight) if weight is not None else None,
    )


def _slice_window(place: Place) -> Duration | None:
    found = place.duration("timeSliceWindow", minutes=True)
    if found is not None and (found.count == 0 or not found.is_exact):
        place.error("timeSliceWindow", "A slice is some minutes long.", "Write such as 5m.")
        return None
    return found


def _target(place: Place) -> Decimal:
    """The share that is promised: of `target` or `targetPercent`, exactly one of them."""
    share, percent = place.number("target"), place.number("targetPercent")
    if place.has("target") == place.has("targetPercent"):
        place.error("", "An objective has one target.", "Write either target or targetPercent.")
    if share is not None and not 0 <= share < 1:
        todo = "Write such as 0.999."
        if 1 <= share < _HUNDRED:
            todo = f"Write targetPercent: {share}, or target: {share / _HUNDRED}."
        place.error("target", "A target is a share from 0 to below 1.", todo)
    if percent is not None and not 0 <= percent < _HUNDRED:
        place.error(
            "targetPercent", "This is a percent from 0 to below 100.", "Write such as 99.9."
        )
    if percent is not None and 0 < percent < 1:
        place.warn(
            "targetPercent",
            f"{percent} percent is next to nothing.",
            f"If you mean the share {percent}, write target.",
        )
    if share is not None:
        return share
    return percent / _HUNDRED if percent is not None else Decimal(0)


def _policies(spec: Place) -> list[AlertPolicy | str]:
    found: list[AlertPolicy | str] = []
    for number, one in enumerate(spec.list_of("alertPolicies")):
        path = f"alertPolicies[{number}]"
        if isinstance(one, str):
            found.append(replace(spec, value={path: one}).name(path))
        elif isinstance(one, dict):
            place = replace(spec, value=one, path=spec.at(path))
            is_reference = "alertPolicyRef" in one
            found.append(place.name("alertPolicyRef") if is_reference else read_policy(place))
        else:
            spec.error(path, "This is no alert policy.", "Write its name, or write it inline.")
    return found


def _check_indicator(spec: Place, found: Slo) -> None:
    here = bool(found.indicator) + bool(found.indicator_ref)
    members = [bool(one.indicator) + bool(one.indicator_ref) for one in found.objectives]
    if found.is_composite:
        if here:
            spec.error(
                "indicator" if found.indicator else "indicatorRef",
                "A composite has its indicators in its objectives.",
                "Remove this one, or those in the objectives.",
            )
        for number, count in enumerate(members):
            if count != 1:
                spec.error(
                    f"objectives[{number}]",
                    "Each objective of a composite has one indicator.",
                    "Write either indicator or indicatorRef.",
                )
    elif here != 1:
        spec.error("", "An SLO has one indicator.", "Write either indicator or indicatorRef.")


def _check_objectives(spec: Place, found: Slo) -> None:
    if not found.objectives:
        spec.error("objectives", "There is no objective.", "Write at least one, with a target.")
    for number, one in enumerate(found.objectives):
        _check_slices(spec, f"objectives[{number}]", found.budgeting, one)
        if one.weight is not None and not one.is_member:
            spec.warn(
                f"objectives[{number}].compositeWeight",
                "Only a composite weighs its objectives.",
                "Remove it.",
            )


def _check_slices(spec: Place, path: str, budgeting: Budgeting, one: Objective) -> None:
    is_slices = budgeting is Budgeting.TIMESLICES
    if is_slices and one.slice_target is None:
        spec.error(
            f"{path}.timeSliceTarget",
            "This is missing.",
            "Write from which share on a slice is good, such as 0.95.",
        )
    if budgeting is not Budgeting.OCCURRENCES and one.slice_window is None:
        spec.error(f"{path}.timeSliceWindow", "This is missing.", "Write such as 1m.")
    if not is_slices and one.slice_target is not None:
        spec.warn(f"{path}.timeSliceTarget", f"{budgeting} does not use this.", "Remove it.")
    if budgeting is Budgeting.OCCURRENCES and one.slice_window is not None:
        # The specification lets it set how often a source is asked; we ask every minute.
        spec.warn(
            f"{path}.timeSliceWindow",
            "With Occurrences this only says how often to ask; every minute is asked here.",
            "Nothing needs to be done.",
        )
