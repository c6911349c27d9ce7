"""How bad incidents are, what upper domains can add to the page of one, how alike texts are."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evenfall.identity.permissions import Viewer
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.duties import Duty, Review, duty
from evenfall.incidents.logic.replaying import Answers, Foreseen, Incidents, Ring, usual
from evenfall.incidents.logic.severity import Sev, loudness
from evenfall.incidents.logic.similarity import (
    Weigh,
    letters,
    likeness,
    plain_title,
    word_list,
    words,
)
from evenfall.incidents.logic.states import State

if TYPE_CHECKING:
    from evenfall.incidents.queries import IncidentView

__all__ = [
    "Answers",
    "Audience",
    "Duty",
    "Foreseen",
    "Incidents",
    "Panel",
    "ReadPanel",
    "Review",
    "Ring",
    "Sev",
    "State",
    "Weigh",
    "duty",
    "letters",
    "likeness",
    "loudness",
    "panels",
    "plain_title",
    "register_panel",
    "usual",
    "word_list",
    "words",
]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A card at the side of the page. `template` reads `panel`, which is the context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


type ReadPanel = Callable[[IncidentView, Viewer], Panel | None]

type ReadVisible = Callable[[Mapping[int, int | None]], Collection[int]]

_panels: dict[str, ReadPanel] = {}
_visible: dict[str, ReadVisible] = {}


def register_panel(name: str, read: ReadPanel) -> None:
    """Show what `read` returns for an incident and its viewer; None shows nothing."""
    _panels[name] = read


def register_visibility(name: str, read: ReadVisible) -> None:
    """Let `read` say which incidents the public sees; it gets their services by incident id."""
    _visible[name] = read


def visible(services: Mapping[int, int | None]) -> frozenset[int]:
    """Return those of these incidents that the public sees somewhere; a query for each place."""
    if not services:
        return frozenset()
    return frozenset(number for read in _visible.values() for number in read(services))


def panels(incident: "IncidentView", viewer: Viewer) -> list[Panel]:
    """The panels of an incident for its viewer, in the order registered."""
    found = (read(incident, viewer) for read in _panels.values())
    return [panel for panel in found if panel is not None]
