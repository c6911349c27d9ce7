"""Facts about post-mortems; `postmortem:5` and `action:9` are also their live topics."""

from dataclasses import dataclass
from typing import ClassVar, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class PostmortemEvent(Event):
    """Root of the facts of this domain."""

    postmortem_id: int
    incident_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"postmortem:{self.postmortem_id}",)


@dataclass(frozen=True, kw_only=True)
class IncidentPostmortemEvent(PostmortemEvent):
    """Told on the page of the incident too."""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"incident:{self.incident_id}")


@dataclass(frozen=True, kw_only=True)
class PostmortemStarted(IncidentPostmortemEvent):
    """A draft was made; `by_itself` when the end of the incident made it."""

    kind: ClassVar[str] = "postmortems.postmortem_started"
    title: str
    by_itself: bool = False


@dataclass(frozen=True, kw_only=True)
class PostmortemMoved(IncidentPostmortemEvent):
    """It came from the state `before` to `after`; `reason` where one was asked for."""

    kind: ClassVar[str] = "postmortems.postmortem_moved"
    before: str
    after: str
    reason: str = ""
    is_public: bool = False


@dataclass(frozen=True, kw_only=True)
class PostmortemChanged(PostmortemEvent):
    """Owner, reviewers, tags or factors are others now."""

    kind: ClassVar[str] = "postmortems.postmortem_changed"
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class SectionSaved(PostmortemEvent):
    """A section has a new version."""

    kind: ClassVar[str] = "postmortems.section_saved"
    section_id: int
    title: str
    version: int


@dataclass(frozen=True, kw_only=True)
class PostmortemReminded(PostmortemEvent):
    """People were told that it waits; an empty `user_ids` says that nobody was found to tell."""

    kind: ClassVar[str] = "postmortems.postmortem_reminded"
    user_ids: tuple[int, ...]
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class Commented(PostmortemEvent):
    """Somebody said something; `section_id` where it is about one, `user_ids` heard of it."""

    kind: ClassVar[str] = "postmortems.commented"
    text: str
    section_id: int | None = None
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CommentResolved(PostmortemEvent):
    """Nothing is open about a comment any more, or something is again."""

    kind: ClassVar[str] = "postmortems.comment_resolved"
    comment_id: int
    is_resolved: bool


@dataclass(frozen=True, kw_only=True)
class PublicationSaved(IncidentPostmortemEvent):
    """The public text is another, or went online or offline."""

    kind: ClassVar[str] = "postmortems.publication_saved"
    is_public: bool
    is_indexed: bool


@dataclass(frozen=True, kw_only=True)
class FilesAttached(PostmortemEvent):
    """Copies of files are kept with it."""

    kind: ClassVar[str] = "postmortems.files_attached"
    attachment_ids: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AttachmentShared(PostmortemEvent):
    """Readers of the public text see an attachment, or do not any more."""

    kind: ClassVar[str] = "postmortems.attachment_shared"
    attachment_id: int
    name: str
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class AttachmentRemoved(PostmortemEvent):
    """The bytes of an attachment are gone; `size` in bytes and `digest` (SHA-256) say which."""

    kind: ClassVar[str] = "postmortems.attachment_removed"
    attachment_id: int
    name: str
    size: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class ActionEvent(PostmortemEvent):
    action_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"action:{self.action_id}", f"postmortem:{self.postmortem_id}")


@dataclass(frozen=True, kw_only=True)
class ActionAdded(ActionEvent):
    kind: ClassVar[str] = "postmortems.action_added"
    owner_id: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ActionMoved(ActionEvent):
    kind: ClassVar[str] = "postmortems.action_moved"
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionChanged(ActionEvent):
    """Title, owner, links or date are others now; `reason` for a date that was moved."""

    kind: ClassVar[str] = "postmortems.action_changed"
    before: dict[str, object]
    after: dict[str, object]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionReminded(ActionEvent):
    kind: ClassVar[str] = "postmortems.action_reminded"
    user_ids: tuple[int, ...]
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class TemplateSaved(Event):
    """A template has a new text."""

    kind: ClassVar[str] = "postmortems.template_saved"
    template: str
    number: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"template:{self.template}",)


@dataclass(frozen=True, kw_only=True)
class ActionIssueChanged(ActionEvent):
    """Its issue was linked, made, unlinked, or differs from it; `what` says which."""

    kind: ClassVar[str] = "postmortems.action_issue_changed"
    what: str
    tracker: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionRecurred(ActionEvent):
    """What it should have prevented came back, as the incident `by_incident_id`."""

    kind: ClassVar[str] = "postmortems.action_recurred"
    by_incident_id: int


@dataclass(frozen=True, kw_only=True)
class TrackerChanged(Event):
    """The settings of a tracker are others now; secrets are never told."""

    kind: ClassVar[str] = "postmortems.tracker_changed"
    tracker_id: int
    before: dict[str, object]
    after: dict[str, object]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"tracker:{self.tracker_id}",)
