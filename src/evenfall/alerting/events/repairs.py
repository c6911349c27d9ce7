"""Facts of repairs: a runbook that runs instead of a call."""

from typing import TypedDict, override

from evenfall.alerting.events.alerts import LIVE_TOPIC
from evenfall.platform.events import Event


class RepairFields(TypedDict):
    """What all facts of a repair share."""

    alert_id: int
    service_id: int | None
    runbook_id: int | None
    runbook: str
    run_id: int | None
    why: str


class _AboutRepair(Event, frozen=True, kw_only=True):
    """`run_id` is the run of the runbook, None when none was started; `why` says how it stands."""

    alert_id: int
    service_id: int | None
    runbook_id: int | None
    runbook: str
    run_id: int | None
    why: str

    @override
    def subjects(self) -> tuple[str, ...]:
        service = () if self.service_id is None else (f"service:{self.service_id}",)
        return (f"alert:{self.alert_id}", *service, LIVE_TOPIC, "repairs")


class RepairStarted(_AboutRepair, frozen=True, kw_only=True):
    """A runbook was started for an alert, instead of calling somebody."""

    kind = "alerting.repair_started"


class RepairRan(_AboutRepair, frozen=True, kw_only=True):
    """The runbook came to a good end; now the alert must clear."""

    kind = "alerting.repair_ran"


class RepairHealed(_AboutRepair, frozen=True, kw_only=True):
    """The runbook ran and the alert is over: nobody was called."""

    kind = "alerting.repair_healed"


class RepairNotNeeded(_AboutRepair, frozen=True, kw_only=True):
    """The alert ended before anything was started."""

    kind = "alerting.repair_not_needed"


class RepairGaveUp(_AboutRepair, frozen=True, kw_only=True):
    """The repair did not help: `undoes` says whether it is taken back. The alert is decided
    again: people are called, unless its rule says otherwise.
    """

    kind = "alerting.repair_gave_up"
    undoes: bool
