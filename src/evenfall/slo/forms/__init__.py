"""What people fill in about objectives. Rules live in the actions; a form only reads and shows."""

from evenfall.slo.forms.budgets import CorrectionForm, ExceptionForm, ReviewForm
from evenfall.slo.forms.documents import OpenSloForm
from evenfall.slo.forms.objectives import ObjectiveForm, initial_of

__all__ = [
    "CorrectionForm",
    "ExceptionForm",
    "ObjectiveForm",
    "OpenSloForm",
    "ReviewForm",
    "initial_of",
]
