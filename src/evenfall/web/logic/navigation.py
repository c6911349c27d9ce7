"""The map of pages: what the side navigation, the dock and the `g` shortcuts lead to."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace


class Place(Struct, frozen=True):
    """A page of the map. key: the letter after `g`, or ""; needs: the value of a permission.

    waits: how many decisions wait there for the reader; None where none ever does.
    """

    label: str
    path: str
    icon: str
    key: str = ""
    needs: str = "view"
    waits: int | None = None

    @property
    def name(self) -> str:
        """A word for ids in a page."""
        return self.path.strip("/")


class Section(Struct, frozen=True):
    title: str
    places: tuple[Place, ...]


TONIGHT = Place("Tonight", "/", "tonight", "t")
INCIDENTS = Place("Incidents", "/incidents/", "incident", "i")
PROMISES = Place("Promises due", "/promises/", "ack", "d")
ALERTS = Place("Alerts", "/alerts/", "alert", "a")
ON_CALL = Place("On call", "/oncall/", "oncall", "o")
RUNS = Place("Runs", "/runs/", "working")
ROLLOUTS = Place("Rollouts", "/rollouts/", "swap")
RELEASES = Place("Releases", "/releases/", "next", "v")
FINDINGS = Place("Findings", "/findings/", "warning")
STATUS_PAGES = Place("Status pages", "/status-pages/", "globe")

DOCK = (TONIGHT, INCIDENTS, ALERTS, ON_CALL)
SECTIONS = (
    Section("", (TONIGHT, INCIDENTS, PROMISES, ALERTS, ON_CALL, RELEASES)),
    Section(
        "Who and how",
        (
            Place("Services", "/services/", "service", "s"),
            Place("Objectives", "/objectives/", "target", "j"),
            Place("Changes", "/changes/", "change", "c"),
            Place("Rotas", "/rotas/", "rota", "r"),
            Place("Policies", "/policies/", "policy", "p"),
            Place("Runbooks", "/runbooks/", "runbook", "b"),
            RUNS,
            ROLLOUTS,
            Place("Pages", "/pages/", "phone", "g"),
            Place("Reach", "/reports/reach/", "chart"),
            FINDINGS,
            STATUS_PAGES,
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
            Place("Delivery", "/insights/delivery/", "chart"),
            Place("Noise", "/insights/noise/", "silence"),
        ),
    ),
    Section(
        "Signals",
        (
            Place("Monitors", "/monitors/", "ack"),
            Place("Integrations", "/integrations/", "integration", "n"),
            Place("Routing rules", "/rules/", "rule", "u"),
            Place("Inhibition", "/inhibitions/", "silence"),
            Place("Waiting for causes", "/dependence/", "silence"),
            Place("What if", "/what-if/", "swap"),
            Place("Silences", "/silences/", "silence", "l"),
            Place("Maintenance", "/maintenance/", "maintenance", "m"),
            Place("Metric sources", "/sources/", "chart"),
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


def waiting(section: Section, waits: Mapping[str, int]) -> Section:
    """The section with what waits at its places; `waits` are counts by path."""
    places = (replace(p, waits=waits[p.path]) if p.path in waits else p for p in section.places)
    return Section(section.title, tuple(places))
