"""The tables of incidents. Rows are written by `actions` and `reactions` only; times are UTC."""

from evenfall.incidents.models.approving import ApprovalRule, ProposedText
from evenfall.incidents.models.causes import IncidentCause
from evenfall.incidents.models.hearing import Called, LifeHeard, Listener, TextHeard
from evenfall.incidents.models.incident import (
    ENDED_STATES,
    IS_LIVE,
    LIVE_STATES,
    SEARCH_CONFIG,
    Incident,
    IncidentAlert,
    Note,
)
from evenfall.incidents.models.insiders import Insider
from evenfall.incidents.models.promises import LongIncident, Promise, Update, UpdateText
from evenfall.incidents.models.roles import HandoverCard, RoleAssignment
from evenfall.incidents.models.suspects import SuspectVerdict
from evenfall.incidents.models.tasks import Task
from evenfall.incidents.models.timeline import Mark, NoteImage, NoteVersion

__all__ = [
    "ENDED_STATES",
    "IS_LIVE",
    "LIVE_STATES",
    "SEARCH_CONFIG",
    "ApprovalRule",
    "Called",
    "HandoverCard",
    "Incident",
    "IncidentAlert",
    "IncidentCause",
    "Insider",
    "LifeHeard",
    "Listener",
    "LongIncident",
    "Mark",
    "Note",
    "NoteImage",
    "NoteVersion",
    "Promise",
    "ProposedText",
    "RoleAssignment",
    "SuspectVerdict",
    "Task",
    "TextHeard",
    "Update",
    "UpdateText",
]
