"""How the two texts of a drift monitor are read and compared."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from evenfall.monitors.logic import manifests, plans, reading
from evenfall.monitors.logic.drift import Difference, Rules, lines, structures
from evenfall.monitors.logic.looks import Look, Result
from evenfall.monitors.logic.reading import Unreadable


class Reader(StrEnum):
    """What kind of state it is."""

    STRUCTURE = "structure"
    TEXT = "text"
    PLAN = "plan"
    MANIFESTS = "manifests"


LABELS = {
    Reader.STRUCTURE: "JSON or YAML",
    Reader.TEXT: "Plain text",
    Reader.PLAN: "A plan of Terraform or OpenTofu, as JSON",
    Reader.MANIFESTS: "Kubernetes manifests",
}


class Wanted(Struct, frozen=True, kw_only=True):
    """`ignored` and `hidden` are patterns of paths."""

    reader: Reader
    ignored: Sequence[str] = ()
    hidden: Sequence[str] = ()


def compare(wanted: Wanted, declared: str, live: str) -> list[Difference]:
    """The differences; a plan has both sides in itself. Raises `Unreadable`."""
    if wanted.reader is Reader.PLAN:
        return plans.differences(_document("The live state", live), wanted.ignored)
    if wanted.reader is Reader.TEXT:
        return lines(declared, live)
    old, new = _documents("The declared state", declared), _documents("The live state", live)
    if wanted.reader is Reader.MANIFESTS:
        return manifests.differences(old, new, wanted.ignored, wanted.hidden)
    rules = Rules(ignored=wanted.ignored, hidden=wanted.hidden)
    return structures(_only(old), _only(new), rules)


def check_declared(wanted: Wanted, text: str) -> None:
    """Raise `Unreadable` where a declared state could never be compared with anything."""
    if wanted.reader is Reader.PLAN:
        raise Unreadable("A plan has both sides in itself: report it, nothing is to be declared.")
    if wanted.reader is Reader.STRUCTURE:
        _documents("The declared state", text)
    if wanted.reader is Reader.MANIFESTS:
        found = _documents("The declared state", text)
        manifests.differences(found, found)


def judge(differences: Sequence[Difference] | None, problem: str) -> Look | None:
    """How it stands; None until something was reported."""
    if problem:
        return Look(result=Result.UNKNOWN, note=problem)
    if differences is None:
        return None
    count = len(differences)
    if not count:
        return Look(result=Result.GOOD, note="It is as it was declared.", value=0.0)
    first = differences[0].path or "the whole"
    more = f" and {count - 1} more" if count > 1 else ""
    note = f"It is not as it was declared: {first}{more}."
    return Look(result=Result.BAD, note=note, value=float(count))


def _documents(what: str, text: str) -> list[object]:
    try:
        return reading.documents(text)
    except Unreadable as error:
        raise Unreadable(f"{what} cannot be read. {error}") from error


def _document(what: str, text: str) -> object:
    try:
        return reading.document(text)
    except Unreadable as error:
        raise Unreadable(f"{what} cannot be read. {error}") from error


def _only(found: list[object]) -> object:
    """One document as it is, several as a list."""
    return found[0] if len(found) == 1 else found
