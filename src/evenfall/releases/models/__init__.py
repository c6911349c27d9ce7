"""Tables of releases. Rows are written by `actions` only; times are UTC."""

from evenfall.releases.models.proofs import QualityResult, ReleaseException, SignOff, Tick
from evenfall.releases.models.settings import DeployWindow, Freeze, Stage, StandardChange, Stop
from evenfall.releases.models.versions import Missed, Passage, Release, Requirement, Train

__all__ = [
    "DeployWindow",
    "Freeze",
    "Missed",
    "Passage",
    "QualityResult",
    "Release",
    "ReleaseException",
    "Requirement",
    "SignOff",
    "Stage",
    "StandardChange",
    "Stop",
    "Tick",
    "Train",
]
