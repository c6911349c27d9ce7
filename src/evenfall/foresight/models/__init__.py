"""The tables of foresight."""

from evenfall.foresight.models.findings import Finding, Look, LookAsked, Mended
from evenfall.foresight.models.runs import Run

__all__ = ["Finding", "Look", "LookAsked", "Mended", "Run"]
