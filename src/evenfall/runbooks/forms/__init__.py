"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.runbooks.forms.documents import (
    EXAMPLE,
    FolderForm,
    LinksForm,
    MissingForm,
    RunbookForm,
    initial_of,
)
from evenfall.runbooks.forms.repositories import RepositoryForm
from evenfall.runbooks.forms.runners import RunnerForm
from evenfall.runbooks.forms.steps import ParameterForm, StartForm, StepForm

__all__ = [
    "EXAMPLE",
    "FolderForm",
    "LinksForm",
    "MissingForm",
    "ParameterForm",
    "RepositoryForm",
    "RunbookForm",
    "RunnerForm",
    "StartForm",
    "StepForm",
    "initial_of",
]
