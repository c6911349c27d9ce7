"""Words of runbooks which other domains speak too, and the port of what steps can do."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct, field

from evenfall.identity.permissions import Viewer


class Outcome(StrEnum):
    """How a use went."""

    HELPED = "helped"
    WRONG = "wrong"
    MISSING = "missing"


class Owner(Struct, frozen=True, kw_only=True):
    """A team or a person; exactly one of the two is set."""

    team_id: int | None = None
    user_id: int | None = None


def owner_word(owner: Owner) -> str:
    """The owner in one word for a form: "team:3" or "user:5"."""
    return f"team:{owner.team_id}" if owner.team_id is not None else f"user:{owner.user_id}"


def owner_of(word: str) -> Owner:
    """Read what `owner_word` wrote; anything else is nobody."""
    kind, _, number = word.partition(":")
    known = number_of(number)
    return Owner(
        team_id=known if kind == "team" else None, user_id=known if kind == "user" else None
    )


def number_of(text: str | None) -> int | None:
    """Read an id; None for anything else. Eighteen digits always fit a bigint."""
    is_number = text and text.isascii() and text.isdecimal()
    return int(text) if text and is_number and len(text) <= 18 else None  # noqa: PLR2004 - said above


class FieldType(StrEnum):
    """How a setting of a step is asked for, and how the value of a parameter is put into it."""

    TEXT = "text"
    """One line."""
    LINES = "lines"
    """Several lines; one line with everything that belongs to it is one thing."""
    NUMBER = "number"
    """A whole number, 0 or more; arrives as its digits."""
    URL = "url"
    """An http or https address. Values are percent-encoded; the host holds no parameter."""
    JSON = "json"
    """Text that is JSON or empty. Values are put inside of quotes, and escaped."""
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105 - the name of a type
    """Encrypted at rest, never shown again, taken out of every log; holds no parameter."""


class StepField(Struct, frozen=True, kw_only=True):
    """One setting that a kind of step asks for. `choices` are (value, label)."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""


class StepResult(Struct, frozen=True, kw_only=True):
    """What came of it. `log` is for people, in lines; `memory` is what an undo needs to know."""

    ok: bool
    log: str
    memory: Mapping[str, str] = field(default_factory=dict)


class StepKind(Protocol):
    """A way to act on a system.

    `check` and `target` are called while a step is saved or started; all others by a worker,
    outside of any transaction, in a thread of their own.
    `settings` has a text for each of `fields` (empty where nothing was given), secrets in plain
    text and parameters filled in. A method returns within `time_limit_s`: the engine gives up on
    it shortly after. It may raise a `DomainError`; its message becomes the log. Nothing here may
    read or write the database.
    """

    @property
    def name(self) -> str:
        """Stable and unique, such as "http": it is stored."""

    @property
    def label(self) -> str:
        """What people choose, such as "HTTP request"."""

    @property
    def fields(self) -> Sequence[StepField]:
        """What is asked for, in order."""

    @property
    def conditions(self) -> Sequence[tuple[str, str]]:
        """What `test` can look at, as (name, label); may be empty. A label is a sentence, such as
        "The server has no sessions left".
        """

    def check(self, settings: Mapping[str, str]) -> None:
        """Raise a platform `Invalid` with the name of the field when these cannot work.

        On saving a step, parameters have example values; before a run, the real ones. Required
        fields are there and types are right already. Quick, and touches nothing.
        """

    def target(self, settings: Mapping[str, str]) -> str:
        """What it acts on, in a few words, such as "haproxy:lb1/web/app2"; no secrets.

        Two runs never act on one target at the same time.
        """

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        """Say what `run` would do and whether it could; changes nothing anywhere."""

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        """Do it. Called once for each run, never again by itself."""

    def test(
        self,
        condition: str,
        settings: Mapping[str, str],
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> StepResult:
        """Whether one of `conditions` holds now. Changes nothing; may be asked again and again."""

    def undo(
        self, settings: Mapping[str, str], memory: Mapping[str, str], *, time_limit_s: float
    ) -> StepResult | None:
        """Take back what `run` did; None where there is no way back.

        `memory` is empty when `run` did not come to its end.
        """


_kinds: dict[str, StepKind] = {}


def register_step_kind(kind: StepKind) -> None:
    """Offer a kind of step. Called by the composition root; the last one of a name counts."""
    _kinds[kind.name] = kind


def step_kinds() -> tuple[StepKind, ...]:
    """All kinds, by label."""
    return tuple(sorted(_kinds.values(), key=lambda kind: kind.label))


def step_kind(name: str) -> StepKind | None:
    """The kind of this name; None where this installation does not offer it."""
    return _kinds.get(name)


class About(Struct, frozen=True, kw_only=True):
    """What a run is for, as another domain tells it. `values` fill parameters of the same name.

    Empty texts where there is nothing to say; `environment` is "prod", "uat", "dev" or "".
    """

    title: str
    url: str
    environment: str = ""
    service_id: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


class AboutReader(Protocol):
    """Tells what `incident:17` is, for many at once; without those that are not there or that the
    viewer may not see. Without a viewer the system itself asks.
    """

    def __call__(self, numbers: Collection[int], viewer: Viewer | None, /) -> Mapping[int, About]:
        """One query or two, however many are asked for."""


_readers: dict[str, AboutReader] = {}


def register_about(noun: str, reader: AboutReader) -> None:
    """Say who knows what a subject "noun:17" is. Called by the composition root."""
    _readers[noun] = reader


def about_many(subjects: Iterable[str], viewer: Viewer | None) -> dict[str, About]:
    """What these subjects are; without those that nobody knows or that the viewer may not see."""
    wanted: dict[str, set[int]] = {}
    for subject in subjects:
        noun, _, number = subject.partition(":")
        known = number_of(number)
        if known is not None and noun in _readers:
            wanted.setdefault(noun, set()).add(known)
    return {
        f"{noun}:{number}": one
        for noun, numbers in wanted.items()
        for number, one in _readers[noun](numbers, viewer).items()
    }


def is_known(subject: str) -> bool:
    """Whether somebody registered who knows what it is; nobody else may hide it, then."""
    return subject.partition(":")[0] in _readers


def about(subject: str, viewer: Viewer | None) -> About | None:
    """What a subject is; None when nobody knows it, or the viewer may not see it."""
    return about_many([subject], viewer).get(subject)


class RepositoryAddress(Struct, frozen=True, kw_only=True):
    """Where files are: those below `path` ("" for all) of the newest commit of a branch.

    `token` is in plain text, or "".
    """

    url: str
    branch: str
    path: str = ""
    user_name: str = ""
    token: str = ""


class RepositoryFiles(Struct, frozen=True, kw_only=True):
    """`files` are (path below the asked one, content); None where the commit was known."""

    commit: str
    files: Sequence[tuple[str, bytes]] | None


class RepositoryReader(Protocol):
    """Reads Markdown files out of a repository; called by a worker, outside of any transaction."""

    def read(
        self,
        address: RepositoryAddress,
        *,
        known: str,
        wanted: Callable[[str], bool],
        limit_s: float,
    ) -> RepositoryFiles:
        """The files that are `wanted`, by their path below the asked one.

        Nothing is loaded when the branch still is at the commit `known`. Returns within `limit_s`
        seconds of waiting. Raises `RepositoryUnreadable`.
        """


_repository_readers: list[RepositoryReader] = []


def register_repository_reader(reader: RepositoryReader) -> None:
    """Say who reads repositories. Called by the composition root; the last one counts."""
    _repository_readers.append(reader)


def repository_reader() -> RepositoryReader:
    return _repository_readers[-1]
