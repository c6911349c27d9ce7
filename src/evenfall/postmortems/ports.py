"""The contract between actions and the slices that speak to an issue tracker.

A type of tracker is one class under ``integrations/<slice>/``. It knows the wire only: it makes an
issue, looks at one, opens or closes it, and reads what the tracker tells by webhook. When any of it
happens, and who wins, is decided here.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Protocol

from msgspec import Struct

KEY_LENGTH: Final = 200


class TrackerField(Struct, frozen=True, kw_only=True):
    """What an administrator fills in; a secret is stored encrypted and never shown again."""

    name: str
    label: str
    help: str = ""
    is_secret: bool = False
    is_required: bool = True
    default: str = ""


class TrackerAccount(Struct, frozen=True, kw_only=True):
    """An account as a slice needs it: `values` by the names of its fields, secrets too."""

    id: int
    type: str
    name: str
    values: Mapping[str, str]


class IssueDraft(Struct, frozen=True, kw_only=True):
    """An issue to make. `body` is Markdown that also reads well as plain text.

    `mark` is a part of the body that no other issue has: by it a draft is found again whose answer
    was lost.
    """

    title: str
    body: str
    mark: str


class Issue(Struct, frozen=True, kw_only=True):
    """An issue as it is now; `is_dropped` says that it was closed without being done."""

    key: str
    url: str
    title: str
    is_open: bool
    is_dropped: bool = False


class TrackerError(Exception):
    """The tracker did not do it.

    is_final     the same call would be refused again
    is_account   it is about the account, so other calls of it would fail too
    is_gone      the issue was removed, or moved to where this account cannot see it
    retry_after  the least wait that the tracker asks for
    """

    def __init__(
        self,
        message: str,
        *,
        is_final: bool = False,
        is_account: bool = False,
        is_gone: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.is_final = is_final or is_gone
        self.is_account = is_account
        self.is_gone = is_gone
        self.retry_after = retry_after


class WebhookRefused(Exception):
    """The proof of a webhook is missing or wrong."""


class TrackerType(Protocol):
    """One kind of tracker. One object serves all accounts of a process."""

    type: str
    label: str
    guide: str
    fields: tuple[TrackerField, ...]

    def check(self, values: Mapping[str, str]) -> None:
        """Raise postmortems.errors.TrackerNotUsable for settings that cannot work."""

    def key_of(self, values: Mapping[str, str], url: str) -> str | None:
        """The key of the issue that has this address; None where it is not of this account."""

    async def find(self, account: TrackerAccount, mark: str) -> Issue | None:
        """The issue whose body has this mark, among the newest. Raises TrackerError."""

    async def create(self, account: TrackerAccount, draft: IssueDraft) -> Issue:
        """Raises TrackerError."""

    async def fetch(self, account: TrackerAccount, key: str) -> Issue:
        """Raises TrackerError."""

    async def set_open(self, account: TrackerAccount, key: str, *, is_open: bool) -> Issue:
        """Open or close it, and return it as it is then. Raises TrackerError."""

    def hear(self, account: TrackerAccount, headers: Mapping[str, str], body: bytes) -> str:
        """The key of the issue that a webhook is about, "" for none; raises WebhookRefused.

        Header names are lower case. What else a webhook claims is not believed: the issue is
        looked at instead, so that late, repeated and reversed webhooks do no harm.
        """


_types: dict[str, TrackerType] = {}


def register_tracker_type(new: TrackerType) -> None:
    """Make a type known; a second one of the same name replaces the first."""
    _types[new.type] = new


def tracker_type(name: str) -> TrackerType | None:
    return _types.get(name)


def tracker_types() -> tuple[TrackerType, ...]:
    return tuple(_types.values())
