"""Uploads that mean harm: each gets an answer, at once, whatever it would become."""

import pytest

from evenfall.slo.logic.openslo.documents import MOST_BYTES, Unreadable, documents
from evenfall.slo.logic.openslo.reading import MOST_NOTES, read

LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(
    f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}\n" for level in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, "stands for more than"),
        (MERGES, "stands for more than"),
        ("a: &a [*a]", "for itself"),
        ("a: &a {<<: *a}", "for itself"),
        ("a: *nobody", "stands for nothing"),
        ("[" * 5000, "nested deeper"),
        ('{"a":' * 5000, "nested deeper"),
        ('{"a":' * 60 + "1" + "}" * 60, "nested too deep"),
        ("- " * 3000 + "x", "nested deeper"),
        ("x" * (MOST_BYTES + 1), "more than 1,000,000 bytes"),
        ("a: [" + "0," * 100_001 + "0]", "stands for more than"),
        ("---\na: 1\n" * 2001, "more than 2,000 documents"),
        ("!!python/object/apply:os.system [id]", "neither YAML nor JSON near line 1"),
        ("a: !!binary aGk=", "neither text, number"),
        ("a: !!timestamp x", "not what its type says"),
        ("a: !!int ''", "not what its type says"),
        ("a: " + "9" * 5000, "not what its type says"),
        ("a: 2026-13-45", "not what its type says"),
        ("a: .nan", "number without end"),
        ('{"a": 1e999}', "number without end"),
        ('{"a": ' + "9" * 400 + "}", "number without end"),
        ('{"a": "\\u0000"}', "no program can store"),
        ('{"a": "\\ud800"}', "no program can store"),
        ("\ud800", "neither YAML nor JSON"),
        ("? [a]\n: b", "neither YAML nor JSON"),
        ("a: [", "near line 2"),
    ],
)
def test_a_hostile_text_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        documents(text)
    (note,) = read(text).notes
    assert note.is_error
    assert said in f"{note.text} {note.todo}"


def test_few_anchors_are_fine() -> None:
    assert documents("a: &a {b: 1}\nc: *a\nd: {<<: *a, e: 2}") == [
        {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1, "e": 2}}
    ]


def test_thousands_of_notes_become_a_few() -> None:
    found = read("---\nkind: SLO\nodd: 1\n" * 900)
    assert len(found.notes) == MOST_NOTES + 1
    assert "more notes" in found.notes[0].text


@pytest.mark.parametrize("text", ["", "  \n", "# only words\n", "---\n---\n", "[]"])
def test_nothing_at_all_is_told(text: str) -> None:
    (note,) = read(text).notes
    assert "There is no document" in note.text


def test_times_and_keys_are_plain() -> None:
    assert documents("at: 2026-01-01 00:00:00\nday: 2026-01-01\n2: true\nyes: no\n~: 1") == [
        {
            "at": "2026-01-01 00:00:00",
            "day": "2026-01-01",
            "2": True,
            "true": False,
            "null": 1,
        }
    ]


def test_a_list_of_kubernetes_is_its_items() -> None:
    assert documents("kind: List\nitems: [{a: 1}, {b: 2}]") == [{"a": 1}, {"b": 2}]
    assert documents("kind: List\nitems: nothing") == []


def test_braces_that_are_not_json_are_yaml() -> None:
    assert documents("{a: 1}") == [{"a": 1}]
