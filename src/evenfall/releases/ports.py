"""Words of releases which other domains speak too, and what these add to the page of one."""

from typing import TYPE_CHECKING

from evenfall.identity.permissions import Viewer
from evenfall.platform.panels import Panels
from evenfall.releases.logic.states import OPEN, RUNNING, UNDER_WAY, WAITING, State
from evenfall.releases.logic.words import URGENT, ExceptionKind, Kind, Scope, Verdict

if TYPE_CHECKING:
    from evenfall.releases.queries import PassageView

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
    "panels",
]

panels: "Panels[[PassageView, Viewer]]" = Panels()
"""What upper domains show beside the passage that is open, to the one who looks."""
