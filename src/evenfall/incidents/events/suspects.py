"""Facts about what an incident came from."""

from typing import ClassVar, override

from evenfall.incidents.events.life import IncidentEvent


class SuspectJudged(IncidentEvent, frozen=True, kw_only=True):
    """People say of a change: `verdict` is "confirmed", "ruled_out", or "withdrawn" for neither."""

    kind: ClassVar[str] = "incidents.suspect_judged"
    change_id: int
    title: str
    verdict: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"change:{self.change_id}")
