"""The tables of foresight."""

from evenfall.foresight.models.findings import Finding, Look
from evenfall.foresight.models.runs import Run

__all__ = ["Finding", "Look", "Run"]
