"""The tables of triage. Rows are written by `actions` and `reactions` only; times are UTC."""

from evenfall.triage.models.capacity import CapacityWeek
from evenfall.triage.models.items import Item, ItemEvent, Warned
from evenfall.triage.models.mails import ItemMail, MailSource
from evenfall.triage.models.settings import (
    BusinessCalendar,
    CalendarVersion,
    MemberSkills,
    PriorityTargets,
    TeamReview,
)

__all__ = [
    "BusinessCalendar",
    "CalendarVersion",
    "CapacityWeek",
    "Item",
    "ItemEvent",
    "ItemMail",
    "MailSource",
    "MemberSkills",
    "PriorityTargets",
    "TeamReview",
    "Warned",
]
