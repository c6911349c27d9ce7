"""Facts about post-mortems; `postmortem:5` and `action:9` are also their live topics."""

from typing import ClassVar, override

from evenfall.platform.events import Event


class PostmortemEvent(Event, frozen=True, kw_only=True):
    """Root of the facts of this domain."""

    postmortem_id: int
    incident_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"postmortem:{self.postmortem_id}",)


class IncidentPostmortemEvent(PostmortemEvent, frozen=True, kw_only=True):
    """Told on the page of the incident too."""

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"incident:{self.incident_id}")


class PostmortemStarted(IncidentPostmortemEvent, frozen=True, kw_only=True):
    """A draft was made; `by_itself` when the end of the incident made it."""

    kind: ClassVar[str] = "postmortems.postmortem_started"
    title: str
    by_itself: bool = False


class PostmortemMoved(IncidentPostmortemEvent, frozen=True, kw_only=True):
    """It came from the state `before` to `after`; `reason` where one was asked for."""

    kind: ClassVar[str] = "postmortems.postmortem_moved"
    before: str
    after: str
    reason: str = ""
    is_public: bool = False


class PostmortemChanged(PostmortemEvent, frozen=True, kw_only=True):
    """Owner, reviewers, tags or factors are others now."""

    kind: ClassVar[str] = "postmortems.postmortem_changed"
    before: dict[str, object]
    after: dict[str, object]


class SectionSaved(PostmortemEvent, frozen=True, kw_only=True):
    """A section has a new version."""

    kind: ClassVar[str] = "postmortems.section_saved"
    section_id: int
    title: str
    version: int


class PostmortemReminded(PostmortemEvent, frozen=True, kw_only=True):
    """People were told that it waits; an empty `user_ids` says that nobody was found to tell."""

    kind: ClassVar[str] = "postmortems.postmortem_reminded"
    user_ids: tuple[int, ...]
    is_late: bool


class Commented(PostmortemEvent, frozen=True, kw_only=True):
    """Somebody said something; `section_id` where it is about one, `user_ids` heard of it."""

    kind: ClassVar[str] = "postmortems.commented"
    text: str
    section_id: int | None = None
    user_ids: tuple[int, ...] = ()


class CommentResolved(PostmortemEvent, frozen=True, kw_only=True):
    """Nothing is open about a comment any more, or something is again."""

    kind: ClassVar[str] = "postmortems.comment_resolved"
    comment_id: int
    is_resolved: bool


class PublicationSaved(IncidentPostmortemEvent, frozen=True, kw_only=True):
    """The public text is another, or went online or offline."""

    kind: ClassVar[str] = "postmortems.publication_saved"
    is_public: bool
    is_indexed: bool


class FilesAttached(PostmortemEvent, frozen=True, kw_only=True):
    """Copies of files are kept with it."""

    kind: ClassVar[str] = "postmortems.files_attached"
    attachment_ids: tuple[int, ...]
    names: tuple[str, ...]


class AttachmentShared(PostmortemEvent, frozen=True, kw_only=True):
    """Readers of the public text see an attachment, or do not any more."""

    kind: ClassVar[str] = "postmortems.attachment_shared"
    attachment_id: int
    name: str
    is_public: bool


class AttachmentRemoved(PostmortemEvent, frozen=True, kw_only=True):
    """The bytes of an attachment are gone; `size` in bytes and `digest` (SHA-256) say which."""

    kind: ClassVar[str] = "postmortems.attachment_removed"
    attachment_id: int
    name: str
    size: int
    digest: str


class ActionEvent(PostmortemEvent, frozen=True, kw_only=True):
    action_id: int
    title: str

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"action:{self.action_id}", f"postmortem:{self.postmortem_id}")


class ActionAdded(ActionEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "postmortems.action_added"
    owner_id: int
    due_at: str


class ActionMoved(ActionEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "postmortems.action_moved"
    before: str
    after: str
    reason: str = ""


class ActionChanged(ActionEvent, frozen=True, kw_only=True):
    """Title, owner, links or date are others now; `reason` for a date that was moved."""

    kind: ClassVar[str] = "postmortems.action_changed"
    before: dict[str, object]
    after: dict[str, object]
    reason: str = ""


class ActionReminded(ActionEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "postmortems.action_reminded"
    user_ids: tuple[int, ...]
    is_late: bool


class TemplateSaved(Event, frozen=True, kw_only=True):
    """A template has a new text."""

    kind: ClassVar[str] = "postmortems.template_saved"
    template: str
    number: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"template:{self.template}",)


class ActionIssueChanged(ActionEvent, frozen=True, kw_only=True):
    """Its issue was linked, made, unlinked, or differs from it; `what` says which."""

    kind: ClassVar[str] = "postmortems.action_issue_changed"
    what: str
    tracker: str
    url: str = ""


class ActionRecurred(ActionEvent, frozen=True, kw_only=True):
    """What it should have prevented came back, as the incident `by_incident_id`."""

    kind: ClassVar[str] = "postmortems.action_recurred"
    by_incident_id: int


class TrackerChanged(Event, frozen=True, kw_only=True):
    """The settings of a tracker are others now; secrets are never told."""

    kind: ClassVar[str] = "postmortems.tracker_changed"
    tracker_id: int
    before: dict[str, object]
    after: dict[str, object]

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"tracker:{self.tracker_id}",)
