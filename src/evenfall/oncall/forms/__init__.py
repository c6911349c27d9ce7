"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.oncall.forms.overrides import OverrideForm
from evenfall.oncall.forms.rotas import NewRotaForm, RotaForm, initial_of

__all__ = ["NewRotaForm", "OverrideForm", "RotaForm", "initial_of"]
