"""Facts about what people were promised to hear, and what they were told."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from evenfall.incidents.events.crew import CrewMember
from evenfall.incidents.events.life import IncidentEvent


class PromisedTo(Struct, frozen=True, kw_only=True):
    """An audience that hears something until then."""

    audience: str
    due_at: datetime


class ToldTo(Struct, frozen=True, kw_only=True):
    """An audience that was told; None: no further word is promised."""

    audience: str
    next_update_at: datetime | None = None
    seconds_late: float = 0.0


class UpdatesPromised(IncidentEvent, frozen=True, kw_only=True):
    """These audiences wait for a word from now on."""

    kind: ClassVar[str] = "incidents.updates_promised"
    promised: tuple[PromisedTo, ...]


class UpdateTold(IncidentEvent, frozen=True, kw_only=True):
    """People were told; `text` is how the draft begins."""

    kind: ClassVar[str] = "incidents.update_told"
    update_id: int
    text: str
    told: tuple[ToldTo, ...]


class PromiseKept(IncidentEvent, frozen=True, kw_only=True):
    """An audience was told by another way; `where` is in words ("the status page Shop")."""

    kind: ClassVar[str] = "incidents.promise_kept"
    where: str
    told: tuple[ToldTo, ...]


class PromiseMoved(IncidentEvent, frozen=True, kw_only=True):
    """An audience hears something at another time than was promised; `why` empty: a person said."""

    kind: ClassVar[str] = "incidents.promise_moved"
    audience: str
    before: datetime
    after: datetime
    why: str = ""


class UpdateAskedFor(IncidentEvent, frozen=True, kw_only=True):
    """`people` were reminded of an update, or paged (then `page_id`); `step` as in the clock.

    `seconds_late`: so much later than it should have been.
    """

    kind: ClassVar[str] = "incidents.update_asked_for"
    audiences: tuple[str, ...]
    step: str
    due_at: datetime
    people: tuple[CrewMember, ...] = ()
    page_id: int | None = None
    seconds_late: float = 0.0


class PromiseBroken(IncidentEvent, frozen=True, kw_only=True):
    """An audience waits twice as long as promised; noticed `seconds_late` after that."""

    kind: ClassVar[str] = "incidents.promise_broken"
    audience: str
    due_at: datetime
    seconds_late: float = 0.0


class LongIncidentDeclared(IncidentEvent, frozen=True, kw_only=True):
    """It takes long, so updates come slower (or, with `withdrawn`, as at first again)."""

    kind: ClassVar[str] = "incidents.long_incident_declared"
    withdrawn: bool = False
