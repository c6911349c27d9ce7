"""The values a schedule is computed from, and the spans that come out."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

MINUTES_IN_WEEK = 7 * 24 * 60


class Role(StrEnum):
    """A shadow learns beside the others: never paged, and never there without a primary."""

    PRIMARY = "primary"
    LIEUTENANT = "lieutenant"
    SHADOW = "shadow"


class OverrideKind(StrEnum):
    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


class LieutenantKind(StrEnum):
    NOBODY = "nobody"
    PREVIOUS = "previous"
    NEXT = "next"
    OWN_SEQUENCE = "own_sequence"
    PERSON = "person"


class ShiftPattern(Struct, frozen=True, kw_only=True):
    """Shifts one after the other, for ever, by the clock on the wall.

    `starts_at` is the naive wall time of the first hand-over. `hours` are the lengths of the
    shifts, repeated in order: (168,) is weekly, (24,) daily, (96, 72) Monday to Friday to Monday.
    """

    starts_at: datetime
    hours: tuple[int, ...]


class WeeklyWindow(Struct, frozen=True, kw_only=True):
    """A part of every week, in minutes since Monday 00:00 on the wall; `ends` is exclusive.

    A window whose end is not after its start runs over Sunday midnight.
    """

    starts: int
    ends: int


class MemberSlot(Struct, frozen=True, kw_only=True):
    """A place in the order, for the shifts that start from `joins_on` on and before `leaves_on`.

    Without a user it is an empty place, which takes its turns and leaves a gap.
    """

    user_id: int | None
    joins_on: date | None = None
    leaves_on: date | None = None


class LayerSpec(Struct, frozen=True, kw_only=True):
    """One rotation. It counts only inside its windows (none = always)."""

    name: str
    zone: ZoneInfo
    pattern: ShiftPattern
    members: tuple[MemberSlot, ...]
    windows: tuple[WeeklyWindow, ...] = ()


class OverrideSpec(Struct, frozen=True, kw_only=True):
    """A change of one role between two instants; of two overrides the later in the list wins.

    replace: `user_id` has the role, in place of `instead_of` or, without one, of anybody or nobody.
    add:     `user_id` has the role wherever nobody has it.
    remove:  `instead_of` (without one, anybody) no longer has the role.
    """

    role: Role
    kind: OverrideKind
    starts_at: datetime
    ends_at: datetime
    user_id: int | None = None
    instead_of: int | None = None
    note: str = ""


class LieutenantRule(Struct, frozen=True, kw_only=True):
    """Who backs up the primary. `user_id` goes with PERSON, `layers` with OWN_SEQUENCE.

    With `spares_previous` whoever really had the shift before this one rests, where somebody else
    is in line: their week has just ended.
    """

    kind: LieutenantKind = LieutenantKind.NOBODY
    user_id: int | None = None
    layers: tuple[LayerSpec, ...] = ()
    spares_previous: bool = False


class PlanSpec(Struct, frozen=True, kw_only=True):
    """What holds from the instant `starts_at` until the next plan. A later layer wins.

    A change makes a new plan, so that the past stays as it was. `shadows` are the layers of those
    who learn; somebody who always comes along is the only member of one.
    """

    starts_at: datetime
    layers: tuple[LayerSpec, ...]
    lieutenant: LieutenantRule = LieutenantRule()
    shadows: tuple[LayerSpec, ...] = ()

    @property
    def all_layers(self) -> tuple[LayerSpec, ...]:
        return (*self.layers, *self.lieutenant.layers, *self.shadows)


class RotaSpec(Struct, frozen=True, kw_only=True):
    """Everything `final_schedule` needs to know; plans in the order of their starts.

    `coverage` are the hours, on the wall of `zone`, in which somebody must be on call (none =
    around the clock); it decides what counts as a gap and never who is on call.
    """

    zone: ZoneInfo
    plans: tuple[PlanSpec, ...]
    overrides: tuple[OverrideSpec, ...] = ()
    coverage: tuple[WeeklyWindow, ...] = ()


class Span(Struct, frozen=True):
    """One person in one role from `starts_at` until just before `ends_at` (UTC)."""

    user_id: int
    role: Role
    starts_at: datetime
    ends_at: datetime
    why: str


class Gap(Struct, frozen=True):
    """Time in which somebody should be on call and nobody is (UTC)."""

    starts_at: datetime
    ends_at: datetime
    why: str
