"""What can be done with items for review. Import this module, not its parts."""

from evenfall.triage.actions.capacity import Measured, watch_capacity
from evenfall.triage.actions.changing import (
    Details,
    change_item,
    follow_pattern,
    override_score,
    prioritise,
)
from evenfall.triage.actions.leaving import (
    IncidentWish,
    decline,
    follow_incident,
    mark_duplicate,
    promote,
    reopen,
)
from evenfall.triage.actions.mail_sources import (
    MailSourceWish,
    close_mail_source,
    open_mail_source,
)
from evenfall.triage.actions.mailing import IncomingMail, take_mail
from evenfall.triage.actions.moving import (
    accept,
    answer,
    ask_reporter,
    find_unfixed,
    finish,
    fix,
    make_way,
    pause,
    pull,
    put_back,
    resume,
    schedule,
)
from evenfall.triage.actions.reminding import Reminded, remind
from evenfall.triage.actions.reporting import AlertTicket, NewItem, report_alerts, report_item
from evenfall.triage.actions.risks import accept_risk
from evenfall.triage.actions.settings import (
    CalendarWish,
    ReviewWish,
    TargetsWish,
    close_intake,
    open_intake,
    set_calendar,
    set_targets,
    set_team_review,
)
from evenfall.triage.actions.skills import set_skills

__all__ = [
    "AlertTicket",
    "CalendarWish",
    "Details",
    "IncidentWish",
    "IncomingMail",
    "MailSourceWish",
    "Measured",
    "NewItem",
    "Reminded",
    "ReviewWish",
    "TargetsWish",
    "accept",
    "accept_risk",
    "answer",
    "ask_reporter",
    "change_item",
    "close_intake",
    "close_mail_source",
    "decline",
    "find_unfixed",
    "finish",
    "fix",
    "follow_incident",
    "follow_pattern",
    "make_way",
    "mark_duplicate",
    "open_intake",
    "open_mail_source",
    "override_score",
    "pause",
    "prioritise",
    "promote",
    "pull",
    "put_back",
    "remind",
    "reopen",
    "report_alerts",
    "report_item",
    "resume",
    "schedule",
    "set_calendar",
    "set_skills",
    "set_targets",
    "set_team_review",
    "take_mail",
    "watch_capacity",
]
