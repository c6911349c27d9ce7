"""Facts about incidents. Each names the incident first: `incident:17` is also its live topic."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class IncidentEvent(Event):
    """Root of the facts of this domain: about one incident, and about the service it hits."""

    incident_id: int
    service_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        mine = f"incident:{self.incident_id}"
        return (mine,) if self.service_id is None else (mine, f"service:{self.service_id}")


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(IncidentEvent):
    """By alerts, or declared by a person (then `declared`); `severity` is SEV1 to SEV5."""

    kind: ClassVar[str] = "incidents.incident_opened"
    title: str
    severity: str
    urgency: str
    environment: str
    team_id: int | None = None
    declared: bool = False


@dataclass(frozen=True, kw_only=True)
class AlertsJoined(IncidentEvent):
    """Alerts became part of the incident; `title` is the first one's."""

    kind: ClassVar[str] = "incidents.alerts_joined"
    alert_ids: tuple[int, ...]
    count: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), *(f"alert:{alert_id}" for alert_id in self.alert_ids))


@dataclass(frozen=True, kw_only=True)
class AlertsRecovered(IncidentEvent):
    """Alerts of the incident ended; `open_count` are still open."""

    kind: ClassVar[str] = "incidents.alerts_recovered"
    count: int
    open_count: int
    title: str


@dataclass(frozen=True, kw_only=True)
class IncidentAcknowledged(IncidentEvent):
    """Somebody has seen it; `user_id` is None when the acknowledgement came from the sender."""

    kind: ClassVar[str] = "incidents.incident_acknowledged"
    user_id: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class IncidentMobilised(IncidentEvent):
    """Somebody has hands on the keyboard; `seconds` since it was opened."""

    kind: ClassVar[str] = "incidents.incident_mobilised"
    user_id: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class IncidentAlarmed(IncidentEvent):
    """It needs a human anew; `why` is a short clause ("the acknowledgement ran out")."""

    kind: ClassVar[str] = "incidents.incident_alarmed"
    why: str


@dataclass(frozen=True, kw_only=True)
class IncidentMoved(IncidentEvent):
    """Somebody who works on it took it from one live state to another."""

    kind: ClassVar[str] = "incidents.incident_moved"
    before: str
    after: str
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentPaused(IncidentEvent):
    """The work waits for something, at the longest until `resume_by`."""

    kind: ClassVar[str] = "incidents.incident_paused"
    reason: str
    resume_by: datetime
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PauseOver(IncidentEvent):
    """The time of a pause has come; `user_id` was told (None: nobody, so it is open again)."""

    kind: ClassVar[str] = "incidents.pause_over"
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentDeclined(IncidentEvent):
    """It is none, and never will be one."""

    kind: ClassVar[str] = "incidents.incident_declined"
    reason: str
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(IncidentEvent):
    """It is over; `by_itself` when all its alerts ended; `seconds` since it was opened."""

    kind: ClassVar[str] = "incidents.incident_resolved"
    user_id: int | None = None
    by_itself: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class IncidentReopened(IncidentEvent):
    """A person reopened it, or its alerts came back within minutes (`by_alert`)."""

    kind: ClassVar[str] = "incidents.incident_reopened"
    by_alert: bool = False
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentSentToReview(IncidentEvent):
    """It is over, and people want to learn from it before it is closed."""

    kind: ClassVar[str] = "incidents.incident_sent_to_review"
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(IncidentEvent):
    """Nothing of it is left to do; it never opens again."""

    kind: ClassVar[str] = "incidents.incident_closed"
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class StampCorrected(IncidentEvent):
    """A person says when it really was; None where it was, or is, not known."""

    kind: ClassVar[str] = "incidents.stamp_corrected"
    stamp: str
    before: datetime | None
    after: datetime | None
    why: str


@dataclass(frozen=True, kw_only=True)
class RecurrenceLinked(IncidentEvent):
    """`of_id` came back as this one; None when that was taken back (of `before_id`)."""

    kind: ClassVar[str] = "incidents.recurrence_linked"
    of_id: int | None
    of_title: str = ""
    before_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        others = (number for number in (self.of_id, self.before_id) if number is not None)
        return (*super().subjects(), *(f"incident:{number}" for number in others))


@dataclass(frozen=True, kw_only=True)
class IncidentMerged(IncidentEvent):
    """`incident_id` went into `into_id` and is frozen from now on."""

    kind: ClassVar[str] = "incidents.incident_merged"
    into_id: int
    title: str
    into_title: str
    alert_count: int = 0

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"incident:{self.into_id}")


@dataclass(frozen=True, kw_only=True)
class SeverityChanged(IncidentEvent):
    """`by_person`: it stays as the person set it, whatever the alerts say."""

    kind: ClassVar[str] = "incidents.severity_changed"
    before: str
    after: str
    by_person: bool = False


@dataclass(frozen=True, kw_only=True)
class PrivacyChanged(IncidentEvent):
    """From now on only those named see it (or everybody, where `is_private` is False)."""

    kind: ClassVar[str] = "incidents.privacy_changed"
    is_private: bool


@dataclass(frozen=True, kw_only=True)
class InsidersAdded(IncidentEvent):
    """`who` are the names of those who may see it as well."""

    kind: ClassVar[str] = "incidents.insiders_added"
    who: str


@dataclass(frozen=True, kw_only=True)
class IncidentRenamed(IncidentEvent):
    kind: ClassVar[str] = "incidents.incident_renamed"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class NoteAdded(IncidentEvent):
    kind: ClassVar[str] = "incidents.note_added"
    note_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class NoteCorrected(IncidentEvent):
    """`text` is how it begins now; what it said before is kept with the note."""

    kind: ClassVar[str] = "incidents.note_corrected"
    note_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class NoteStruck(IncidentEvent):
    """Somebody took a note back (or, with `withdrawn`, it stands again)."""

    kind: ClassVar[str] = "incidents.note_struck"
    note_id: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class ImagesAttached(IncidentEvent):
    kind: ClassVar[str] = "incidents.note_images_attached"
    note_id: int
    image_ids: tuple[int, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class EntryPinned(IncidentEvent):
    """An entry of the timeline matters (or, with `withdrawn`, it does not after all)."""

    kind: ClassVar[str] = "incidents.entry_pinned"
    entry: str
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class EntryAnnotated(IncidentEvent):
    """`text` is the remark that stands below the entry now, empty when it was taken away."""

    kind: ClassVar[str] = "incidents.entry_annotated"
    entry: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MarkedNotActionable(IncidentEvent):
    """Nobody should have been woken for this (or, with `withdrawn`, they should after all)."""

    kind: ClassVar[str] = "incidents.marked_not_actionable"
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class MorePaged(IncidentEvent):
    """A person asked for more people; `who` is in words ("the team Payments")."""

    kind: ClassVar[str] = "incidents.more_paged"
    who: str
    page_id: int


@dataclass(frozen=True, kw_only=True)
class CrewMember:
    """Somebody a fact about roles names beside its own person."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class RoleEvent(IncidentEvent):
    """Root of the facts about one person in a role."""

    role: str
    user_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"user:{self.user_id}")


@dataclass(frozen=True, kw_only=True)
class RoleTaken(RoleEvent):
    """`user_id` has the role now; `people` holds whoever had it before, when somebody did."""

    kind: ClassVar[str] = "incidents.role_taken"
    people: tuple[CrewMember, ...] = ()
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleLeft(RoleEvent):
    """`user_id` has the role no more, and nobody followed."""

    kind: ClassVar[str] = "incidents.role_left"


@dataclass(frozen=True, kw_only=True)
class CommandReliefOffered(RoleEvent):
    """`user_id` commands for long; `people` was asked to take over (nobody, when empty)."""

    kind: ClassVar[str] = "incidents.command_relief_offered"
    people: tuple[CrewMember, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class HandoverRead(RoleEvent):
    """`user_id` read what they were told when they took the role over."""

    kind: ClassVar[str] = "incidents.handover_read"
    handover_id: int


@dataclass(frozen=True, kw_only=True)
class PromisedTo:
    """An audience that hears something until then."""

    audience: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ToldTo:
    """An audience that was told; None: no further word is promised."""

    audience: str
    next_update_at: datetime | None = None
    seconds_late: float = 0.0


@dataclass(frozen=True, kw_only=True)
class UpdatesPromised(IncidentEvent):
    """These audiences wait for a word from now on."""

    kind: ClassVar[str] = "incidents.updates_promised"
    promised: tuple[PromisedTo, ...]


@dataclass(frozen=True, kw_only=True)
class UpdateTold(IncidentEvent):
    """People were told; `text` is how the draft begins."""

    kind: ClassVar[str] = "incidents.update_told"
    update_id: int
    text: str
    told: tuple[ToldTo, ...]


@dataclass(frozen=True, kw_only=True)
class PromiseKept(IncidentEvent):
    """An audience was told by another way; `where` is in words ("the status page Shop")."""

    kind: ClassVar[str] = "incidents.promise_kept"
    where: str
    told: tuple[ToldTo, ...]


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(IncidentEvent):
    """An audience hears something at another time than was promised; `why` empty: a person said."""

    kind: ClassVar[str] = "incidents.promise_moved"
    audience: str
    before: datetime
    after: datetime
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class UpdateAskedFor(IncidentEvent):
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


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(IncidentEvent):
    """An audience waits twice as long as promised; noticed `seconds_late` after that."""

    kind: ClassVar[str] = "incidents.promise_broken"
    audience: str
    due_at: datetime
    seconds_late: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LongIncidentDeclared(IncidentEvent):
    """It takes long, so updates come slower (or, with `withdrawn`, as at first again)."""

    kind: ClassVar[str] = "incidents.long_incident_declared"
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class TaskEvent(IncidentEvent):
    """Root of the facts about one task; `user_id` is its owner."""

    task_id: int
    title: str
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TaskAdded(TaskEvent):
    kind: ClassVar[str] = "incidents.task_added"


@dataclass(frozen=True, kw_only=True)
class TaskTaken(TaskEvent):
    """`user_id` does it now; `people` holds whoever had it before, when somebody did."""

    kind: ClassVar[str] = "incidents.task_taken"
    people: tuple[CrewMember, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskChanged(TaskEvent):
    """Its title or the time when it is due is another one; `before` is the old title."""

    kind: ClassVar[str] = "incidents.task_changed"
    before: str
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TaskDone(TaskEvent):
    kind: ClassVar[str] = "incidents.task_done"


@dataclass(frozen=True, kw_only=True)
class TaskDropped(TaskEvent):
    """It will not be done, for this reason."""

    kind: ClassVar[str] = "incidents.task_dropped"
    reason: str


@dataclass(frozen=True, kw_only=True)
class TaskReopened(TaskEvent):
    kind: ClassVar[str] = "incidents.task_reopened"


@dataclass(frozen=True, kw_only=True)
class TaskMoved(TaskEvent):
    """It has another place among the tasks, counted from 0."""

    kind: ClassVar[str] = "incidents.task_moved"
    place: int
