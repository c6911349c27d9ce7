"""What reading found to say: which document, where in it, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A document with an error is not imported; one with warnings is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
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
