"""How bad incidents are, what upper domains can add to the page of one, how alike texts are."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

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
from evenfall.platform.panels import Panels

if TYPE_CHECKING:
    from evenfall.incidents.queries import IncidentView

__all__ = [
    "Answers",
    "Audience",
    "Duty",
    "Foreseen",
    "Incidents",
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
    "usual",
    "word_list",
    "words",
]


panels: "Panels[[IncidentView, Viewer]]" = Panels()
"""What upper domains show beside an incident to the one who looks."""

type ReadVisible = Callable[[Mapping[int, int | None]], Collection[int]]

_visible: dict[str, ReadVisible] = {}


def register_visibility(name: str, read: ReadVisible) -> None:
    """Let `read` say which incidents the public sees; it gets their services by incident id."""
    _visible[name] = read


def visible(services: Mapping[int, int | None]) -> frozenset[int]:
    """Return those of these incidents that the public sees somewhere; a query for each place."""
    if not services:
        return frozenset()
    return frozenset(number for read in _visible.values() for number in read(services))
