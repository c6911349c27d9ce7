"""The tables of incidents. Rows are written by `actions` and `reactions` only; times are UTC."""

from evenfall.incidents.models.incident import LIVE_STATES, Incident, IncidentAlert, Note
from evenfall.incidents.models.timeline import Mark, NoteImage, NoteVersion

__all__ = [
    "LIVE_STATES",
    "Incident",
    "IncidentAlert",
    "Mark",
    "Note",
    "NoteImage",
    "NoteVersion",
]
