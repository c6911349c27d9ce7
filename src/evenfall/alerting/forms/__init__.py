"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.alerting.forms.dependence import DependenceForm, HoldingForm
from evenfall.alerting.forms.ending import AutoEndForm
from evenfall.alerting.forms.inhibitions import InhibitionForm
from evenfall.alerting.forms.integrations import IntegrationForm
from evenfall.alerting.forms.quiet import MaintenanceForm, SilenceForm
from evenfall.alerting.forms.recurring import RecurringForm
from evenfall.alerting.forms.recurring import initial_of as recurring_initial
from evenfall.alerting.forms.repairs import RepairLimitsForm
from evenfall.alerting.forms.rules import RuleForm

__all__ = [
    "AutoEndForm",
    "DependenceForm",
    "HoldingForm",
    "InhibitionForm",
    "IntegrationForm",
    "MaintenanceForm",
    "RecurringForm",
    "RepairLimitsForm",
    "RuleForm",
    "SilenceForm",
    "recurring_initial",
]
