"""The values that cross the border of paging: what a page is asked for, and what humans answer."""

from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.paging.logic.policy import (
    MAX_DELAY_MINUTES,
    MAX_ROUNDS,
    MAX_STEPS,
    PolicySpec,
    StepSpec,
    TargetSpec,
)
from evenfall.paging.logic.proposals import PolicyChange
from evenfall.paging.logic.replaying import Answer, Call
from evenfall.paging.logic.rules import PersonRule
from evenfall.paging.logic.window import OpenHours, WeeklyWindow
from evenfall.paging.logic.words import (
    AtEnd,
    Reason,
    Response,
    Status,
    TargetKind,
    Urgency,
)

__all__ = [
    "ACKNOWLEDGE_TARGET",
    "MAX_DELAY_MINUTES",
    "MAX_ROUNDS",
    "MAX_STEPS",
    "MOBILISE_TARGET",
    "Answer",
    "AtEnd",
    "Call",
    "OpenHours",
    "PageContent",
    "PageRequest",
    "PersonRule",
    "PolicyChange",
    "PolicySpec",
    "Reason",
    "Response",
    "Status",
    "StepSpec",
    "TargetKind",
    "TargetSpec",
    "Urgency",
    "WeeklyWindow",
]

# Response targets, measured from the start of a page.
ACKNOWLEDGE_TARGET = timedelta(minutes=5)
MOBILISE_TARGET = timedelta(minutes=30)


class PageContent(Struct, frozen=True, kw_only=True):
    """What a page says. Plain text and addresses; `url` leads to the subject.

    `severity` is critical, error, warning, info or None (unknown). `since` is UTC. `log_lines`
    are the few that help most, oldest first.
    """

    title: str
    severity: str | None = None
    service: str = ""
    summary: str = ""
    since: datetime | None = None
    alert_count: int = 1
    url: str = ""
    runbook_url: str = ""
    dashboard_url: str = ""
    last_change: str = ""
    log_lines: tuple[str, ...] = ()


class PageRequest(Struct, frozen=True, kw_only=True):
    """The wish to reach a human about `subject` ("incident:17").

    The policy is `policy_id`, else that of the service, of the team, of the service's team, else
    the default one. `team_id` None means the service's team. `user_id` is paged first, before the
    policy; for pages that a human starts. Who has read the service says its team in
    `service_team_id`, so that it is not read again.
    """

    subject: str
    content: PageContent
    service_id: int | None = None
    service_team_id: int | None = None
    team_id: int | None = None
    policy_id: int | None = None
    user_id: int | None = None
    urgency: Urgency = Urgency.HIGH
