"""The tables of incidents. Rows are written by `actions` and `reactions` only; times are UTC."""

from evenfall.incidents.models.incident import LIVE_STATES, Incident, IncidentAlert, Note

__all__ = ["LIVE_STATES", "Incident", "IncidentAlert", "Note"]
