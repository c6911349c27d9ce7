"""What can be wrong with an absence, or a calendar it is read from."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class AbsenceNotFound(NotFound):
    """There is no absence {absence_id}. Look at the list of absences."""

    code = "oncall.absence_not_found"


class AbsenceWindowEmpty(Invalid):
    """The stretch asked for ends before it starts. Give an `until` that is later than `from`."""

    code = "oncall.absence_window_empty"


class AbsenceEmpty(Invalid):
    """An absence ends after it starts."""

    code = "oncall.absence_empty"


class AbsenceInPast(Invalid):
    """This absence would be over before it begins. Let it end in the future."""

    code = "oncall.absence_in_past"


class AbsenceTooLong(Invalid):
    """An absence lasts at most {most} days. Enter a shorter one."""

    code = "oncall.absence_too_long"


class AbsenceOver(Conflict):
    """This absence is over or was cancelled, and what was cannot be changed. Add a new one."""

    code = "oncall.absence_over"


class AbsenceOfCalendar(Conflict):
    """This absence comes from a calendar. Change it there, or remove the calendar."""

    code = "oncall.absence_of_calendar"


class AwayNow(Conflict):
    """This person is away and cannot be on call. End the absence first."""

    code = "oncall.away_now"


class CalendarNotFound(NotFound):
    """There is no such calendar, or it was removed. Look at the page of absences."""

    code = "oncall.calendar_not_found"


class CalendarOfNobody(Invalid):
    """A calendar is of one person or of one team. Choose which one."""

    code = "oncall.calendar_of_nobody"


class CalendarAddress(Invalid):
    """A calendar has an address that starts with https:// or http://. Copy its iCal address."""

    code = "oncall.calendar_address"


class CalendarWords(Invalid):
    """Give words of the events that count, at most {most}, or let every event count."""

    code = "oncall.calendar_words"


class TooManyCalendars(Conflict):
    """There are {most} calendars already, and more are not read. Remove those you do not need."""

    code = "oncall.too_many_calendars"


class PersonNotInTeam(NotFound):
    """This person is not one of the team's. Look at the loads of the team."""

    code = "oncall.person_not_in_team"
