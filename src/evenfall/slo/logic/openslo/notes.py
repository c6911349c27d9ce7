"""What reading found to say: which document, where in it, and what to do."""

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """A document with an error is not imported; one with warnings is."""

    ERROR = "error"
    WARNING = "warning"


class Note(Struct, frozen=True, kw_only=True):
    """`document` counts from 1 (0: the whole text); `path` is such as `spec.objectives[0].target`.

    `text` says what is wrong, `todo` what to do about it; `about` is the kind and name, as far as
    they are known.
    """

    document: int
    path: str
    severity: Severity
    text: str
    todo: str
    about: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR
