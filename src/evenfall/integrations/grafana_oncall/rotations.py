"""Shifts that repeat, as layers: one layer for each person who is on call at the same time.

OnCall repeats an event of some length; ours are shifts without a pause between them. An event that
fills a day or a week is a shift; one that begins every day or week is a shift with hours of the
week; any other is a shift for the event and one that nobody has for the pause.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from evenfall.importing.ports import Notes, Unreadable, short_name, turns
from evenfall.integrations.grafana_oncall.shapes import Shift
from evenfall.oncall.ports import LayerSpec, MemberSlot, ShiftPattern, WeeklyWindow

HOURS = {"hourly": 1, "daily": 24, "weekly": 168}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_SEATS = 8
LOOK = "Look at the comparison of the next weeks."
type Groups = list[list[str]]


def layers(
    shift: Shift, where: str, about: str, zone: ZoneInfo, notes: Notes, *, now: datetime
) -> list[LayerSpec]:
    """The layers of one shift; none when it is over, names nobody, or cannot be said."""
    return _Reading(shift, where, about, zone, notes).layers(now)


class _Reading:
    """One repeated shift while it is being read."""

    def __init__(self, shift: Shift, where: str, about: str, zone: ZoneInfo, notes: Notes) -> None:
        self.read, self.where, self.about = shift, where, about
        self.zone, self.notes = zone, notes
        self.start = self._wall(shift.start)
        self.every = (shift.interval or 1) * HOURS.get(shift.frequency or "", 0)

    def layers(self, now: datetime) -> list[LayerSpec]:
        until = self.read.until
        if until is not None and self._instant(until) <= now:
            self.notes.ignored(self.where, self.about, "This shift is over.", "")
            return []
        groups = self._groups()
        if not groups or not self._can_be_said():
            return []
        together = max(len(group) for group in groups)
        if together > MOST_SEATS:
            why = f"At most {MOST_SEATS} people of one shift are on call together here."
            self.notes.cannot(self.where, self.about, why, "Page the team in the policy instead.")
        pattern, windows, spread = self._shape()
        return [
            self._ended(
                LayerSpec(
                    name=short_name(self.read.name, "Shift"),
                    zone=self.zone,
                    pattern=pattern,
                    members=self._members(groups, seat, spread),
                    windows=windows,
                )
            )
            for seat in range(min(together, MOST_SEATS))
        ]

    def _groups(self) -> Groups:
        """Who is on call together, turn by turn, the first turn first."""
        if self.read.type == "recurrent_event":
            return [self.read.users] if self.read.users else []
        groups = [group for group in self.read.rolling_users or () if group]
        first = (self.read.start_rotation_from_user_index or 0) % max(len(groups), 1)
        return groups[first:] + groups[:first]

    def _can_be_said(self) -> bool:
        if self.read.frequency is not None and self.read.frequency not in {*HOURS, "monthly"}:
            why = "Expected hourly, daily, weekly or monthly."
            raise Unreadable(f"{self.where}.frequency", why)
        months = self.read.by_month or self.read.by_monthday
        if self.every <= 0 or months or self.every > turns.MOST_HOURS:
            why = "Shifts by the month, or longer than eight weeks, are not known here."
            todo = "Plan them by hand, or with overrides."
            self.notes.cannot(f"{self.where}.frequency", self.about, why, todo)
            return False
        return True

    def _shape(self) -> tuple[ShiftPattern, tuple[WeeklyWindow, ...], int]:
        """The pattern, the windows, and how many shifts one turn is made of."""
        minutes, every = self.read.duration // 60, self.every * 60
        if self.read.by_day:
            return self._by_day(self.read.by_day, minutes)
        if minutes >= every:
            return self._pattern(self.start, self.every), (), 1
        clock = self.start.hour * 60 + self.start.minute
        if self.every == HOURS["daily"]:
            return self._pattern(self.start, self.every), turns.daily(clock, minutes), 1
        if self.every == HOURS["weekly"]:
            window = turns.window(self.start.weekday(), clock, minutes)
            return self._pattern(self.start, self.every), (window,), 1
        return self._with_pause(minutes)

    def _with_pause(self, minutes: int) -> tuple[ShiftPattern, tuple[WeeklyWindow, ...], int]:
        hours = min(max(1, -(-minutes // 60)), self.every)
        if hours * 60 != minutes:
            why = f"This shift lasts whole hours here: {hours} hours were taken."
            self.notes.approximated(f"{self.where}.duration", self.about, why, LOOK)
        if hours == self.every:
            return self._pattern(self.start, self.every), (), 1
        return self._pattern(self.start, hours, self.every - hours), (), 2

    def _by_day(
        self, names: Sequence[str], minutes: int
    ) -> tuple[ShiftPattern, tuple[WeeklyWindow, ...], int]:
        unknown = [name for name in names if name not in DAYS]
        if unknown:
            raise Unreadable(f"{self.where}.by_day", "Expected days as MO, TU, WE, TH, FR, SA, SU.")
        clock = self.start.hour * 60 + self.start.minute
        length = min(minutes, turns.DAY)
        days = sorted({DAYS.index(name) for name in names})
        windows = tuple(turns.window(day, clock, length) for day in days)
        if minutes > turns.DAY:
            why = "A shift on chosen days lasts at most a day here."
            self.notes.approximated(f"{self.where}.duration", self.about, why, LOOK)
        if len(days) == len(DAYS) and length == turns.DAY:
            windows = ()
        if self.read.frequency == "weekly":
            first = self._week_start()
            if self.every == HOURS["weekly"]:
                return self._pattern(first, self.every), windows, 1
            pause = self.every - HOURS["weekly"]
            return self._pattern(first, HOURS["weekly"], pause), windows, 2
        why = "A turn goes to the next person with every shift that is worked."
        self.notes.approximated(f"{self.where}.by_day", self.about, why, LOOK)
        return self._pattern(self.start, self.every), windows, 1

    def _week_start(self) -> datetime:
        """The beginning of the shift's first week, at the time of day of the shift."""
        name = (self.read.week_start or "MO")[:2].upper()
        first = DAYS.index(name) if name in DAYS else 0
        return self.start - timedelta(days=(self.start.weekday() - first) % 7)

    def _pattern(self, starts_at: datetime, *hours: int) -> ShiftPattern:
        return ShiftPattern(starts_at=starts_at, hours=hours)

    def _members(self, groups: Groups, seat: int, spread: int) -> tuple[MemberSlot, ...]:
        """Those of one seat in order, with an empty place for every pause."""
        line: list[MemberSlot] = []
        for group in groups:
            key = self.notes.person(group[seat]) if seat < len(group) else None
            line += [MemberSlot(user_id=key), *[MemberSlot(user_id=None)] * (spread - 1)]
        return tuple(line)

    def _ended(self, layer: LayerSpec) -> LayerSpec:
        if self.read.until is None:
            return layer
        why = "The shift ends at a time of day; here those end that began before that day."
        self.notes.approximated(f"{self.where}.until", self.about, why, LOOK)
        return turns.ending(layer, self._wall(self.read.until))

    def _wall(self, at: datetime) -> datetime:
        local = at.astimezone(self.zone) if at.tzinfo else at
        return local.replace(tzinfo=None, second=0, microsecond=0)

    def _instant(self, at: datetime) -> datetime:
        return at if at.tzinfo else at.replace(tzinfo=self.zone)
