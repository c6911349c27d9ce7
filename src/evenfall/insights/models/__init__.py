"""The tables of insights."""

from evenfall.insights.models.proposals import Proposal
from evenfall.insights.models.waking import PagedOnce, PersonCalled, RecordedTo

__all__ = ["PagedOnce", "PersonCalled", "Proposal", "RecordedTo"]
