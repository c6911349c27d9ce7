"""A place in a document: reads what is there, notes what is wrong, and goes on with a default.

A document is judged as a whole: all that is wrong with it is told at once.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.slo.logic.openslo.durations import Duration, Unit, parse
from evenfall.slo.logic.openslo.notes import Note, Severity

DESCRIPTION_MOST: Final = 1050
TEXT_MOST: Final = 20_000
_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SHOWN: Final = 60
_COUNT_MOST: Final = 999_999


class Place(Struct, frozen=True, kw_only=True):
    """`value` is a mapping of the document; everything read from it is noted under `path`."""

    notes: list[Note]
    document: int
    value: dict[str, Any]
    path: str = ""
    about: str = ""

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def error(self, key: str, text: str, todo: str) -> None:
        self._note(key, Severity.ERROR, text, todo)

    def warn(self, key: str, text: str, todo: str) -> None:
        self._note(key, Severity.WARNING, text, todo)

    def has(self, key: str) -> bool:
        return self.value.get(key) is not None

    def expect(self, *known: str) -> None:
        """Warn of fields that OpenSLO does not have here: most likely a slip."""
        for key in self.value.keys() - set(known):
            self.warn(key[:_SHOWN], "OpenSLO has no such field here.", "Check how it is spelt.")

    def text(self, key: str, *, most: int = TEXT_MOST, needed: bool = False) -> str:
        found = self.value.get(key)
        if found is None:
            if needed:
                self.error(key, "This is missing.", "Write a text.")
            return ""
        if isinstance(found, bool | dict | list):
            self.error(key, "This is not a text.", "Write a text, in quotes if in doubt.")
            return ""
        text = str(found)
        if len(text) > most:
            self.error(key, f"This has more than {most} characters.", "Shorten it.")
        elif needed and not text.strip():
            self.error(key, "This is empty.", "Write a text.")
        return text

    def description(self) -> str:
        return self.text("description", most=DESCRIPTION_MOST)

    def name(self, key: str, *, needed: bool = True) -> str:
        found = self.text(key, needed=needed)
        if found and not _NAME.fullmatch(found):
            self.error(
                key,
                f"“{found[:_SHOWN]}” is not a name.",
                "Write up to 63 small letters, digits and dashes, a letter or digit at both ends.",
            )
        return found

    def truth(self, key: str, *, otherwise: bool = False) -> bool:
        found = self.value.get(key, otherwise)
        if isinstance(found, str) and found.strip().lower() in {"true", "false"}:
            return found.strip().lower() == "true"
        if found is not None and not isinstance(found, bool):
            self.error(key, "This is neither true nor false.", "Write true or false.")
        return otherwise if not isinstance(found, bool) else found

    def number(self, key: str) -> Decimal | None:
        """A finite number, as exact as it was written; None where there is none."""
        found = self.value.get(key)
        if isinstance(found, str):
            found = _from_text(found)
        if found is None and not self.has(key):
            return None
        if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
            self.error(key, "This is not a number.", "Write a number.")
            return None
        return Decimal(str(found))

    def duration(self, key: str, *, minutes: bool = False) -> Duration | None:
        """Such as `28d`; with `minutes` a bare number counts them."""
        found = self.value.get(key)
        if found is None:
            return None
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        read: Duration | None = None
        if minutes and is_number and found == int(found):
            read = Duration(int(found), Unit.MINUTE)
        elif isinstance(found, str):
            read = parse(found)
        if read is None or not 0 <= read.count <= _COUNT_MOST:
            self.error(key, "This is not a duration.", "Write such as 5m, 28d or 1M (a month).")
            return None
        return read

    def choice[T: StrEnum](self, key: str, choices: type[T], *, needed: bool = True) -> T | None:
        """One of the words, in capitals or not."""
        found = self.text(key, needed=needed).strip()
        for one in choices:
            if one.value.lower() == found.lower():
                return one
        if found:
            words = ", ".join(one.value for one in choices)
            self.error(key, f"“{found[:_SHOWN]}” is not known here.", f"Choose one of {words}.")
        return None

    def inside(self, key: str, *, needed: bool = False) -> "Place | None":
        """The mapping under a key."""
        found = self.value.get(key)
        if isinstance(found, dict):
            return replace(self, value=found, path=self.at(key))
        if found is not None:
            self.error(key, "This is not a mapping.", "Write fields with their values.")
        elif needed:
            self.error(key, "This is missing.", "Write it; the specification shows how.")
        return None

    def list_of(self, key: str) -> list[Any]:
        found = self.value.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            self.error(key, "This is not a list.", "Begin each item with a dash.")
            return []
        return found

    def each(self, key: str) -> Iterator["Place"]:
        """The mappings of a list."""
        for number, found in enumerate(self.list_of(key)):
            item = f"{key}[{number}]"
            if isinstance(found, dict):
                yield replace(self, value=found, path=self.at(item))
            else:
                self.error(item, "This is not a mapping.", "Write fields with their values.")

    def _note(self, key: str, severity: Severity, text: str, todo: str) -> None:
        self.notes.append(
            Note(
                document=self.document,
                path=self.at(key) if key else self.path,
                severity=severity,
                text=text,
                todo=todo,
                about=self.about,
            )
        )


def _from_text(text: str) -> Decimal | None:
    """A number in quotes is still a number; nothing that Decimal knows besides is."""
    is_number = re.fullmatch(r"\s*[+-]?[0-9]{1,20}(\.[0-9]{1,20})?\s*", text, re.ASCII)
    return Decimal(text.strip()) if is_number else None
