"""Uploads: what is accepted, and that everything else is refused with its place."""

import io
import json
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from evenfall.importing.logic import export as exports
from evenfall.importing.logic.export import Unreadable, read, restored, stored

NAMES = {"user": "users", "users": "users", "overrides": "overrides"}


def found(value: object) -> list[tuple[str, str, str]]:
    items = read(json.dumps(value).encode(), NAMES).items
    return [(item.collection, item.about, item.where) for item in items]


def zipped(**files: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            archive.writestr(name, value if isinstance(value, str) else json.dumps(value))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"users": [{"id": 1}]}, "users[0]"),
        ({"users": {"users": [{"id": 1}]}}, "users.users[0]"),
        ({"users": {"data": [{"id": 1}]}}, "users.data[0]"),
        ({"users": [{"results": [{"id": 1}]}, {"results": []}]}, "users[0].results[0]"),
        ({"users": {"user": {"id": 1}}}, "users.user"),
        ([{"users": [{"id": 1}]}], "[0].users[0]"),
    ],
)
def test_answers_are_found_in_their_envelopes(value: object, where: str) -> None:
    assert found(value) == [("users", "", where)]


def test_answers_by_id_say_what_they_are_about() -> None:
    value = {"overrides": {"S1": {"overrides": [{"id": "a"}]}, "S2": {"overrides": []}}}
    assert found(value) == [("overrides", "S1", "overrides.S1.overrides[0]")]


def test_names_in_a_zip_say_what_the_files_hold() -> None:
    body = zipped(
        **{
            "export/users-2.json": {"users": [{"id": 1}]},
            "export/overrides/S1.json": [{"id": "a"}],
            "export/all.json": {"users": [{"id": 2}]},
            "export/notes.txt": "nothing",
            "__MACOSX/users.json": "nothing",
        }
    )
    assert [(item.collection, item.about) for item in read(body, NAMES).items] == [
        ("users", ""),
        ("overrides", "S1"),
        ("users", ""),
    ]


def test_what_was_stored_is_restored() -> None:
    export = read(b'{"users": [{"id": 1}]}', NAMES)
    assert restored(stored(export)) == export
    assert len(export.of("users")) == 1
    assert export.of("overrides") == []


class Shape(Struct):
    id: int


def test_a_wrong_field_is_named_with_its_path() -> None:
    item = read(b'{"users": [{"id": "x"}]}', NAMES).items[0]
    with pytest.raises(Unreadable, match=r"users\[0\].id: Expected `int`, got `str`."):
        item.read(Shape)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"{}", "Nothing in it is known"),
        (b'"text"', "Nothing in it is known"),
        (b'{"users": 3}', "Expected an object"),
        (b'{"users": [{"id": "\\u0000"}]}', "NUL"),
        (b"[" * 50 + b"]" * 50, "too deeply"),
        (b"[" * 90_000 + b"]" * 90_000, "too deeply"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b" " * (exports.MOST_BYTES + 1), "larger than"),
        (json.dumps({"users": [{"id": 1}] * (exports.MOST_ITEMS + 1)}).encode(), "more than"),
        (zipped(**{f"{n}.json": {} for n in range(501)}), "more than 500 files"),
        (zipped(**{"users.json": "[" + " " * exports.MOST_UNPACKED + "]"}), "Unpacked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(body, NAMES)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["users", "data", "id", "overrides", "S1"]), inner, max_size=3
        )
    ),
)


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    with suppress(Unreadable):
        assert read(json.dumps(value).encode(), NAMES).items
