"""What an HTTP answer must be, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.probes import answers
from evenfall.monitors.ports import Flaw

WANTED = {one.name: one.default for one in answers.FIELDS}
BODY = b'{"a": {"list": [1, "x", true]}, "n": 4}'


@pytest.mark.parametrize(
    ("path", "compare", "value", "holds"),
    [
        ("n", "is", "4", True),
        ("n", "is_not", "4", False),
        ("n", "at_least", "4", True),
        ("n", "at_most", "3.9", False),
        ("a.list", "contains", "x", True),
        ("a.list[0]", "is", "1", True),
        ("a.list[2]", "at_least", "0", False),
        ("a.list[9]", "is", "1", False),
        ("n.deep", "is", "1", False),
    ],
)
def test_a_value_is_compared(path: str, compare: str, value: str, *, holds: bool) -> None:
    wanted = {**WANTED, "path": path, "compare": compare, "value": value}
    assert (answers.flaw(wanted, 200, BODY) == "") is holds


@given(st.binary(max_size=200), st.integers(100, 599))
def test_any_answer_is_judged(body: bytes, status: int) -> None:
    for path in ("", "a[0].b"):
        found = answers.flaw({**WANTED, "path": path, "value": "1"}, status, body)
        assert isinstance(found, str)


def test_nested_without_end_is_no_json() -> None:
    wanted = {**WANTED, "path": "a", "value": "1"}
    assert answers.flaw(wanted, 200, b"[" * 100_000) == "It answered, but not in JSON."


@pytest.mark.parametrize(
    "given", [{"status": "x"}, {"status": ","}, {"path": "n", "compare": "at_least"}]
)
def test_what_could_never_hold_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(Flaw):
        answers.check({**WANTED, **given})
