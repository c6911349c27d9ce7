"""`$names` in PromQL: what may stand where."""

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.prometheus import names
from evenfall.integrations.prometheus.names import WrongValue

RATE = 'rate(http_requests_total{service="$service", code=~"5.."}[$window])'


def test_a_name_is_replaced_where_it_stands() -> None:
    filled = names.fill(RATE, {"service": "till", "window": "5m"})
    assert filled == 'rate(http_requests_total{service="till", code=~"5.."}[5m])'


def test_braces_end_a_name_where_letters_follow() -> None:
    assert names.fill('x{pod="${service}_a"}', {"service": "till"}) == 'x{pod="till_a"}'


def test_in_a_pattern_a_value_means_itself() -> None:
    assert names.fill('x{v=~"$version"}', {"version": "1.2"}) == r'x{v=~"1\\.2"}'
    assert names.fill("x{v=~`$version`}", {"version": "1.2"}) == r"x{v=~`1\.2`}"
    assert names.fill('x{v="$version"}', {"version": "1.2"}) == 'x{v="1.2"}'


@pytest.mark.parametrize("query", ["x[$d]", "x[5m:$d]", "x offset $d", "x offset -$d"])
def test_only_a_duration_stands_for_a_duration(query: str) -> None:
    assert names.fill(query, {"d": "1h30m"}) == query.replace("$d", "1h30m")
    with pytest.raises(WrongValue, match="stands for a duration"):
        names.fill(query, {"d": "soon"})


def test_only_a_number_or_a_metric_stands_unquoted() -> None:
    assert names.fill("$metric > $limit", {"metric": "up", "limit": "0.5"}) == "up > 0.5"
    with pytest.raises(WrongValue, match="have to be quoted"):
        names.fill("$metric", {"metric": "a b"})


def test_what_nobody_knows_is_said_with_what_there_is() -> None:
    with pytest.raises(WrongValue, match=r"nothing is known for \$x; there is \$service"):
        names.fill('a{b="$x"}', {"service": "till"})


def test_a_backtick_cannot_leave_its_quotes() -> None:
    with pytest.raises(WrongValue, match="backticks"):
        names.fill("x{a=`$v`}", {"v": "`} or y"})


def test_a_note_is_left_alone() -> None:
    assert names.fill("x # costs $5\n", {}) == "x # costs $5\n"
    assert names.names_in(RATE + ' + x{a="$service"}') == ("service", "window")


@given(value=st.text())
def test_no_value_gets_out_of_its_quotes(value: str) -> None:
    """Whatever a version is called, the query stays one selector with one matcher."""
    for query in ('x{v="$v"}', "x{v='$v'}", 'x{v=~"$v"}'):
        try:
            filled = names.fill(query, {"v": value})
            parsed = promql_parser.parse(filled)
        except ValueError:
            continue
        assert isinstance(parsed, promql_parser.VectorSelector)
        assert [m.name for m in parsed.matchers.matchers] == ["v"]


@given(text=st.text(alphabet="x{}[]$\"'`#\\ab5m:= \n"))
def test_reading_any_text_ends_and_keeps_it(text: str) -> None:
    if not names.names_in(text):
        assert names.fill(text, {}) == text
