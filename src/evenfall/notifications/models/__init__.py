"""The tables of notifications. Times are UTC; rows are written by `actions` only."""

from evenfall.notifications.models.contact_methods import ContactMethod
from evenfall.notifications.models.notices import Attempt, Notice, ResponseUse
from evenfall.notifications.models.providers import ChannelSecret, Provider

__all__ = ["Attempt", "ChannelSecret", "ContactMethod", "Notice", "Provider", "ResponseUse"]
