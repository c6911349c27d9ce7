"""Facts about what an incident came from."""

from dataclasses import dataclass
from typing import ClassVar, override

from evenfall.incidents.events.life import IncidentEvent


@dataclass(frozen=True, kw_only=True)
class SuspectJudged(IncidentEvent):
    """People say of a change: `verdict` is "confirmed", "ruled_out", or "withdrawn" for neither."""

    kind: ClassVar[str] = "incidents.suspect_judged"
    change_id: int
    title: str
    verdict: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"change:{self.change_id}")
