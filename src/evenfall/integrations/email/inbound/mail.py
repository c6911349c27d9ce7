"""Reading a mail of any quality: what is broken is read as well as it can be, never refused."""

import re
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from functools import cached_property
from html.parser import HTMLParser
from typing import Final, override

from msgspec import Struct

SIZE: Final = "X-Evenfall-Size"  # of an attachment whose content is not kept
LONGEST_TEXT: Final = 20_000
_LONGEST_HEADER: Final = 2000
_LONGEST_NUMBER: Final = 16
_BROKEN: Final = (LookupError, ValueError, MessageError)


class Attachment(Struct, frozen=True, kw_only=True):
    """What was attached; the content itself is not kept. `size` is in bytes."""

    name: str
    type: str
    size: int

    def words(self) -> str:
        return f"{self.name or 'without a name'} ({self.type}, {self.size} bytes)"


class Mail:
    """One mail. Nothing here raises, whatever the bytes are."""

    def __init__(self, raw: bytes) -> None:
        self.message: Message[str, str] = message_from_bytes(raw)

    def header(self, name: str) -> str:
        """A header as one line of text, "" where there is none; the first one counts."""
        return _readable(self._headers.get(name.lower(), ""))

    @cached_property
    def _headers(self) -> dict[str, str]:
        """The first header of each name, as raw text: bytes that are not ASCII are surrogates."""
        found: dict[str, str] = {}
        for name, value in self.message.raw_items():
            found.setdefault(name.lower(), str(value))
        return found

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def sender(self) -> str:
        """The bare address of the From header, in small letters."""
        return parseaddr(self.header("From"))[1].lower()

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(
                name=_readable(part.get_filename() or ""),
                type=part.get_content_type(),
                size=size_of(part),
            )
            for part in leaves(self.message)
            if is_attachment(part)
        )

    @cached_property
    def text(self) -> str:
        """The words of the mail: the plain part, else those of the HTML part."""
        for wanted, read in _READERS.items():
            for part in leaves(self.message):
                if part.get_content_type() == wanted and not is_attachment(part):
                    return _tidy(read(_text_of(part)))[:LONGEST_TEXT]
        return ""


def leaves(message: "Message[str, str]") -> "Iterator[Message[str, str]]":
    """The parts that have a content of their own."""
    for part in message.walk():
        if not part.is_multipart() and isinstance(part, Message):
            yield part


def is_attachment(part: "Message[str, str]") -> bool:
    is_text = part.get_content_type() in _READERS
    return not is_text or part.get_content_disposition() == "attachment"


def _readable(value: str) -> str:
    """A header in its own letters; what cannot be decoded stays as it is."""
    value = " ".join(value.splitlines())
    try:
        parts = [_decoded(text, charset) for text, charset in decode_header(value)]
    except _BROKEN:
        parts = [value]
    return " ".join(_storable("".join(parts)).split())[:_LONGEST_HEADER]


def _storable(text: str) -> str:
    """Text that PostgreSQL can store: without NUL and half characters.

    Bytes that a header should not have are kept by Python in the second halves; in UTF-8 they may
    well be letters.
    """
    text = text.replace("\0", "")
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()


def _decoded(text: bytes | str, charset: str | None) -> str:
    return text if isinstance(text, str) else _in_charset(text, charset)


def _in_charset(raw: bytes, charset: str | None) -> str:
    """Bytes in the charset they claim, else in UTF-8, else in the one that takes every byte."""
    for name in (charset or "utf-8", "utf-8"):
        try:
            return raw.decode(name)
        except _BROKEN:
            continue
    return raw.decode("latin-1")


def _bytes_of(part: "Message[str, str]") -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except _BROKEN:
        payload = part.get_payload()
    if isinstance(payload, bytes):
        return payload
    return str(payload or "").encode("utf-8", "surrogateescape")


def size_of(part: "Message[str, str]") -> int:
    """The size as it came, also where the content is no longer there."""
    told = str(part.get(SIZE, ""))
    is_number = told.isascii() and told.isdecimal() and len(told) < _LONGEST_NUMBER
    return int(told) if is_number else len(_bytes_of(part))


def _text_of(part: "Message[str, str]") -> str:
    return _storable(_in_charset(_bytes_of(part), part.get_content_charset()))


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Keeps what a reader of the HTML would see, one line a block."""

    _SILENT: Final = frozenset({"script", "style", "head", "title", "template"})
    _BLOCKS: Final = frozenset(
        {*("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"), "blockquote"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent.append(tag)
        elif tag == "blockquote":
            self.parts.append("\n> ")
        elif tag in self._BLOCKS:
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in self._BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _words_of_html(html: str) -> str:
    parser = _Words()
    try:
        parser.feed(html)
        parser.close()
    except (AssertionError, ValueError):  # the parser of Python gives up on some broken markup
        return re.sub(r"<[^>]*>", " ", html)
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parser.parts).split("\n")]
    return "\n".join(lines)


def _as_it_is(text: str) -> str:
    return text


# what is text, in the order wanted
_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "text/plain": _as_it_is,
    "text/html": _words_of_html,
}
