"""What the rest of the budget means, and what may be done all the same."""

import enum


class BudgetState(enum.StrEnum):
    """UNKNOWN until there is data to go by."""

    UNKNOWN = "UNKNOWN"
    OK = "OK"
    WARN = "WARN"
    FROZEN = "FROZEN"


class ExceptionKind(enum.StrEnum):
    """Why somebody may go on although the budget is used up."""

    SECURITY = "security"
    P0 = "p0"
    THIRD_PARTY = "third_party"


class ReviewOutcome(enum.StrEnum):
    """What an exception turns out to have been when it is looked back at."""

    JUSTIFIED = "justified"
    FOLLOW_UP = "follow_up"
    UNJUSTIFIED = "unjustified"


class Cause(enum.StrEnum):
    """Who spent the budget."""

    INCIDENT = "incident"
    RELEASE = "release"
    MAINTENANCE = "maintenance"
    DEPENDENCY = "dependency"
    EXPERIMENT = "experiment"


class CorrectionKind(enum.StrEnum):
    """Why a time does not count."""

    MAINTENANCE = "maintenance"
    FALSE_DATA = "false_data"
    NOT_OURS = "not_ours"
    OTHER = "other"
