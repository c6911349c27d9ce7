"""What upper domains can add to the page of an incident."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evenfall.identity.permissions import Viewer


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A card at the side of the page. `template` reads `panel`, which is the context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


type ReadPanel = Callable[[int, Viewer], Panel | None]

_panels: dict[str, ReadPanel] = {}


def register_panel(name: str, read: ReadPanel) -> None:
    """Show what `read` returns for an incident's id and its viewer; None shows nothing."""
    _panels[name] = read


def panels(incident_id: int, viewer: Viewer) -> list[Panel]:
    """The panels of this incident for this viewer, in the order registered."""
    found = (read(incident_id, viewer) for read in _panels.values())
    return [panel for panel in found if panel is not None]
