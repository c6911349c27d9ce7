"""Facts of absences. What kind of absence and its note are nobody else's business."""

from typing import Any, override

from msgspec import field

from evenfall.oncall.events.rotas import AboutRota
from evenfall.platform.events import Event


class AboutAbsence(Event, frozen=True, kw_only=True):
    """`before` and `after` hold the times and the source."""

    absence_id: int
    user_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"absence:{self.absence_id}", f"user:{self.user_id}", "oncall")


class AbsenceAdded(AboutAbsence, frozen=True, kw_only=True):
    kind = "oncall.absence_added"


class AbsenceChanged(AboutAbsence, frozen=True, kw_only=True):
    kind = "oncall.absence_changed"


class AbsenceCancelled(AboutAbsence, frozen=True, kw_only=True):
    kind = "oncall.absence_cancelled"


class DutyPassed(AboutRota, frozen=True, kw_only=True):
    """From this moment somebody else is on call; `from_user_id` None: nobody was.

    `hands_over`: the pager was taken, so what that person works on for the rota goes along;
    `is_away`: they are gone, so all they work on does.
    """

    kind = "oncall.duty_passed"
    rota_name: str
    from_user_id: int | None
    to_user_id: int
    hands_over: bool = False
    is_away: bool = False


class AboutCalendar(Event, frozen=True, kw_only=True):
    """A calendar that absences are read from; its address is a secret and not told."""

    calendar_id: int
    name: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"calendar:{self.calendar_id}", "oncall")


class CalendarAdded(AboutCalendar, frozen=True, kw_only=True):
    kind = "oncall.calendar_added"


class CalendarRemoved(AboutCalendar, frozen=True, kw_only=True):
    kind = "oncall.calendar_removed"
