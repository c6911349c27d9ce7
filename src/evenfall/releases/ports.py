"""Words of releases which other domains speak too."""

from evenfall.releases.logic.states import OPEN, RUNNING, UNDER_WAY, WAITING, State
from evenfall.releases.logic.words import URGENT, ExceptionKind, Kind, Scope, Verdict

__all__ = [
    "OPEN",
    "RUNNING",
    "UNDER_WAY",
    "URGENT",
    "WAITING",
    "ExceptionKind",
    "Kind",
    "Scope",
    "State",
    "Verdict",
]
