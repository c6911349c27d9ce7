"""Schedules: the shifts of each, by level, with overrides.

Shifts of one level are on call together; where they share hours, the schedule becomes several
rotas.
"""

from collections.abc import Mapping
from datetime import datetime
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
)
from evenfall.integrations.grafana_oncall import events, rotations
from evenfall.integrations.grafana_oncall.shapes import Schedule, Shift
from evenfall.oncall.ports import LayerSpec

ONCE = frozenset({"single_event", "override"})
REPEATED = frozenset({"recurrent_event", "rolling_users"})


def read(export: Export, notes: Notes, *, now: datetime) -> list[RotaDraft]:
    shifts = {item.read(Shift).id: item for item in export.of("on_call_shifts")}
    rotas: list[RotaDraft] = []
    for item in export.of("schedules"):
        reading = _Reading(item, shifts, notes, now)
        for rota in reading.rotas():
            rotas.append(replace(rota, key=len(rotas) + 1))
    return rotas


class _Reading:
    """One schedule while it is being read."""

    def __init__(self, item: Item, shifts: Mapping[str, Item], notes: Notes, now: datetime) -> None:
        self.read = item.read(Schedule)
        self.where, self.shifts, self.notes, self.now = item.where, shifts, notes, now
        self.name = self.read.name or self.read.id
        self.zone = zone_of(self.read.time_zone, f"{self.where}.time_zone")

    def rotas(self) -> list[RotaDraft]:
        if self.read.type == "ical":
            why = "The shifts stand in a calendar outside of OnCall, not in the export."
            todo = "Plan the rota here by hand."
            self.notes.cannot(f"{self.where}.type", self.name, why, todo)
            return []
        levelled: list[tuple[int, LayerSpec]] = []
        overrides: list[OverrideDraft] = []
        for number, shift_id in enumerate(self.read.shifts or ()):
            item = self.shifts.get(shift_id)
            if item is None:
                why = f"The export has no shift {shift_id}."
                todo = "Fetch the shifts too and upload again."
                self.notes.cannot(f"{self.where}.shifts[{number}]", self.name, why, todo)
                continue
            self._read_shift(item, levelled, overrides)
        return self._made(levelled, overrides)

    def _read_shift(
        self,
        item: Item,
        levelled: list[tuple[int, LayerSpec]],
        overrides: list[OverrideDraft],
    ) -> None:
        shift = item.read(Shift)
        zone = zone_of(shift.time_zone, f"{item.where}.time_zone") if shift.time_zone else self.zone
        about = f"{self.name}, {shift.name or shift.id}"
        if shift.type in ONCE:
            overrides += events.overrides(shift, item.where, about, zone, self.notes, now=self.now)
        elif shift.type in REPEATED:
            layers = rotations.layers(shift, item.where, about, zone, self.notes, now=self.now)
            levelled += [(shift.level, layer) for layer in layers]
        else:
            why = "Expected single_event, recurrent_event, rolling_users or override."
            raise Unreadable(f"{item.where}.type", why)

    def _made(
        self, levelled: list[tuple[int, LayerSpec]], overrides: list[OverrideDraft]
    ) -> list[RotaDraft]:
        if not levelled:
            why = "No shift of this schedule repeats, so there is no rota to make."
            self.notes.cannot(self.where, self.name, why, "Plan the rota here by hand.")
        return [
            RotaDraft(
                key=0,
                origin=self.read.id if number == 0 else f"{self.read.id}#{number + 1}",
                schedule=self.read.id,
                name=self.name if number == 0 else f"{self.name}, seat {number + 1}",
                zone=self.zone,
                layers=seat,
                overrides=tuple(overrides),
            )
            for number, seat in enumerate(seats(levelled))
        ]


def zone_of(name: str | None, where: str) -> ZoneInfo:
    """The zone of this name; OnCall means UTC where it says nothing."""
    if not name:
        return ZoneInfo("UTC")
    if name not in available_timezones():
        raise Unreadable(where, "This is no time zone that is known here.")
    return ZoneInfo(name)
