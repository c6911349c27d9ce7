"""The tables of on-call. Rows are written by `actions` only."""

from evenfall.oncall.models.absences import (
    MOST_ABSENCE_NOTE,
    MOST_WORD,
    MOST_WORDS,
    Absence,
    CalendarFeed,
    Source,
    StandIn,
)
from evenfall.oncall.models.fairness import (
    AppliedProposal,
    LoadWeights,
    ReliefOffer,
    WorkProfile,
)
from evenfall.oncall.models.feeds import DutyFeed
from evenfall.oncall.models.handovers import (
    MOST_HANDOVER_NOTE,
    HandoverNote,
    NoticePlan,
    NoticeWish,
    ShiftNotice,
    SummaryTurn,
)
from evenfall.oncall.models.overrides import MOST_OVERRIDE_DAYS, Override
from evenfall.oncall.models.public import PublicPage
from evenfall.oncall.models.requests import LIVE_STATES, Offer, ShiftRequest
from evenfall.oncall.models.rotas import MOST_SHIFT_HOURS, Layer, Member, Plan, Rota

__all__ = [
    "LIVE_STATES",
    "MOST_ABSENCE_NOTE",
    "MOST_HANDOVER_NOTE",
    "MOST_OVERRIDE_DAYS",
    "MOST_SHIFT_HOURS",
    "MOST_WORD",
    "MOST_WORDS",
    "Absence",
    "AppliedProposal",
    "CalendarFeed",
    "DutyFeed",
    "HandoverNote",
    "Layer",
    "LoadWeights",
    "Member",
    "NoticePlan",
    "NoticeWish",
    "Offer",
    "Override",
    "Plan",
    "PublicPage",
    "ReliefOffer",
    "Rota",
    "ShiftNotice",
    "ShiftRequest",
    "Source",
    "StandIn",
    "SummaryTurn",
    "WorkProfile",
]
