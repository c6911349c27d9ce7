"""What can be wrong with a question about a schedule, or a word about it."""

from evenfall.platform.errors import Invalid


class TimeOutOfRange(Invalid):
    """Times lie between the years {first} and {last}. Check the year."""

    code = "oncall.time_out_of_range"


class StretchTooLong(Invalid):
    """A schedule covers at most {most} days and ends after it starts. Ask for less at once."""

    code = "oncall.stretch_too_long"


class HandoverNoteTooLong(Invalid):
    """A note for the next one has at most {most} characters. Put the rest into the runbook."""

    code = "oncall.handover_note_too_long"
