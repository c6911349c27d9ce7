"""Schedules: layers, restrictions, overrides, and the final schedule that PagerDuty renders."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from msgspec.structs import replace

from evenfall.importing.ports import (
    Export,
    Held,
    Item,
    Notes,
    OverrideDraft,
    RotaDraft,
    Unreadable,
    short_name,
    turns,
)
from evenfall.integrations.pagerduty.moving.shapes import (
    Layer,
    Override,
    Restriction,
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

HOUR = 3600
LOOK = "Look at the comparison of the next weeks."


def read(
    export: Export, notes: Notes, *, now: datetime
) -> tuple[list[RotaDraft], dict[str, tuple[Held, ...]]]:
    """The rotas, and by schedule whom PagerDuty says it would page."""
    overrides = _overrides(export, notes, now)
    rotas: list[RotaDraft] = []
    rendered: dict[str, tuple[Held, ...]] = {}
    for item in export.of("schedules"):
        schedule = item.read(Schedule)
        rendered[schedule.id] = tuple(_rendered(schedule, notes))
        layers = _layers(item, schedule, notes, now)
        if layers:
            found = overrides.get(schedule.id, [])
            rotas.append(_rota(len(rotas) + 1, schedule, layers, found))
    return rotas, {key: spans for key, spans in rendered.items() if spans}


def _rota(
    key: int, schedule: Schedule, layers: list[LayerSpec], overrides: list[OverrideDraft]
) -> RotaDraft:
    return RotaDraft(
        key=key,
        origin=schedule.id,
        schedule=schedule.id,
        name=_name(schedule),
        description=schedule.description or "",
        team=(schedule.teams[0].summary or "") if schedule.teams else "",
        zone=ZoneInfo(schedule.time_zone),
        layers=tuple(layers),
        overrides=tuple(overrides),
    )


def _name(schedule: Schedule) -> str:
    return schedule.name or schedule.summary or schedule.id


def _layers(item: Item, schedule: Schedule, notes: Notes, now: datetime) -> list[LayerSpec]:
    """The layers from the lowest to the highest: PagerDuty's API lists the highest first."""
    if schedule.time_zone not in available_timezones():
        raise Unreadable(f"{item.where}.time_zone", "This is no time zone that is known here.")
    if not schedule.schedule_layers:
        notes.cannot(
            f"{item.where}.schedule_layers",
            _name(schedule),
            "The export has no layers of this schedule; a list of schedules leaves them out.",
            "Fetch the schedule by its id and upload again.",
        )
        return []
    found = [
        _Reading(layer, f"{item.where}.schedule_layers[{number}]", schedule, notes).layer(now)
        for number, layer in enumerate(schedule.schedule_layers)
    ]
    return [layer for layer in reversed(found) if layer is not None]


class _Reading:
    """One layer while it is being read."""

    def __init__(self, layer: Layer, where: str, schedule: Schedule, notes: Notes) -> None:
        self.read, self.where, self.notes = layer, where, notes
        self.zone = ZoneInfo(schedule.time_zone)
        self.about = f"{_name(schedule)}, {layer.name or 'layer'}"

    def layer(self, now: datetime) -> LayerSpec | None:
        if self.read.end is not None and self.read.end <= now:
            self.notes.ignored(self.where, self.about, "This layer is over.", "")
            return None
        if not self.read.users:
            self.notes.ignored(self.where, self.about, "This layer has no users.", "")
            return None
        hours = self._hours()
        if hours is None:
            return None
        pattern = ShiftPattern(starts_at=self._wall(self.read.rotation_virtual_start), hours=hours)
        windows = self._windows()
        whole = LayerSpec(
            name=short_name(self.read.name, "Layer"),
            zone=self.zone,
            pattern=pattern,
            members=self._members(),
            windows=windows,
        )
        return self._ended(self._counted(self._started(whole, now)))

    def _hours(self) -> tuple[int, ...] | None:
        seconds = self.read.rotation_turn_length_seconds
        hours = max(1, round(seconds / HOUR))
        where = f"{self.where}.rotation_turn_length_seconds"
        if hours > turns.MOST_HOURS:
            self.notes.cannot(
                where,
                self.about,
                f"A turn lasts at most {turns.MOST_HOURS} hours here.",
                "Plan this layer by hand, or with overrides.",
            )
            return None
        if hours * HOUR != seconds:
            why = f"Shifts last whole hours here: {hours} hours were taken."
            self.notes.approximated(where, self.about, why, LOOK)
        return (hours,)

    def _members(self) -> tuple[MemberSlot, ...]:
        users = (entry.user for entry in self.read.users)
        keys = [self.notes.person(user.id, name=user.summary or "") for user in users]
        return tuple(MemberSlot(user_id=key) for key in keys)

    def _windows(self) -> tuple[WeeklyWindow, ...]:
        found: list[WeeklyWindow] = []
        for number, restriction in enumerate(self.read.restrictions or ()):
            made = self._window(restriction, f"{self.where}.restrictions[{number}]")
            if made == ():
                return ()
            found += made
        return tuple(found)

    def _window(self, restriction: Restriction, where: str) -> tuple[WeeklyWindow, ...]:
        try:
            clock = time.fromisoformat(restriction.start_time_of_day)
        except ValueError as error:
            raise Unreadable(f"{where}.start_time_of_day", "This is no time of day.") from error
        minute, length = clock.hour * 60 + clock.minute, restriction.duration_seconds // 60
        if clock.second or restriction.duration_seconds % 60:
            why = "Restrictions begin and end with whole minutes here."
            self.notes.approximated(where, self.about, why, LOOK)
        if restriction.type == "daily_restriction":
            return turns.daily(minute, max(length, 1))
        if length >= turns.WEEK:
            return ()
        return (turns.window(restriction.start_day_of_week - 1, minute, max(length, 1)),)

    def _counted(self, layer: LayerSpec) -> LayerSpec:
        """The layer with turns as PagerDuty counts them: also those that nobody works."""
        line = turns.by_calendar(layer.pattern, layer.windows, layer.members)
        if line is None:
            why = "The turns and the restrictions repeat too rarely to be written down exactly."
            self.notes.approximated(f"{self.where}.restrictions", self.about, why, LOOK)
            return layer
        return replace(layer, members=line)

    def _started(self, layer: LayerSpec, now: datetime) -> LayerSpec:
        """The layer without the turns before its own start, where that is still to come.

        Every edit in PagerDuty gives a layer a new start in the middle of a turn, so a start that
        has passed says nothing.
        """
        if self.read.start <= max(self.read.rotation_virtual_start, now):
            return layer
        return turns.starting(layer, self._wall(self.read.start))

    def _ended(self, layer: LayerSpec) -> LayerSpec:
        if self.read.end is None:
            return layer
        why = "The layer ends at a time of day; here the shifts end that began before that day."
        self.notes.approximated(f"{self.where}.end", self.about, why, LOOK)
        return turns.ending(layer, self._wall(self.read.end))

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0)


def _rendered(schedule: Schedule, notes: Notes) -> Iterator[Held]:
    final = schedule.final_schedule
    for entry in (final.rendered_schedule_entries if final else None) or ():
        if entry.user is not None and entry.start < entry.end:
            person = notes.person(entry.user.id, name=entry.user.summary or "")
            yield Held(entry.start, entry.end, person)


def _overrides(export: Export, notes: Notes, now: datetime) -> dict[str, list[OverrideDraft]]:
    found: dict[str, list[OverrideDraft]] = defaultdict(list)
    for item in export.of("overrides"):
        override = item.read(Override)
        if not item.about:
            raise Unreadable(
                item.where,
                "It does not say which schedule this override belongs to. Name the file "
                'overrides/SCHEDULE_ID.json, or put {"SCHEDULE_ID": answer} there.',
            )
        if now < override.end and override.start < override.end:
            found[item.about].append(_override(override, item.about, notes))
    return found


def _override(override: Override, schedule: str, notes: Notes) -> OverrideDraft:
    person = notes.person(override.user.id, name=override.user.summary or "")
    return OverrideDraft(
        origin=override.id or f"{schedule}@{override.start.isoformat()}",
        spec=OverrideSpec(
            role=Role.PRIMARY,
            kind=OverrideKind.REPLACE,
            starts_at=override.start.astimezone(UTC),
            ends_at=override.end.astimezone(UTC),
            user_id=person,
            note="From PagerDuty",
        ),
    )
