import ast
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, field

from evenfall.alerting.logic import expressions
from evenfall.alerting.logic.expressions import ExpressionError, compile_condition


class Alert(Struct):
    labels: Mapping[str, str] = field(
        default_factory=lambda: {"team": "web", "alertname": "DiskFull", "pod": "api-12"}
    )
    annotations: Mapping[str, str] = field(default_factory=lambda: {"title": "Disk"})
    details: Mapping[str, object] = field(
        default_factory=lambda: {"host": {"name": "db-1", "cores": 8}, "tags": ["eu", "gold"]}
    )
    severity: str = "critical"
    environment: str = "PROD"
    source: str = "db-1.eu"
    summary: str = "Disk is full"
    service: str = "checkout"
    integration: str = "Prometheus"
    at: datetime = datetime(2026, 3, 30, 7, 30, tzinfo=UTC)  # Monday 09:30 in Berlin
    zone: str = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("False", False),
        ("none", False),
        ('severity == "critical"', True),
        ('severity != "critical"', False),
        ('labels.team == "web" and environment == "PROD"', True),
        ('labels["team"] == "api" or source == "db-1.eu"', True),
        ('labels.missing == ""', True),
        ('"team" in labels', True),
        ('"nothing" not in labels', True),
        ('labels.team in ("web", "api")', True),
        ('labels.team not in ["web", "api"]', False),
        ('"full" in summary', True),
        ("3 in summary", False),
        ('"x" in details.host.cores', False),
        ('contains(summary, "full")', True),
        ('contains(details.tags, "gold")', True),
        ('contains(details.nothing, "gold")', False),
        ('startswith(source, "db-") and endswith(source, ".eu")', True),
        ("startswith(details.host.cores, source)", False),
        ('matches(labels.pod, "api-[0-9]+")', True),
        ('matches(labels.pod, "api")', False),
        ('matches(details.host, "api")', False),
        ('lower(summary) == "disk is full"', True),
        ("lower(details.host.cores) == 8", True),
        ("details.host.cores >= 8", True),
        ("8 <= details.host.cores < 9", True),
        ("1 < 2 > 3", False),
        ('details.host.cores > "7"', False),
        ("details.nothing > 1", False),
        ("details.host.cores > -1.5", True),
        ('"a" < "b"', True),
        ('details.host["name"] == "db-1"', True),
        ('payload.tags[0] == "eu"', True),
        ("details.tags[9] == none", True),
        ('details.tags["x"] == none', True),
        ("details.host.cores.more == none", True),
        ('annotations.title == "Disk"', True),
        ('not (service == "checkout")', False),
        ('integration == "Prometheus"', True),
        ('hour() == 9 and weekday() == "mon"', True),
        ('hour("UTC") == 7', True),
        ("working_hours()", True),
        ('working_hours("America/New_York")', False),
        ("\n severity == 'critical'\n and true ", True),
    ],
)
def test_a_condition_holds(text: str, expected: bool) -> None:
    assert compile_condition(text).holds(Alert()) is expected


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "write a condition"),
        ("x" * 2001, 1, "2000 characters"),
        ("severity =", 10, ""),
        ('severity = "x"', 10, "write =="),
        ("true && false", 7, "write and"),
        ("sevrity == 1", 1, "the name sevrity is not known; known are labels"),
        ("1 + 1", 1, "arithmetic"),
        ("9 ** 9 ** 9", 1, "arithmetic"),
        ("severity is none", 1, "write =="),
        ("lambda: 1", 1, "cannot be defined"),
        ("labels.team.upper()", 1, "no such function"),
        ("labels.team.__class__", 1, "flat texts"),
        ("severity.__class__", 1, "only labels, annotations and details"),
        ("labels[severity]", 1, "key as a text"),
        ("labels[0:1]", 8, "cannot be taken"),
        ("contains", 1, "needs brackets"),
        ("contains(summary)", 1, "write contains("),
        ("contains(summary, part='x')", 1, ""),
        ("open('x')", 1, "no such function; known are contains"),
        ("matches(summary, labels.x)", 18, "as a text"),
        ("matches(summary, '(')", 18, "in the pattern: a ) is missing"),
        ("hour('Nowhere')", 6, "no time zone Nowhere"),
        ("hour(1)", 6, "write the zone"),
        ("severity >= 'error'", 1, "no order"),
        ("true and 'error' < severity", 10, "no order"),
        ("-severity", 1, "only a number"),
        ("+1", 1, "not possible"),
        ("b'x' == 1", 1, "only texts, numbers"),
        ("1j == 1", 1, "only texts, numbers"),
        ("(" * 300 + "1" + ")" * 300, 1, ""),
        ("not " * 450 + "true", 1, "too big"),
        ("1<" * 300 + "1", 1, "too big"),
        ("'\ud800'", 1, "cannot be read"),
        ("[x for x in labels]", 1, "not possible"),
        ("f'{severity}'", 1, "f before it"),
        ("\0", 1, ""),
    ],
)
def test_compile_condition_says_what_is_wrong_and_where(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text)
    assert words in caught.value.reason
    if words and "too big" not in words:
        assert caught.value.column == column


WORDS = """labels . team [ ] ( ) "x" == < in not and or , matches contains lower details severity
    - 1 ** lambda : __class__ if else for hour * { } = none %"""
PIECES = st.sampled_from(WORDS.split())


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=40))
def test_any_text_is_refused_or_gives_yes_or_no(text: str) -> None:
    try:
        condition = compile_condition(text)
    except ExpressionError:
        return
    assert condition.holds(Alert()) in (True, False)


def test_a_node_that_slips_through_the_reader_is_still_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expressions, "read", lambda _: ast.parse("1 + 1", mode="eval").body)
    with pytest.raises(ExpressionError):
        compile_condition("1 + 1")
