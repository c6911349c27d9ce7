"""Facts about pages, policies and personal rules."""

from typing import Any, ClassVar, override

from msgspec import Struct

from evenfall.platform.events import Event


class PageEvent(Event, frozen=True, kw_only=True):
    """What every fact about a page says; `subject` is what the page is about ("incident:17")."""

    page_id: int
    subject: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"page:{self.page_id}", self.subject)


class Paged(Struct, frozen=True, kw_only=True):
    """A person who is notified, why them, and the digest that carries the page for them, if any."""

    user_id: int
    why: str
    digest_id: int | None = None


class Unfound(Struct, frozen=True, kw_only=True):
    """A target that led to nobody; `reason` is a stable word such as "rota_gap".

    `user_id` is set when it led to a person who is no use, and `why` says why to them.
    """

    target: str
    target_id: int | None
    reason: str
    user_id: int | None = None
    why: str = ""


class PageStarted(PageEvent, frozen=True, kw_only=True):
    """Somebody is to be reached; the page follows this version of this policy to its end."""

    kind: ClassVar[str] = "paging.page_started"
    service_id: int | None
    team_id: int | None
    policy_id: int
    policy_number: int
    urgency: str
    severity: str | None
    title: str


class PageStepTaken(PageEvent, frozen=True, kw_only=True):
    """People were looked for. `reason` says by what ("step_taken", "catch_all", "skipped_time")."""

    kind: ClassVar[str] = "paging.page_step_taken"
    reason: str
    round: int
    step: int | None
    people: tuple[Paged, ...]
    missing: tuple[Unfound, ...] = ()

    @override
    def subjects(self) -> tuple[str, ...]:
        people = dict.fromkeys(f"user:{paged.user_id}" for paged in self.people)
        return (*PageEvent.subjects(self), *people)


class PageNobodyFound(PageEvent, frozen=True, kw_only=True):
    """A step led to nobody who can be reached; the page went on at once."""

    kind: ClassVar[str] = "paging.page_nobody_found"
    reason: str
    round: int
    step: int | None
    missing: tuple[Unfound, ...]


class PageContentChanged(PageEvent, frozen=True, kw_only=True):
    """The next notices say something else, or the severity changed."""

    kind: ClassVar[str] = "paging.page_content_changed"
    title: str
    severity: str | None


class PageAnswered(PageEvent, frozen=True, kw_only=True):
    """Root of what humans answer. `via` is web, link, webpush, api, cli or a channel's kind."""

    user_id: int | None
    via: str


class PageAcknowledged(PageAnswered, frozen=True, kw_only=True):
    """`seconds` since the page began; `in_time` against the target of five minutes."""

    kind: ClassVar[str] = "paging.page_acknowledged"
    seconds: float
    in_time: bool


class PageMobilised(PageAnswered, frozen=True, kw_only=True):
    """`seconds` since the page began; `in_time` against the target of thirty minutes."""

    kind: ClassVar[str] = "paging.page_mobilised"
    seconds: float
    in_time: bool


class PageEscalated(PageAnswered, frozen=True, kw_only=True):
    """A human asked for the next step at once."""

    kind: ClassVar[str] = "paging.page_escalated"


class HelpRequested(PageAnswered, frozen=True, kw_only=True):
    """A human has the page and wants a second one: the lieutenant, or `help_team_id`."""

    kind: ClassVar[str] = "paging.help_requested"
    help_team_id: int | None = None


class PageResolved(PageAnswered, frozen=True, kw_only=True):
    """A human closed the page. `actionable` False feeds the noise audit."""

    kind: ClassVar[str] = "paging.page_resolved"
    seconds: float
    actionable: bool


class PageStopped(PageEvent, frozen=True, kw_only=True):
    """The system closed the page, for example since its subject was resolved or merged."""

    kind: ClassVar[str] = "paging.page_stopped"
    reason: str


class AckExpired(PageEvent, frozen=True, kw_only=True):
    """Nothing followed an acknowledgement; `user_id` (who gave it) is paged again."""

    kind: ClassVar[str] = "paging.ack_expired"
    user_id: int | None


class PageHandedOn(PageEvent, frozen=True, kw_only=True):
    """`user_id` held the page and handed the duty over; whoever took over is asked now."""

    kind: ClassVar[str] = "paging.page_handed_on"
    user_id: int


class PolicyChanged(Event, frozen=True, kw_only=True):
    """A policy was created (before is {}), got a new version, was renamed or archived."""

    kind: ClassVar[str] = "paging.policy_changed"
    policy_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"policy:{self.policy_id}",)


class PolicyAssigned(Event, frozen=True, kw_only=True):
    """A service or team got another policy; None is the inherited one."""

    kind: ClassVar[str] = "paging.policy_assigned"
    target: str
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (self.target,)


class PersonalRulesChanged(Event, frozen=True, kw_only=True):
    """Somebody changed how they want to be reached."""

    kind: ClassVar[str] = "paging.personal_rules_changed"
    user_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}",)
