"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.paging.forms.calling import CallForm
from evenfall.paging.forms.policies import Editor, PolicyForm, StepForm
from evenfall.paging.forms.rules import EVERY_TEAM, HoursForm, Offered, RuleForm, RulesEditor
from evenfall.paging.forms.targets import target_choices

__all__ = [
    "EVERY_TEAM",
    "CallForm",
    "Editor",
    "HoursForm",
    "Offered",
    "PolicyForm",
    "RuleForm",
    "RulesEditor",
    "StepForm",
    "target_choices",
]
