import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.matchers import (
    Matcher,
    MatcherError,
    Operator,
    accepts_all,
    from_json,
    parse_matchers,
    to_json,
    written,
)

NAMES = st.text(alphabet="abcdefgh_:.0123456789", min_size=1, max_size=10)
MATCHERS = st.builds(
    Matcher,
    NAMES,
    st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL]),
    st.text(max_size=30).filter(lambda text: "\r" not in text),
)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ('team="web"', "web", True),
        ('team="web"', "webs", False),
        ('team!="web"', "api", True),
        ('team!="web"', "web", False),
        ('team=~"web|api"', "api", True),
        ('team=~"web"', "my web", False),
        ('team!~"web.*"', "api", True),
        ('team!~"web.*"', "web-2", False),
    ],
)
def test_accepts_as_in_alertmanager(text: str, value: str, expected: bool) -> None:
    (matcher,) = parse_matchers(text)
    assert matcher.accepts({"team": value}) is expected


def test_accepts_counts_a_missing_label_as_empty() -> None:
    assert Matcher("team", Operator.EQUAL, "").accepts({})
    assert Matcher("team", Operator.MATCHES, ".*").accepts({})
    assert not Matcher("team", Operator.NOT_EQUAL, "").accepts({})


def test_parse_matchers_reads_both_ways_of_writing() -> None:
    braces = parse_matchers('{alertname="Disk full, really", env=~"prod|uat"}')
    lines = parse_matchers('alertname = "Disk full, really"\nenv=~prod|uat\n')
    assert braces == lines
    assert [matcher.name for matcher in braces] == ["alertname", "env"]


@given(st.lists(MATCHERS, max_size=5))
def test_written_is_read_back(matchers: list[Matcher]) -> None:
    assert parse_matchers(written(matchers)) == tuple(matchers)


@given(st.lists(MATCHERS, max_size=5))
def test_json_is_read_back(matchers: list[Matcher]) -> None:
    assert from_json(to_json(matchers)) == tuple(matchers)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("team", 'Write name="value"'),
        ('team="a" "b"', "Cannot read"),
        ('team=~"(a"', "The pattern for team (character 3): a ) is missing."),
        (f'team=~"{"x" * 501}"', "The pattern for team: a pattern may have"),
        (f'team="{"x" * 1001}"', "more than 1000"),
        ("\n".join(f'l{n}="x"' for n in range(51)), "More than 50"),
    ],
)
def test_parse_matchers_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(MatcherError) as caught:
        parse_matchers(text)
    assert words in str(caught.value)


def test_a_matcher_needs_a_name() -> None:
    with pytest.raises(MatcherError, match="name of a label"):
        Matcher("", Operator.EQUAL, "x")


def test_accepts_all_needs_every_matcher() -> None:
    both = parse_matchers('a="1"\nb="2"')
    assert accepts_all(both, {"a": "1", "b": "2"})
    assert not accepts_all(both, {"a": "1"})
    assert accepts_all((), {})
