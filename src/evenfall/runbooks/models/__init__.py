"""Tables of runbooks: documents and how they are used, steps and how they ran."""

from evenfall.runbooks.models.documents import (
    AlertLink,
    Folder,
    Runbook,
    ServiceLink,
    Source,
    Tick,
    Use,
    Version,
)
from evenfall.runbooks.models.repositories import Repository
from evenfall.runbooks.models.runners import Runner, RunnerWork
from evenfall.runbooks.models.runs import Run, StepRun, Switch
from evenfall.runbooks.models.steps import Parameter, Step

__all__ = [
    "AlertLink",
    "Folder",
    "Parameter",
    "Repository",
    "Run",
    "Runbook",
    "Runner",
    "RunnerWork",
    "ServiceLink",
    "Source",
    "Step",
    "StepRun",
    "Switch",
    "Tick",
    "Use",
    "Version",
]
