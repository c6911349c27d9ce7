"""The map of pages: what the side navigation, the dock and the `g` shortcuts lead to."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the map. key: the letter after `g`, or ""; needs: the value of a permission."""

    label: str
    path: str
    icon: str
    key: str = ""
    needs: str = "view"


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    places: tuple[Place, ...]


TONIGHT = Place("Tonight", "/", "tonight", "t")
INCIDENTS = Place("Incidents", "/incidents/", "incident", "i")
PROMISES = Place("Promises due", "/promises/", "ack", "d")
ALERTS = Place("Alerts", "/alerts/", "alert", "a")
ON_CALL = Place("On call", "/oncall/", "oncall", "o")

DOCK = (TONIGHT, INCIDENTS, ALERTS, ON_CALL)
SECTIONS = (
    Section("", (TONIGHT, INCIDENTS, PROMISES, ALERTS, ON_CALL)),
    Section(
        "Who and how",
        (
            Place("Services", "/services/", "service", "s"),
            Place("Rotas", "/rotas/", "rota", "r"),
            Place("Policies", "/policies/", "policy", "p"),
            Place("Runbooks", "/runbooks/", "runbook", "b"),
            Place("Runs", "/runs/", "working"),
            Place("Pages", "/pages/", "phone", "g"),
            Place("Reach", "/reports/reach/", "chart"),
            Place("Status pages", "/status-pages/", "globe"),
            Place("People", "/people/", "people", "e"),
            Place("Teams", "/teams/", "team"),
        ),
    ),
    Section(
        "Learning",
        (
            Place("Review", "/triage/", "inbox"),
            Place("Post-mortems", "/postmortems/", "note"),
            Place("Actions", "/actions/", "check"),
            Place("Patterns", "/patterns/", "swap"),
        ),
    ),
    Section(
        "Signals",
        (
            Place("Integrations", "/integrations/", "integration", "n"),
            Place("Routing rules", "/rules/", "rule", "u"),
            Place("Silences", "/silences/", "silence", "l"),
            Place("Maintenance", "/maintenance/", "maintenance", "m"),
        ),
    ),
    Section(
        "This installation",
        (
            Place("Chat rooms", "/chat/rooms/", "note", needs="manage"),
            Place("Settings", "/settings/", "settings", needs="administer"),
            Place("Audit", "/audit/", "audit", needs="manage"),
        ),
    ),
)


def current(path: str, places: Sequence[Place]) -> Place | None:
    """The place a path belongs to: the longest prefix; Tonight only for exactly "/"."""
    fitting = [place for place in places if _within(path, place.path)]
    return max(fitting, key=lambda place: len(place.path), default=None)


def _within(path: str, root: str) -> bool:
    return path == root if root == "/" else path.startswith(root)


def visible(section: Section, permissions: frozenset[str]) -> Section:
    """The section without the places a viewer could not open."""
    return Section(section.title, tuple(p for p in section.places if p.needs in permissions))
