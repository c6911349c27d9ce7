"""What can be done with items for review. Import this module, not its parts."""

from evenfall.triage.actions.changing import (
    Details,
    change_item,
    override_score,
    prioritise,
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
    decline,
    finish,
    make_way,
    pause,
    pull,
    put_back,
    resume,
)
from evenfall.triage.actions.reminding import Reminded, remind
from evenfall.triage.actions.reporting import AlertTicket, NewItem, report_alerts, report_item
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

__all__ = [
    "AlertTicket",
    "CalendarWish",
    "Details",
    "IncomingMail",
    "MailSourceWish",
    "NewItem",
    "Reminded",
    "ReviewWish",
    "TargetsWish",
    "accept",
    "answer",
    "ask_reporter",
    "change_item",
    "close_intake",
    "close_mail_source",
    "decline",
    "finish",
    "make_way",
    "open_intake",
    "open_mail_source",
    "override_score",
    "pause",
    "prioritise",
    "pull",
    "put_back",
    "remind",
    "report_alerts",
    "report_item",
    "resume",
    "set_calendar",
    "set_targets",
    "set_team_review",
    "take_mail",
]
