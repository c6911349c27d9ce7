"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.paging.forms.calling import CallForm
from evenfall.paging.forms.policies import Editor, PolicyForm, StepForm
from evenfall.paging.forms.rules import RuleForm, RulesEditor
from evenfall.paging.forms.targets import target_choices

__all__ = [
    "CallForm",
    "Editor",
    "PolicyForm",
    "RuleForm",
    "RulesEditor",
    "StepForm",
    "target_choices",
]
