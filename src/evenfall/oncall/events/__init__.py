"""Facts of on-call."""

from evenfall.oncall.events.absences import (
    AbsenceAdded,
    AbsenceCancelled,
    AbsenceChanged,
    CalendarAdded,
    CalendarRemoved,
    DutyPassed,
)
from evenfall.oncall.events.fairness import (
    LoadWeightsChanged,
    ProposalApplied,
    ProposalUndone,
    ReliefOffered,
    WorkProfileChanged,
)
from evenfall.oncall.events.feeds import (
    FeedCreated,
    FeedRevoked,
    PublicPageClosed,
    PublicPageOpened,
)
from evenfall.oncall.events.handovers import HandoverNoteWritten, NoticeWishChanged
from evenfall.oncall.events.overrides import OverrideAdded, OverrideCancelled, OverrideMoved
from evenfall.oncall.events.requests import (
    RequestAccepted,
    RequestClosed,
    RequestDeclined,
    RequestLapsed,
    RequestMade,
    RequestMoved,
    RequestOffered,
    UndoAsked,
)
from evenfall.oncall.events.rotas import RotaChanged, RotaCreated, RotaDeleted

__all__ = [
    "AbsenceAdded",
    "AbsenceCancelled",
    "AbsenceChanged",
    "CalendarAdded",
    "CalendarRemoved",
    "DutyPassed",
    "FeedCreated",
    "FeedRevoked",
    "HandoverNoteWritten",
    "LoadWeightsChanged",
    "NoticeWishChanged",
    "OverrideAdded",
    "OverrideCancelled",
    "OverrideMoved",
    "ProposalApplied",
    "ProposalUndone",
    "PublicPageClosed",
    "PublicPageOpened",
    "ReliefOffered",
    "RequestAccepted",
    "RequestClosed",
    "RequestDeclined",
    "RequestLapsed",
    "RequestMade",
    "RequestMoved",
    "RequestOffered",
    "RotaChanged",
    "RotaCreated",
    "RotaDeleted",
    "UndoAsked",
    "WorkProfileChanged",
]
