"""The shapes of the API of copies and looks."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from evenfall.statuspages.actions import CopyWish, LookWish
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.queries import LookView

_MOST_VALUES = 20


class StatusCopyIn(Schema):
    """`kind` is folder or s3; `values` has what it asks for.

    A folder: `folder`. A bucket: `endpoint`, `bucket`, `region`, `prefix`, `key_id`, `secret`.
    """

    kind: str = Field(max_length=20)
    values: dict[str, str] = Field(default_factory=dict, max_length=_MOST_VALUES)
    address: str = Field("", max_length=300)
    """Where readers open the copy; feeds name it."""
    stale_minutes: int = Field(15, ge=3, le=1440)
    is_on: bool = True

    def wish(self) -> CopyWish:
        return CopyWish(**self.dict())


class StatusCopyOut(Schema):
    """`state` is off, failed, waiting or stored; secrets are left out."""

    id: int
    kind: str
    place: str
    values: dict[str, str]
    address: str
    stale_minutes: int
    is_on: bool
    state: str
    stored_at: datetime | None
    failures: int
    failed_at: datetime | None
    error: str


class StatusCopiesOut(Schema):
    items: list[StatusCopyOut]
    next: str | None


class StatusLookIn(Schema):
    """`accent` is a colour like #1a2b3c or empty; the first language is what readers get who
    accept none of them; `domain` is a name like status.example.org or empty.
    """

    accent: str = Field("", max_length=7)
    languages: list[Language] = Field(default_factory=lambda: [Language.EN], max_length=4)
    domain: str = Field("", max_length=253)

    def wish(self) -> LookWish:
        return LookWish(**self.dict())


class StatusLookOut(Schema):
    """`light` and `dark` are what is shown of the accent, so that it can be read."""

    accent: str
    light: str
    dark: str
    languages: list[Language]
    domain: str
    has_logo: bool

    @classmethod
    def of(cls, look: LookView) -> "StatusLookOut":
        accent = look.accent
        return cls(
            accent=accent.colour if accent else "",
            light=accent.light if accent else "",
            dark=accent.dark if accent else "",
            languages=list(look.languages),
            domain=look.domain,
            has_logo=bool(look.logo_digest),
        )
