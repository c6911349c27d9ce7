"""What must be true of a rota before it is saved. Each check raises the error it names."""

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo, available_timezones

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, queries
from evenfall.oncall.logic.spec import (
    MINUTES_IN_WEEK,
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    WeeklyWindow,
)
from evenfall.oncall.models import MOST_SHIFT_HOURS

MOST_NAME = 120


def clean_text(text: str) -> str:
    """Without NUL, which PostgreSQL refuses, and without space around it."""
    return text.replace("\0", "").strip()


def clean_name(name: str) -> str:
    name = " ".join(clean_text(name).split())
    if not 0 < len(name) <= MOST_NAME:
        raise errors.NameMissing(field="name")
    return name


def clean_zone(zone: str) -> ZoneInfo:
    """A zone by its IANA name; anything else, also a path, is refused."""
    if zone not in available_timezones():
        raise errors.ZoneUnknown(zone=zone, field="zone")
    return ZoneInfo(zone)


def check_windows(windows: Iterable[WeeklyWindow]) -> None:
    for window in windows:
        if not all(0 <= minute < MINUTES_IN_WEEK for minute in (window.starts, window.ends)):
            raise errors.WindowOutOfWeek(field="windows")


def check_plan(
    layers: Sequence[LayerSpec], lieutenant: LieutenantRule, shadows: Sequence[LayerSpec] = ()
) -> None:
    own = lieutenant.kind is LieutenantKind.OWN_SEQUENCE
    if not layers or (own and not lieutenant.layers):
        raise errors.LayerMissing(field="layers")
    if lieutenant.kind is LieutenantKind.PERSON and lieutenant.user_id is None:
        raise errors.LieutenantPersonMissing(field="lieutenant")
    every = (*layers, *lieutenant.layers, *shadows)
    for layer in every:
        _check_layer(layer)
    named = {lieutenant.user_id} if lieutenant.user_id is not None else set()
    check_people(_people(every) | named)


def check_members(layer_name: str, members: Sequence[MemberSlot]) -> None:
    if not members:
        raise errors.MembersMissing(layer=layer_name, field="members")
    for slot in members:
        if slot.joins_on and slot.leaves_on and slot.leaves_on <= slot.joins_on:
            raise errors.MemberDates(field="members")


def check_people(user_ids: Collection[int]) -> None:
    """People who exist and may sign in: nobody else can be reached."""
    known = identity_queries.people(user_ids)
    unknown = sorted(i for i in user_ids if i not in known or not known[i].is_active)
    if unknown:
        raise errors.MemberUnknown(user_ids=", ".join(map(str, unknown)), field="members")


def _check_layer(layer: LayerSpec) -> None:
    clean_name(layer.name)
    queries.check_times(layer.pattern.starts_at)
    hours = layer.pattern.hours
    if not hours or not all(1 <= length <= MOST_SHIFT_HOURS for length in hours):
        raise errors.ShiftLength(most=MOST_SHIFT_HOURS, field="shift_hours")
    check_windows(layer.windows)
    check_members(layer.name, layer.members)


def _people(layers: Iterable[LayerSpec]) -> set[int]:
    slots = (slot for layer in layers for slot in layer.members)
    return {slot.user_id for slot in slots if slot.user_id is not None}
