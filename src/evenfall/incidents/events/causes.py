"""Facts about incidents that come from each other."""

from typing import ClassVar, override

from evenfall.incidents.events.life import IncidentEvent


class AlertsLeft(IncidentEvent, frozen=True, kw_only=True):
    """Alerts that waited here for their cause are problems of their own now; `title` of one."""

    kind: ClassVar[str] = "incidents.alerts_left"
    alert_ids: tuple[int, ...]
    count: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), *(f"alert:{alert_id}" for alert_id in self.alert_ids))


class CauseLinked(IncidentEvent, frozen=True, kw_only=True):
    """The incident was probably caused by another one, `cause_id`."""

    kind: ClassVar[str] = "incidents.cause_linked"
    cause_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"incident:{self.cause_id}")
