"""What is written is read again as the same, and nothing that is uploaded makes reading fail."""

import json
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.slo import openslo_strategies as any_of

from evenfall.slo.logic.openslo.durations import from_minutes, parse
from evenfall.slo.logic.openslo.reading import read
from evenfall.slo.logic.openslo.structs import KINDS, Document
from evenfall.slo.logic.openslo.writing import as_plain, write

many = st.lists(
    any_of.documents(),
    min_size=1,
    max_size=4,
    unique_by=lambda one: (KINDS[type(one)], one.meta.name),
)


@given(many)
@settings(max_examples=150, deadline=None)
def test_yaml_reads_as_it_was_written(documents: Sequence[Document]) -> None:
    found = read(write(documents))
    assert [note for note in found.notes if note.is_error] == []
    assert [one.document for one in found.found] == list(documents)


@given(many)
@settings(max_examples=50, deadline=None)
def test_json_reads_as_it_was_written(documents: Sequence[Document]) -> None:
    found = read(json.dumps([as_plain(one) for one in documents]))
    assert [one.document for one in found.found] == list(documents)


@given(st.text(max_size=300) | st.text("{}[]&*!<>-:?,|'\"# \nab1.~\t", max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    found = read(text)
    assert found.found or found.notes


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
_json = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A right document in which some values are anything."""
    plain = as_plain(draw(any_of.documents()))
    for _ in range(draw(st.integers(1, 4))):
        here: object = plain
        while isinstance(here, dict | list) and here:
            key = draw(
                st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here)))
            )
            if draw(st.booleans()):
                here[key] = draw(_json)
                break
            here = here[key]
    return json.dumps(plain)


@given(spoilt())
@settings(max_examples=300, deadline=None)
def test_spoilt_documents_are_read_or_told(text: str) -> None:
    found = read(text)
    assert found.found or any(note.is_error for note in found.notes)
    assert all(note.text and note.path is not None for note in found.notes)


@given(st.integers(0, 999_999))
def test_minutes_are_written_shortly_and_read_again(minutes: int) -> None:
    duration = from_minutes(minutes)
    assert duration.minutes == minutes
    assert parse(duration.text) == duration
