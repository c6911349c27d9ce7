import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenfall.alerting.logic import patterns
from evenfall.alerting.logic.patterns import TEXT_LIMIT, Pattern, PatternError, pattern

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\S", r"\.", "1", "(?:ab)", "^", "$", "[a-c1]"]
)


def repeated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counts = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,}", ""])
    sequences = st.lists(inner, min_size=1, max_size=3).map("".join)
    choices = st.lists(inner, min_size=2, max_size=3).map("|".join)
    return st.tuples(sequences | choices, counts).map(lambda pair: f"(?:{pair[0]}){pair[1]}")


PATTERNS = st.recursive(ATOMS, repeated, max_leaves=8)
TEXTS = st.text(alphabet="abc1. \n", max_size=8)


@settings(max_examples=400, deadline=None)
@given(source=PATTERNS, text=TEXTS)
def test_matches_agrees_with_python(source: str, text: str) -> None:
    # Python lets $ match before a last line break, RE2 does not
    python = re.compile(source.replace("$", r"\Z"), re.DOTALL)
    assert Pattern(source).matches(text) == bool(python.fullmatch(text))


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("db-[0-9]+", "db-17", True),
        ("db-[0-9]+", "my-db-17", False),
        (".*disk.*", "the disk\nis full", True),
        ("(?i)prod|UAT", "Prod", True),
        ("(?i)[a-z]+", "ABC", True),
        ("(?i)[^a]", "A", False),
        ("a|", "", True),
        ("a{0}b", "b", True),
        ("x{2,}", "xxx", True),
        ("x{2,}", "x", False),
        ("a+?b", "aab", True),
        (r"\t\n\\\-", "\t\n\\-", True),
        (r"[\d\-x]+", "1-x", True),
        (r"[\w]", "_", True),
        (r"[]a]+", "]a", True),
        (r"[a-]+", "a-", True),
        (r"\D\W\S", "a-b", True),
        ("^a$", "a", True),
        ("a$b", "ab", False),
        ("é+", "éé", True),
    ],
)
def test_matches_examples(source: str, text: str, expected: bool) -> None:
    assert pattern(source).matches(text) is expected


@pytest.mark.parametrize("source", ["(a+)+b", "(a|a)*b", "(.*)*x", "(a|aa)+c", ".*.*.*.*.*.*.*.*z"])
def test_matches_takes_few_steps_where_others_hang(source: str) -> None:
    compiled = Pattern(source)
    assert not compiled.matches("a" * TEXT_LIMIT)
    # the work is bounded by the places that exist, not by the ways through them
    assert len(compiled._places) < 20


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("(a", 3, "missing"),
        ("a)", 2, "closes nothing"),
        ("*a", 1, "nothing to repeat"),
        ("^*", 3, "nothing to repeat"),
        ("a**", 3, "one repeat after another"),
        ("[a", 3, "] is missing"),
        ("[\\", 3, "] is missing"),
        ("[z-a]", 5, "small to large"),
        ("a{", 2, "write a count"),
        ("a{x}", 2, "write a count"),
        ("a{3,2}", 2, "small to large"),
        ("a{999}", 2, "small to large"),
        ("\\", 2, "single"),
        (r"\1", 3, "not known"),
        ("(?=a)", 2, "only (?:...)"),
        ("x" * 501, 0, "500"),
        ("(" * 21 + ")" * 21, 22, "inside each other"),
        ("(((a{200}){200}){200})", 0, "too big"),
    ],
)
def test_pattern_explains_what_is_wrong(source: str, column: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        pattern(source)
    assert caught.value.column == column
    assert words in caught.value.reason


@settings(deadline=None)
@given(source=st.text(alphabet="ab()[]{}|*+?.^$\\-,0d2:i", max_size=20))
def test_pattern_never_fails_in_another_way(source: str) -> None:
    try:
        compiled = Pattern(source)
    except PatternError:
        return
    compiled.matches("ab" * 10)


def test_matches_forgets_when_it_has_seen_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_REMEMBERED_MOVES", 2)
    compiled = Pattern("[a-z]+1")
    assert compiled.matches("abcdefg1")
    assert not compiled.matches("abcdefg2")
    assert compiled.matches("abcdefg1")
