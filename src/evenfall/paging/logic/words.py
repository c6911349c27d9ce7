"""The words that the whole domain shares; their values are stored, so they never change."""

from enum import StrEnum


class Urgency(StrEnum):
    """How a person is disturbed: high wakes people, low waits for working hours."""

    HIGH = "high"
    LOW = "low"


class Response(StrEnum):
    """What a human answered to a page."""

    ACKNOWLEDGE = "acknowledge"
    ON_IT = "on_it"
    ESCALATE = "escalate"
    NEED_HELP = "need_help"
    RESOLVE = "resolve"
    NOT_ACTIONABLE = "not_actionable"


class Status(StrEnum):
    """Where a page stands."""

    PAGING = "paging"  # looking for a human
    HELP = "help"  # a human answered and wants a second one: the search goes on
    ACKNOWLEDGED = "acknowledged"  # a human knows; pages again when nothing follows
    MOBILISED = "mobilised"  # hands on the keyboard
    RESOLVED = "resolved"  # closed by a human
    STOPPED = "stopped"  # closed by the system, for a named reason

    @property
    def is_closed(self) -> bool:
        return self in {Status.RESOLVED, Status.STOPPED}

    @property
    def is_seeking(self) -> bool:
        return self in {Status.PAGING, Status.HELP}


class Trigger(StrEnum):
    """What can happen to a page besides a response."""

    DUE = "due"
    SIGN_OF_LIFE = "sign_of_life"  # a note, an update: somebody works on it
    PASSED_ON = "passed_on"  # whoever holds the page handed the duty over
    STOP = "stop"


class Reason(StrEnum):
    """Why a decision was taken; shown to people, so each needs a sentence."""

    STEP_TAKEN = "step_taken"
    CALLED_BY_NAME = "called_by_name"
    TOOK_OVER = "took_over"
    SKIPPED_SEVERITY = "skipped_severity"
    SKIPPED_TIME = "skipped_time"
    CATCH_ALL = "catch_all"
    ADMINISTRATORS = "administrators"
    ACK_EXPIRED = "ack_expired"
    ACKNOWLEDGED = "acknowledged"
    MOBILISED = "mobilised"
    ESCALATED = "escalated"
    HELP_WANTED = "help_wanted"
    RESOLVED = "resolved"
    NOT_ACTIONABLE = "not_actionable"
    STOPPED = "stopped"
    KEPT_ALIVE = "kept_alive"
    NOT_DUE = "not_due"
    ALREADY_CLOSED = "already_closed"
    ALREADY_MOBILISED = "already_mobilised"
    NOTHING_TO_DO = "nothing_to_do"


class TargetKind(StrEnum):
    """Whom a step looks for. The target's `id` names a rota, team or user; None: the page's own."""

    ROTA = "rota"
    LIEUTENANT = "lieutenant"
    NEXT = "next"
    TEAM = "team"
    TEAM_LEAD = "team_lead"
    USER = "user"
    ADMINISTRATORS = "administrators"


class AtEnd(StrEnum):
    """What follows the last round. There is no silence to choose."""

    REPEAT = "repeat"
    CATCH_ALL = "catch_all"


class Hours(StrEnum):
    """When a personal rule may disturb."""

    ALWAYS = "always"
    WORKING = "working"
