import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic import documents
from evenfall.runbooks.logic.documents import Document, UnreadableFolder, clean_tags, pack, unpack

FRONT = """---
title: "Disk is full"
tags: [Database, disk]
owner: payments
services:
  - till
  - Cards
color: blue
---

# Another heading

- [ ] free some
"""


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_unpack_reads_front_matter_and_the_text_below() -> None:
    (found,) = unpack(zipped({"db/disk.md": FRONT.replace("\n", "\r\n")}))
    assert found == Document(
        path="db/disk.md",
        title="Disk is full",
        tags=("database", "disk"),
        owner="payments",
        services=("till", "cards"),
        text="# Another heading\n\n- [ ] free some",
    )


def test_unpack_names_a_file_by_its_heading_or_its_own_name() -> None:
    found = unpack(zipped({"a.md": "text\n# Till is slow #\n", "b/cards_down.markdown": "x"}))
    assert [one.title for one in found] == ["Till is slow", "Cards down"]


def test_unpack_leaves_out_what_is_no_markdown_and_what_is_hidden() -> None:
    files = {"a.md": "a", "b.txt": "b", ".git/c.md": "c", "__MACOSX/d.md": "d", "e.md/": ""}
    assert [one.path for one in unpack(zipped(files))] == ["a.md"]


@pytest.mark.parametrize("path", ["../a.md", "/etc/a.md", "x/../../a.md", "c:/a.md", "a\\..\\b.md"])
def test_unpack_refuses_paths_that_lead_out_of_the_folder(path: str) -> None:
    with pytest.raises(UnreadableFolder, match="leads out"):
        unpack(zipped({path: "a"}))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no zip"),
        (b"PK\x03\x04nonsense", "no zip"),
        (b"x" * (documents.MOST_BYTES + 1), "larger"),
        (zipped({"a.txt": "a"}), "no Markdown"),
        (zipped({"a.md": b"\xff\xfe"}), "UTF-8"),
        (zipped({"a.md": "x" * (documents.MOST_TEXT + 1)}), "characters"),
        (zipped({"./a.md": "a", "a.md": "b"}), "twice"),
        (zipped({f"{'x' * 500}.md": "a"}), "too long"),
        (zipped({f"{n}.md": "" for n in range(documents.MOST_FILES + 1)}), "files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unpack_says_what_is_wrong(body: bytes, why: str) -> None:
    with pytest.raises(UnreadableFolder, match=why):
        unpack(body)


def test_unpack_counts_what_comes_out_whatever_the_header_says() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(90):
            archive.writestr(f"{number}.md", "x" * 4 * documents.MOST_TEXT)
    with pytest.raises(UnreadableFolder):
        unpack(out.getvalue())


LINES = st.text("abc -#", max_size=20).map(str.strip)


@given(
    title=LINES.filter(lambda line: line and "  " not in line),
    tags=st.lists(st.sampled_from(["db", "disk", "a b"]), unique=True, max_size=3),
    text=LINES,
)
def test_pack_gives_a_folder_that_is_read_as_the_same(
    title: str, tags: list[str], text: str
) -> None:
    one = Document(
        path="a.md", title=title, tags=tuple(tags), owner="core", services=("till",), text=text
    )
    assert unpack(pack([one])) == (one,)
    assert pack([one]) == pack([one])
    assert documents.from_json(documents.to_json([one])) == (one,)


def test_clean_tags_are_small_short_and_stand_once() -> None:
    assert clean_tags([" DB ", "db", "a,b", "", "x" * 50]) == ("db", "a b", "x" * 40)
