"""What a document is, read from its own bytes: a PDF, a text in UTF-8, or a ZIP with what is in it.

Its name chooses only among the files that are ZIPs inside. Whatever has no script of its own once
it is downloaded stays; HTML and SVG are texts here, and named so.
"""

from enum import StrEnum
from typing import Final

from evenfall.platform.files import plain_name

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_ZIP_START: Final = b"PK\x03\x04"
_PDF_START: Final = b"%PDF-"
# what logs have besides letters: tabs, ends of lines and pages, and colours (escape)
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


class DocumentType(StrEnum):
    PDF = "application/pdf"
    TEXT = "text/plain; charset=utf-8"
    ZIP = "application/zip"
    WORD = f"{_OFFICE}.wordprocessingml.document"
    SHEET = f"{_OFFICE}.spreadsheetml.sheet"
    SLIDES = f"{_OFFICE}.presentationml.presentation"
    OPEN_TEXT = f"{_OPEN}.text"
    OPEN_SHEET = f"{_OPEN}.spreadsheet"
    OPEN_SLIDES = f"{_OPEN}.presentation"


ENDINGS: Final = {
    DocumentType.PDF: "pdf",
    DocumentType.ZIP: "zip",
    DocumentType.WORD: "docx",
    DocumentType.SHEET: "xlsx",
    DocumentType.SLIDES: "pptx",
    DocumentType.OPEN_TEXT: "odt",
    DocumentType.OPEN_SHEET: "ods",
    DocumentType.OPEN_SLIDES: "odp",
}
TEXT_ENDINGS: Final = frozenset(
    {"txt", "log", "md", "csv", "tsv", "json", "yaml", "yml", "sql", "diff", "patch"}
)
_PACKED: Final = {ending: kind for kind, ending in ENDINGS.items() if kind != DocumentType.PDF}


def document(body: bytes, name: str) -> DocumentType | None:
    """Return what the bytes are; None for an empty file and anything that is not known."""
    if body.startswith(_PDF_START):
        return DocumentType.PDF
    if body.startswith(_ZIP_START):
        return _PACKED.get(_ending(name), DocumentType.ZIP)
    return DocumentType.TEXT if body and _is_text(body) else None


def document_name(name: str, kind: DocumentType) -> str:
    """Return a harmless file name; a text whose ending means more than text gets “.txt” on top."""
    if kind is not DocumentType.TEXT:
        return plain_name(name, ENDINGS[kind], otherwise="document")
    ending = _ending(name)
    known = ending in TEXT_ENDINGS
    return plain_name(
        name if known else f"{name}.txt", ending if known else "txt", otherwise="text"
    )


def _is_text(body: bytes) -> bool:
    if len(body.translate(None, _CONTROL)) < len(body):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
