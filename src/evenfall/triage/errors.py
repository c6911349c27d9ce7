"""What can go wrong with items. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class ItemNotFound(NotFound):
    """There is no item {item_id} for review. See the queue."""

    code = "triage.item_not_found"


class CalendarNotFound(NotFound):
    """There is no calendar {calendar_id}. See the calendars of the review."""

    code = "triage.calendar_not_found"


class IntakeNotFound(NotFound):
    """This form is not there, or no longer. Ask whoever gave you the address."""

    code = "triage.intake_not_found"


class MailSourceNotFound(NotFound):
    """There is no address {source_id} for mail of this team, or it is closed. See its page."""

    code = "triage.mail_source_not_found"


class ItemIncomplete(Invalid):
    """{reason}"""

    code = "triage.item_incomplete"


class NotPossible(Conflict):
    """Item {item_id} is {state}: that cannot be done now. Reload the page to see what can."""

    code = "triage.not_possible"


class WeekIsOver(Invalid):
    """That week is over, or too far away. Choose one from this week on, at most a year ahead."""

    code = "triage.week_is_over"


class NotTheOriginal(Invalid):
    """Item {item_id} cannot be the original: {reason}. Choose another one."""

    code = "triage.not_the_original"


class LaneFull(Conflict):
    """In work for {whom}: {count}, and at most {limit}. Finish one first, or put it back."""

    code = "triage.lane_full"


class TooLongOnDuty(Conflict):
    """You are on call, and take items of at most {most} h: this one has {effort}."""

    code = "triage.too_long_on_duty"


class IncidentComesFirst(Conflict):
    """You answered critical incident {incident_id} ({title}). It comes first, until it is over."""

    code = "triage.incident_comes_first"
