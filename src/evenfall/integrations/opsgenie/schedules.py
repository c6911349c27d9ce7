"""Schedules: rotations, time restrictions and overrides.

In Opsgenie every rotation of a schedule is on call at the same time; where two share hours, the
schedule becomes several rotas.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from msgspec.structs import replace

from evenfall.importing.ports import (
    Export,
    Item,
    Notes,
    OverrideDraft,
    RotaDraft,
    Unreadable,
    seats,
    short_name,
    turns,
)
from evenfall.integrations.opsgenie.shapes import (
    Named,
    Override,
    Restriction,
    Rotation,
    Schedule,
)
from evenfall.oncall.ports import (
    LayerSpec,
    MemberSlot,
    OverrideKind,
    OverrideSpec,
    Role,
    ShiftPattern,
    WeeklyWindow,
)

HOURS = {"hourly": 1, "daily": 24, "weekly": 168}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK = "Look at the comparison of the next weeks."


def read(export: Export, notes: Notes, *, now: datetime) -> list[RotaDraft]:
    overrides = _overrides(export, notes, now)
    rotas: list[RotaDraft] = []
    for item in export.of("schedules"):
        schedule = item.read(Schedule)
        layers = _layers(item, schedule, notes, now)
        for number, seat in enumerate(seats((0, layer) for layer in layers)):
            rota = _rota(schedule, number, seat)
            found = tuple(overrides.get(schedule.id, ()))
            rotas.append(replace(rota, key=len(rotas) + 1, overrides=found))
    return rotas


def _rota(schedule: Schedule, number: int, layers: tuple[LayerSpec, ...]) -> RotaDraft:
    name = schedule.name or schedule.id
    return RotaDraft(
        key=0,
        origin=schedule.id if number == 0 else f"{schedule.id}#{number + 1}",
        schedule=schedule.id,
        name=name if number == 0 else f"{name}, seat {number + 1}",
        description=schedule.description or "",
        team=(schedule.owner_team.name or "") if schedule.owner_team else "",
        zone=ZoneInfo(schedule.timezone),
        layers=layers,
    )


def _layers(item: Item, schedule: Schedule, notes: Notes, now: datetime) -> list[LayerSpec]:
    about = schedule.name or schedule.id
    if schedule.timezone not in available_timezones():
        raise Unreadable(f"{item.where}.timezone", "This is no time zone that is known here.")
    if not schedule.rotations:
        why = "The export has no rotations of this schedule."
        todo = "Fetch the schedules with expand=rotation and upload again."
        notes.cannot(f"{item.where}.rotations", about, why, todo)
    if not schedule.enabled:
        why = "The schedule is switched off there; here it would page."
        notes.approximated(f"{item.where}.enabled", about, why, "Delete the rota if unwanted.")
    found = [
        _Reading(rotation, f"{item.where}.rotations[{number}]", schedule, notes).layer(now)
        for number, rotation in enumerate(schedule.rotations or ())
    ]
    return [layer for layer in found if layer is not None]


class _Reading:
    """One rotation while it is being read."""

    def __init__(self, read: Rotation, where: str, schedule: Schedule, notes: Notes) -> None:
        self.read, self.where, self.notes = read, where, notes
        self.zone = ZoneInfo(schedule.timezone)
        self.about = f"{schedule.name or schedule.id}, {read.name or 'rotation'}"

    def layer(self, now: datetime) -> LayerSpec | None:
        if self.read.end_date is not None and self.read.end_date <= now:
            self.notes.ignored(self.where, self.about, "This rotation is over.", "")
            return None
        hours = self._hours()
        if not self.read.participants or hours is None:
            return None
        whole = LayerSpec(
            name=short_name(self.read.name, "Rotation"),
            zone=self.zone,
            pattern=ShiftPattern(starts_at=self._wall(self.read.start_date), hours=(hours,)),
            members=tuple(self._members(self.read.participants)),
            windows=self._windows(),
        )
        return self._ended(self._counted(whole))

    def _hours(self) -> int | None:
        unit = HOURS.get(self.read.type)
        if unit is None:
            raise Unreadable(f"{self.where}.type", "Expected hourly, daily or weekly.")
        hours = unit * self.read.length
        if hours > turns.MOST_HOURS:
            why = f"A turn lasts at most {turns.MOST_HOURS} hours here."
            todo = "Plan this rotation by hand, or with overrides."
            self.notes.cannot(f"{self.where}.length", self.about, why, todo)
            return None
        return hours

    def _members(self, participants: list[Named]) -> Iterator[MemberSlot]:
        for number, one in enumerate(participants):
            if one.is_user:
                yield MemberSlot(user_id=person(one, self.notes))
                continue
            if one.type != "none":
                why = f"A turn belongs to one person here, not to a whole {one.type}."
                todo = "Choose people for this place, which stays empty until then."
                where = f"{self.where}.participants[{number}]"
                self.notes.cannot(where, f"{self.about}: {one.spoken}", why, todo)
            yield MemberSlot(user_id=None)

    def _windows(self) -> tuple[WeeklyWindow, ...]:
        given = self.read.time_restriction
        if given is None:
            return ()
        if given.restriction is not None:
            return turns.daily(_start(given.restriction), _length(given.restriction))
        found: list[WeeklyWindow] = []
        for number, one in enumerate(given.restrictions or ()):
            where = f"{self.where}.timeRestriction.restrictions[{number}]"
            first, last = _day(one.start_day, where), _day(one.end_day or one.start_day, where)
            length = (last - first) % 7 * turns.DAY + one.end_hour * 60 + one.end_min - _start(one)
            length = length % turns.WEEK or turns.WEEK
            if length == turns.WEEK:
                return ()
            found.append(turns.window(first, _start(one), length))
        return tuple(found)

    def _counted(self, layer: LayerSpec) -> LayerSpec:
        """The layer with turns as Opsgenie counts them: also those that nobody works."""
        line = turns.by_calendar(layer.pattern, layer.windows, layer.members)
        if line is None:
            why = "The turns and the restrictions repeat too rarely to be written down exactly."
            self.notes.approximated(f"{self.where}.timeRestriction", self.about, why, LOOK)
            return layer
        return replace(layer, members=line)

    def _ended(self, layer: LayerSpec) -> LayerSpec:
        if self.read.end_date is None:
            return layer
        why = "The rotation ends at a time of day; here the shifts end that began before that day."
        self.notes.approximated(f"{self.where}.endDate", self.about, why, LOOK)
        return turns.ending(layer, self._wall(self.read.end_date))

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0)


def person(one: Named, notes: Notes) -> int:
    """The key of a user, wherever their name and address stand."""
    address = next((text for text in (one.username, one.name) if text and "@" in text), "")
    return notes.person(one.id or address, name=one.name or "", email=address)


def _start(one: Restriction) -> int:
    return one.start_hour * 60 + one.start_min


def _length(one: Restriction) -> int:
    return (one.end_hour * 60 + one.end_min - _start(one)) % turns.DAY or turns.DAY


def _day(name: str | None, where: str) -> int:
    if (name or "").lower() not in DAYS:
        raise Unreadable(f"{where}.startDay", "Expected the English name of a weekday.")
    return DAYS.index((name or "").lower())


def _overrides(export: Export, notes: Notes, now: datetime) -> dict[str, list[OverrideDraft]]:
    found: dict[str, list[OverrideDraft]] = defaultdict(list)
    for item in export.of("overrides"):
        override = item.read(Override)
        if not item.about:
            why = "It does not say which schedule this belongs to. Name the file "
            raise Unreadable(item.where, why + "overrides/SCHEDULE_ID.json.")
        if now < override.end_date and override.start_date < override.end_date:
            made = _override(override, item, notes)
            if made is not None:
                found[item.about].append(made)
    return found


def _override(override: Override, item: Item, notes: Notes) -> OverrideDraft | None:
    about = f"override {override.alias}"
    if not override.user.is_user and override.user.type != "none":
        why = f"One person takes over here, not a whole {override.user.type}."
        notes.cannot(f"{item.where}.user", about, why, "Add an override by hand.")
        return None
    if override.rotations:
        why = "An override of some rotations becomes one of the whole schedule."
        notes.approximated(f"{item.where}.rotations", about, why, LOOK)
    takes = override.user.is_user
    return OverrideDraft(
        origin=override.alias or override.start_date.isoformat(),
        spec=OverrideSpec(
            role=Role.PRIMARY,
            kind=OverrideKind.REPLACE if takes else OverrideKind.REMOVE,
            starts_at=override.start_date.astimezone(UTC),
            ends_at=override.end_date.astimezone(UTC),
            user_id=person(override.user, notes) if takes else None,
            note="From Opsgenie",
        ),
    )
