"""From the texts of files to what they declare, or to everything that is wrong with them."""

from collections.abc import Iterator, Mapping
from typing import Final, override

import msgspec
from msgspec import Struct, field

from evenfall.manifests.logic.marked import Marked, MarkedError, Value, read
from evenfall.manifests.logic.specs import KINDS, RULES_KEY, Key, Spec

VERSION: Final = "v1"
MOST_FILES: Final = 200
MOST_BYTES: Final = 4_000_000


class Thing(Struct, frozen=True, order=True):
    """The name of one thing: its kind and its key."""

    kind: str
    key: str

    @override
    def __str__(self) -> str:
        return self.kind if self.kind == "rules" else f"{self.kind}.{self.key}"


class Place(Struct, frozen=True):
    """A line of a file, from 1."""

    file: str
    line: int


class Problem(Struct, frozen=True):
    """What is wrong, where, and what to do."""

    place: Place
    what: str
    message: str


class Declaration(Struct, frozen=True):
    """What a manifest declares. With problems it is not to be used."""

    specs: dict[Thing, Spec] = field(default_factory=dict)
    places: dict[Thing, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def declaration(files: Mapping[str, str]) -> Declaration:
    """Read files, named as people will look for them; everything that is wrong is told at once."""
    found = Declaration()
    size = sum(len(text) for text in files.values())
    if len(files) > MOST_FILES or size > MOST_BYTES:
        most = f"At most {MOST_FILES} files of {MOST_BYTES:,} characters together can be read."
        found.problems.append(Problem(Place("", 1), "", most))
        return found
    for name, text in files.items():
        try:
            _file(found, name, read(text))
        except MarkedError as error:
            found.problems.append(Problem(Place(name, error.line), "", str(error)))
    return found


def _file(found: Declaration, name: str, marked: Marked) -> None:
    top = marked.value
    if not isinstance(top, dict) or top.get("evenfall") != VERSION:
        place = Place(name, marked.line(("evenfall",)))
        text = f"A manifest begins with the line “evenfall: {VERSION}”."
        found.problems.append(Problem(place, "evenfall", text))
        return
    for kind, section in top.items():
        if kind != "evenfall":
            _section(found, name, marked, kind, section)


def _section(found: Declaration, name: str, marked: Marked, kind: str, section: Value) -> None:
    place = Place(name, marked.line((kind,)))
    if kind not in KINDS:
        text = f"There is no kind “{kind}”. Known are {', '.join(KINDS)}."
        found.problems.append(Problem(place, kind, text))
        return
    if section is None:
        return
    if not isinstance(section, dict):
        found.problems.append(Problem(place, kind, "Write a mapping here, from names to values."))
        return
    things = {RULES_KEY: section} if kind == "rules" else section
    for key, value in things.items():
        path = (kind,) if kind == "rules" else (kind, key)
        _thing(found, Thing(kind, key), Place(name, marked.line(path)), marked, value)


def _thing(found: Declaration, thing: Thing, place: Place, marked: Marked, value: Value) -> None:
    if thing in found.places:
        first = found.places[thing]
        text = f"It stands in {first.file}, line {first.line}, already. Say it once."
        found.problems.append(Problem(place, str(thing), text))
        return
    found.places[thing] = place
    try:
        msgspec.convert(thing.key, Key)
    except msgspec.ValidationError:
        text = "A key has small letters, digits and hyphens, and begins with a letter or digit."
        found.problems.append(Problem(place, str(thing), text))
        return
    try:
        found.specs[thing] = msgspec.convert(value, KINDS[thing.kind])
    except msgspec.ValidationError as error:
        path = tuple(_path(str(error)))
        start = (thing.kind,) if thing.kind == "rules" else (thing.kind, thing.key)
        line = marked.line((*start, *path))
        what = ".".join((str(thing), *path))
        found.problems.append(Problem(Place(place.file, line), what, _plain(str(error))))


def _plain(message: str) -> str:
    """The message without its path, which is told in our own words."""
    return message.partition(" - at `")[0].replace("`", "“", 1).replace("`", "”", 1) + "."


def _path(message: str) -> Iterator[str]:
    """The parts of a path such as ``$.steps[0].targets``; of a mapping's value ("[...]") none."""
    path = message.rpartition(" - at `$")[2].rstrip("`") if " - at `$" in message else ""
    for part in path.replace("[", ".[").split("."):
        name = part.strip("[]")
        if name and name != "..." and not part.startswith("key"):
            yield name
