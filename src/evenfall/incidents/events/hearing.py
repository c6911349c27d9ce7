"""Facts about who hears what, and what they heard."""

from typing import ClassVar, override

from evenfall.incidents.events.crew import CrewMember
from evenfall.incidents.events.life import IncidentEvent
from evenfall.platform.events import Event


class _OfList(Event, frozen=True, kw_only=True):
    """`who` is the name of a person, or of a team; `team` empty: of incidents of any team."""

    listener_id: int
    severity: str
    environment: str
    hears: str
    who: str
    team: str = ""

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("hearing",)


class ListenerAdded(_OfList, frozen=True, kw_only=True):
    """Somebody is called for such incidents, or hears of them, from now on."""

    kind: ClassVar[str] = "incidents.listener_added"


class ListenerRemoved(_OfList, frozen=True, kw_only=True):
    """They are not called for such incidents any more, or hear of them no more."""

    kind: ClassVar[str] = "incidents.listener_removed"


class ListenersTold(IncidentEvent, frozen=True, kw_only=True):
    """`people` were told: that it "began", is "back" or "ended", or what it says to an audience.

    `what` is that word, or "staff" or "executives" with the `update_id`.
    """

    kind: ClassVar[str] = "incidents.listeners_told"
    what: str
    people: tuple[CrewMember, ...]
    update_id: int | None = None
