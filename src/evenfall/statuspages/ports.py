"""Where copies of a page are put, and where readers find what an incident taught."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from evenfall.platform.errors import DomainError, Invalid


class CopyNotStored(DomainError):
    """The copy could not be stored: {reason}"""

    code = "statuspages.copy_not_stored"
    status = 502


class PlaceNotUsable(Invalid):
    """This place for copies cannot be used: {reason}"""

    code = "statuspages.place_not_usable"


class File(Struct, frozen=True, kw_only=True):
    """One file of a copy; `name` is relative, its parts divided by "/".

    `is_lasting`: its name changes with its content, so it can be kept for ever.
    """

    name: str
    body: bytes
    content_type: str
    is_lasting: bool = False


class Field(Struct, frozen=True, kw_only=True):
    """What somebody fills in to name a place."""

    name: str
    label: str
    help_text: str = ""
    is_secret: bool = False
    needed: bool = True


class Place(Protocol):
    """A kind of place. `values` are what its `fields` ask for.

    `put` stores the files one after the other in their order. Each is replaced as a whole: a
    reader gets the old one or the new one, whenever the writer dies. Raises CopyNotStored.
    """

    kind: str
    label: str
    fields: tuple[Field, ...]

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Return the values as they are kept; raises PlaceNotUsable."""
        ...

    def described(self, values: Mapping[str, str]) -> str:
        """Where it is, in a few words, without secrets."""
        ...

    async def put(self, values: Mapping[str, str], files: Sequence[File]) -> None: ...


_places: dict[str, Place] = {}


def register_place(place: Place) -> None:
    _places[place.kind] = place


def place(kind: str) -> Place:
    """Raises PlaceNotUsable for a kind that nobody fills."""
    found = _places.get(kind)
    if found is None:
        raise PlaceNotUsable(reason=f"there is no kind {kind}.", field="kind")
    return found


def places() -> list[Place]:
    """Every kind, in the order registered."""
    return list(_places.values())


type ReadLessons = Callable[[Collection[int]], Mapping[int, str]]

_lessons: dict[str, ReadLessons] = {}


def register_lessons(name: str, read: ReadLessons) -> None:
    """Let `read` say where everybody reads what incidents taught: absolute addresses by id."""
    _lessons[name] = read


def lessons(incident_ids: Collection[int]) -> dict[int, str]:
    """Return the public address for each of these incidents that has one."""
    if not incident_ids:
        return {}
    return {number: url for read in _lessons.values() for number, url in read(incident_ids).items()}
