"""Facts about what is told."""

from datetime import datetime
from typing import Any, ClassVar, override

from evenfall.platform.events import Event


class StatusPageChanged(Event, frozen=True, kw_only=True):
    """A page, a group or a component was added, changed or removed; `{}` stands for nothing.

    `what` is page, group:3 or component:7.
    """

    kind: ClassVar[str] = "statuspages.page_changed"
    status_page_id: int
    what: str = "page"
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"status_page:{self.status_page_id}",)


class ComponentStatusSet(Event, frozen=True, kw_only=True):
    """Somebody said by hand how a component is."""

    kind: ClassVar[str] = "statuspages.component_status_set"
    status_page_id: int
    component_id: int
    component: str
    before: str
    after: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"status_page:{self.status_page_id}",)


class PostEvent(Event, frozen=True, kw_only=True):
    """About a post; `notify` says whether subscribers hear of it."""

    status_page_id: int
    post_id: int
    page: str
    title: str
    incident_id: int | None = None

    @override
    def subjects(self) -> tuple[str, ...]:
        own = (f"status_post:{self.post_id}", f"status_page:{self.status_page_id}")
        return own if self.incident_id is None else (*own, f"incident:{self.incident_id}")


class PostUpdated(PostEvent, frozen=True, kw_only=True):
    """Readers were told something; the first update of a post starts it.

    `from_incident`: people wrote it on the incident, which knows of it.
    """

    kind: ClassVar[str] = "statuspages.post_updated"
    update_id: int
    state: str
    is_first: bool = False
    notify: bool = True
    said_at: datetime | None = None
    next_update_at: datetime | None = None
    from_incident: bool = False


class PostEdited(PostEvent, frozen=True, kw_only=True):
    """An update was corrected; `before` is what it said."""

    kind: ClassVar[str] = "statuspages.post_edited"
    update_id: int
    before: dict[str, Any]
    after: dict[str, Any]


class PostRetracted(PostEvent, frozen=True, kw_only=True):
    """The post was wrong; the page says so from now on."""

    kind: ClassVar[str] = "statuspages.post_retracted"
    reason: str


class PreparedEvent(Event, frozen=True, kw_only=True):
    """About a first post that was prepared; no reader sees it."""

    status_page_id: int
    prepared_id: int
    page: str
    title: str
    incident_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        about = (f"incident:{self.incident_id}", f"status_page:{self.status_page_id}")
        return (*about, "approvals")


class PostPrepared(PreparedEvent, frozen=True, kw_only=True):
    """It waits for somebody to confirm it; `user_ids` were asked to."""

    kind: ClassVar[str] = "statuspages.post_prepared"
    user_ids: tuple[int, ...] = ()


class PreparedChanged(PreparedEvent, frozen=True, kw_only=True):
    """Somebody found better words before it was posted."""

    kind: ClassVar[str] = "statuspages.prepared_changed"
    before: dict[str, Any]
    after: dict[str, Any]


class PreparedSettled(PreparedEvent, frozen=True, kw_only=True):
    """It waits no more; `how` is posted, dropped, by_hand, ended, merged or private."""

    kind: ClassVar[str] = "statuspages.prepared_settled"
    how: str
    why: str
    post_id: int | None = None


class WorkTold(Event, frozen=True, kw_only=True):
    """A maintenance was planned, moved, cancelled, started, or ended (`told`)."""

    kind: ClassVar[str] = "statuspages.work_told"
    status_page_id: int
    work_id: int
    page: str
    title: str
    told: str
    state: str
    component_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    notify: bool = True

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"status_work:{self.work_id}", f"status_page:{self.status_page_id}")


class SubscriberEvent(Event, frozen=True, kw_only=True):
    """About subscribers. It names nobody: whoever is erased must not live on in the journal."""

    status_page_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"status_page:{self.status_page_id}",)


class SubscriberSwitchedOff(SubscriberEvent, frozen=True, kw_only=True):
    """An address takes nothing any more; `how` is mail or webhook."""

    kind: ClassVar[str] = "statuspages.subscriber_switched_off"
    subscriber_id: int
    how: str
    reason: str


class SubscribersChanged(SubscriberEvent, frozen=True, kw_only=True):
    """A manager erased, added or switched on subscribers, or changed how they are treated."""

    kind: ClassVar[str] = "statuspages.subscribers_changed"
    before: dict[str, Any]
    after: dict[str, Any]


class SubscribersExported(SubscriberEvent, frozen=True, kw_only=True):
    """Somebody took a copy of all addresses."""

    kind: ClassVar[str] = "statuspages.subscribers_exported"
    count: int
