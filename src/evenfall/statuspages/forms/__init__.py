"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.statuspages.forms.copies import CopyForm
from evenfall.statuspages.forms.looks import LookForm
from evenfall.statuspages.forms.settings import ComponentForm, GroupForm, PageForm, StatusForm
from evenfall.statuspages.forms.telling import (
    DropForm,
    PostForm,
    PreparedForm,
    RetractForm,
    UpdateForm,
    WorkForm,
    WorkStep,
)

__all__ = [
    "ComponentForm",
    "CopyForm",
    "DropForm",
    "GroupForm",
    "LookForm",
    "PageForm",
    "PostForm",
    "PreparedForm",
    "RetractForm",
    "StatusForm",
    "UpdateForm",
    "WorkForm",
    "WorkStep",
]
