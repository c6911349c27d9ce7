"""From Markdown files, in a zip or not, to documents; nothing is written to a disk.

A file may begin with front matter: lines `name: value` between two lines `---`. Of it `title`,
`tags`, `owner` and `services` are read; what else stands there is left out. Lists are written as
`[a, b]`, as `a, b`, or one below the other with a dash.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from evenfall.runbooks.logic.checklist import cleaned

MOST_BYTES: Final = 5_000_000
MOST_UNPACKED: Final = 30_000_000
MOST_FILES: Final = 1_000
MOST_TEXT: Final = 100_000
MOST_TITLE: Final = 200
MOST_TAGS: Final = 20
MOST_TAG: Final = 40
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"([A-Za-z_-]{1,40}):[ \t]*(.*)")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_SUFFIXES: Final = (".md", ".markdown")


class UnreadableFolder(Exception):
    """`where` is a path inside the folder; `why` is a sentence for people."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


class Document(Struct, frozen=True, kw_only=True):
    """One file. `owner` is the slug of a team or the address of a person, "" when not said."""

    path: str
    title: str
    tags: tuple[str, ...]
    owner: str
    services: tuple[str, ...]
    text: str


def unpack(body: bytes) -> tuple[Document, ...]:
    """Return the Markdown files of a zip, by path. Raises UnreadableFolder."""
    if len(body) > MOST_BYTES:
        raise UnreadableFolder("the file", f"It is larger than {MOST_BYTES:,} bytes.")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found = [_document(path, content) for path, content in _members(archive)]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadableFolder("the file", "This is no zip that can be read.") from error
    if not found:
        raise UnreadableFolder("the file", "There is no Markdown file (.md) in it.")
    return tuple(sorted(found, key=lambda one: one.path))


def read_files(files: Iterable[tuple[str, bytes]]) -> tuple[Document, ...]:
    """Return the Markdown files among (path, content), by path. Raises UnreadableFolder."""
    wanted = [(_safe_path(path), content) for path, content in files if is_wanted(path)]
    if len(wanted) > MOST_FILES:
        raise UnreadableFolder("the folder", f"It has more than {MOST_FILES:,} files.")
    if sum(len(content) for _, content in wanted) > MOST_UNPACKED:
        raise UnreadableFolder("the folder", f"Its files have more than {MOST_UNPACKED:,} bytes.")
    if not wanted:
        raise UnreadableFolder("the folder", "There is no Markdown file (.md) in it.")
    return tuple(sorted((_document(*one) for one in wanted), key=lambda one: one.path))


def is_wanted(name: str) -> bool:
    """Whether a path is that of a Markdown file, and not hidden."""
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in path.parts)
    return path.suffix.lower() in _SUFFIXES and "__MACOSX" not in path.parts and not hidden


def pack(documents: Sequence[Document]) -> bytes:
    """Return a zip that `unpack` reads again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in documents:
            # the moment of the pack would make two equal exports differ
            info = zipfile.ZipInfo(one.path, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _with_front(one))
    return out.getvalue()


def to_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    return [asdict(one) for one in documents]


def from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Document, ...]:
    """Build the documents that `to_json` stored."""
    return tuple(
        Document(**{**row, "tags": tuple(row["tags"]), "services": tuple(row["services"])})
        for row in rows
    )


def clean_tags(words: Sequence[str]) -> tuple[str, ...]:
    """Return tags in small letters, each once, in the order given; at most twenty."""
    short = (" ".join(word.lower().replace(",", " ").split())[:MOST_TAG] for word in words)
    return tuple(dict.fromkeys(word for word in short if word))[:MOST_TAGS]


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The Markdown files; sizes are counted while reading, for a header may say anything."""
    wanted = [info for info in archive.infolist() if is_wanted(info.filename) and not info.is_dir()]
    if len(wanted) > MOST_FILES:
        raise UnreadableFolder("the file", f"The zip has more than {MOST_FILES:,} files.")
    left, seen = MOST_UNPACKED, set[str]()
    for info in wanted:
        path = _safe_path(info.filename)
        if path in seen:
            raise UnreadableFolder(path, "It is in the zip twice.")
        seen.add(path)
        with archive.open(info) as member:
            content = member.read(min(left, 4 * MOST_TEXT) + 1)
        left -= len(content)
        if left < 0:
            raise UnreadableFolder(path, f"Unpacked, more than {MOST_UNPACKED:,} bytes.")
        yield path, content


def _safe_path(name: str) -> str:
    """The path inside the folder; one that leads out of it is refused though nothing is written."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
        raise UnreadableFolder(name[:200], "The path leads out of the folder.")
    if len(name) > 500 or not name.isprintable():  # noqa: PLR2004 - as the column
        raise UnreadableFolder(name[:200], "The path is too long or cannot be shown.")
    return str(path)


def _document(path: str, content: bytes) -> Document:
    try:
        text = cleaned(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFolder(path, "This is not a text in UTF-8.") from error
    if len(text) > MOST_TEXT:
        raise UnreadableFolder(path, f"It has more than {MOST_TEXT:,} characters.")
    front = _FRONT.match(text)
    said = _front(front[1]) if front else {}
    body = text[front.end() :].strip("\n") if front else text.strip("\n")
    return Document(
        path=path,
        title=" ".join((" ".join(said.get("title", ())) or _title(body, path)).split())[
            :MOST_TITLE
        ],
        tags=clean_tags(said.get("tags", ())),
        owner=" ".join(said.get("owner", ()))[:200],
        services=tuple(dict.fromkeys(one.lower()[:200] for one in said.get("services", ()))),
        text=body,
    )


def _title(body: str, path: str) -> str:
    heading = _HEADING.search(body)
    if heading:
        return heading[1]
    return PurePosixPath(path).stem.replace("-", " ").replace("_", " ").capitalize() or "Runbook"


def _front(text: str) -> dict[str, list[str]]:
    """The entries of front matter, each as the words of its list."""
    said: dict[str, list[str]] = {}
    name = ""
    for line in text.split("\n"):
        entry = _ENTRY.match(line)
        if entry:
            name = entry[1].lower()
            said[name] = _words(name, entry[2])
        elif name and line.strip().startswith("- "):
            said[name].append(_bare(line.strip()[2:]))
    return said


def _words(name: str, value: str) -> list[str]:
    value = value.strip()
    if name in {"title", "owner"}:
        return [_bare(value)] if value else []
    inner = value.removeprefix("[").removesuffix("]")
    return [word for word in map(_bare, inner.split(",")) if word]


def _bare(word: str) -> str:
    word = word.strip()
    is_quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "\"'"
    return word[1:-1] if is_quoted else word


def _with_front(one: Document) -> str:
    lines = [f"title: {one.title}"]
    lines += [f"tags: [{', '.join(one.tags)}]"] if one.tags else []
    lines += [f"owner: {one.owner}"] if one.owner else []
    lines += [f"services: [{', '.join(one.services)}]"] if one.services else []
    return "\n".join(["---", *lines, "---", "", one.text, ""])
