"""The forms of monitors."""

from evenfall.monitors.forms.monitors import MonitorForm
from evenfall.monitors.forms.states import AcceptForm, StateForm

__all__ = ["AcceptForm", "MonitorForm", "StateForm"]
