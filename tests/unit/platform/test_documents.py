"""What a document is comes from its bytes, and its name does no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.documents import DocumentType, document, document_name
from evenfall.platform.files import NAME_LENGTH


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "evil.html", DocumentType.PDF),
        (b"PK\x03\x04...", "report.DOCX", DocumentType.WORD),
        (b"PK\x03\x04...", "figures.xlsx", DocumentType.SHEET),
        (b"PK\x03\x04...", "report.pdf", DocumentType.ZIP),
        (b"PK\x03\x04...", "nothing", DocumentType.ZIP),
        ("\x1b[31mfällt\x1b[0m\tum\r\n".encode(), "app.log", DocumentType.TEXT),
        (b"<script>alert(1)</script>", "page.html", DocumentType.TEXT),
        (b"", "empty.txt", None),
        (b"\x7fELF\x02\x01\x01\0", "tool", None),
        ("ümlaut".encode("latin-1"), "old.txt", None),
        ("wide".encode("utf-16"), "wide.txt", None),
    ],
)
def test_the_bytes_say_what_it_is(body: bytes, name: str, kind: DocumentType | None) -> None:
    assert document(body, name) is kind


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("app.LOG", DocumentType.TEXT, "app.log"),
        ("page.html", DocumentType.TEXT, "page.html.txt"),
        ("drawing.svg", DocumentType.TEXT, "drawing.svg.txt"),
        ("Makefile", DocumentType.TEXT, "Makefile.txt"),
        ("../../etc/cron.d/x.json", DocumentType.TEXT, "x.json"),
        ("evil.html", DocumentType.PDF, "evil.pdf"),
        ("", DocumentType.WORD, "document.docx"),
        ("....", DocumentType.TEXT, "text.txt"),
    ],
)
def test_a_name_has_the_ending_of_its_kind(name: str, kind: DocumentType, kept: str) -> None:
    assert document_name(name, kind) == kept


@given(st.text(max_size=300), st.sampled_from(DocumentType))
def test_a_name_is_short_and_harmless(name: str, kind: DocumentType) -> None:
    kept = document_name(name, kind)
    assert len(kept) <= NAME_LENGTH
    assert not kept.endswith((".html", ".htm", ".svg", ".xml"))
    assert not set(kept) & set('/\\"\r\n\0')


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(body: bytes) -> None:
    document(body, "file.txt")
