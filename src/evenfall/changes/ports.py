"""Words of the ledger which other domains speak too, and what upper domains add to its pages."""

import enum
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from evenfall.changes.logic.reading import Sent, Unreadable, moment, sent, sent_objects
from evenfall.changes.logic.signing import has_digest, has_standard_signature, is_secret
from evenfall.changes.logic.words import ChangeKind, DeployState
from evenfall.identity.permissions import Viewer

if TYPE_CHECKING:
    from evenfall.changes.queries import ChangeView


__all__ = [
    "Afterwards",
    "ChangeFormat",
    "ChangeKind",
    "Commit",
    "Deploy",
    "DeployState",
    "Knock",
    "Push",
    "ReadAfterwards",
    "Reading",
    "Report",
    "Sent",
    "Signing",
    "Snippet",
    "Unreadable",
    "afterwards",
    "formats",
    "has_digest",
    "has_standard_signature",
    "is_secret",
    "moment",
    "register_afterwards",
    "register_format",
    "sent",
    "sent_objects",
]


class Deploy(Struct, frozen=True, kw_only=True):
    """What is told of a deploy beside what every change has.

    `first_commit_at` is the author time of the oldest commit that was not in production yet, merge
    commits left out. `is_unplanned`: it was made because of an incident or a mistake that users
    met. `release` names a release ("release:17"). `rolls_back` is the external id, of the same
    source, of the deploy that it undoes. Times are aware.
    """

    state: DeployState = DeployState.FINISHED
    finished_at: datetime | None = None
    version: str = ""
    previous_version: str = ""
    commit: str = ""
    first_commit_at: datetime | None = None
    pipeline_url: str = ""
    is_unplanned: bool = False
    release: str = ""
    rolls_back: str = ""


class Report(Struct, frozen=True, kw_only=True):
    """A change as a sender tells it.

    `about` is what the sender calls the thing ("acme/shop"), the key of the mapping of a source;
    `repository` is where its commits were pushed to, where that is called otherwise; `service` is a
    slug where the sender says it. Without `at` it took effect when it was received.
    """

    summary: str
    about: str = ""
    repository: str = ""
    service: str = ""
    kind: ChangeKind = ChangeKind.DEPLOY
    environment: str = ""
    external_id: str = ""
    at: datetime | None = None
    by: str = ""
    links: Sequence[Mapping[str, str]] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    deploy: Deploy | None = None


class Commit(Struct, frozen=True, kw_only=True):
    """A commit that was pushed to the branch that is deployed; `authored_at` is aware."""

    sha: str
    authored_at: datetime
    is_merge: bool = False


class Push(Struct, frozen=True, kw_only=True):
    """Commits of one push, oldest first."""

    about: str
    commits: Sequence[Commit]


class Reading(Struct, frozen=True, kw_only=True):
    """What a body told; `ignored` says why it told nothing, in words for people."""

    reports: Sequence[Report] = ()
    push: Push | None = None
    ignored: str = ""


class Signing(enum.StrEnum):
    """Whether senders of a format sign what they send."""

    ALWAYS = "always"
    MAY = "may"
    NEVER = "never"


class Snippet(Struct, frozen=True, kw_only=True):
    """What to copy, and where to."""

    where: str
    text: str


class Knock(Struct, frozen=True, kw_only=True):
    """A request as it came; the names of headers are in lower case."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime


class ChangeFormat(Protocol):
    """How one kind of sender tells what changed. Implementations live in `integrations`."""

    kind: str
    label: str
    hint: str
    about: str
    """What the left side of its mapping is, in words: "name owner/repository"."""
    signing: Signing

    def is_signed(self, knock: Knock, *, secret: str) -> bool:
        """Whether the request was made by somebody who knows the secret."""
        ...

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:
        """What the body tells; `names` are those that the source maps. Raises Unreadable."""
        ...

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:
        """What to copy into the tool."""
        ...


_formats: dict[str, ChangeFormat] = {}


def register_format(one: ChangeFormat) -> None:
    """Let sources be of this kind."""
    _formats[one.kind] = one


def formats() -> Mapping[str, ChangeFormat]:
    """All formats by kind, in the order registered."""
    return _formats


class Afterwards(Struct, frozen=True, kw_only=True):
    """Something that happened after a change; `word` is its state or severity for a badge."""

    at: datetime
    title: str
    href: str
    icon: str
    word: str = ""
    is_caused: bool = False


type ReadSecrets = Callable[[Collection[int]], set[int]]

_secrets: list[ReadSecrets] = []


def register_secrets(read: ReadSecrets) -> None:
    """Let `read` say which of these changes did harm of which whoever asks must not learn."""
    _secrets.append(read)


def secret_harms(change_ids: Collection[int]) -> set[int]:
    """Those of these changes whose harm whoever asks must not learn of; no query for none."""
    return {one for read in _secrets for one in read(change_ids)} if change_ids else set()


type ReadAfterwards = Callable[["ChangeView", Viewer], Sequence[Afterwards]]

_afterwards: dict[str, ReadAfterwards] = {}


def register_afterwards(name: str, read: ReadAfterwards) -> None:
    """Let the page of a change show what `read` finds that happened after it."""
    _afterwards[name] = read


def afterwards(change: "ChangeView", viewer: Viewer) -> list[Afterwards]:
    """What happened after a change, the first thing first."""
    found = [one for read in _afterwards.values() for one in read(change, viewer)]
    return sorted(found, key=lambda one: one.at)
