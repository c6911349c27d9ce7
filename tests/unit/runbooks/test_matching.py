from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic.matching import Part, UnclearMatch, accepts_all, read, written

VALUES = st.text("ab*", max_size=8)


def test_read_takes_labels_as_people_write_them() -> None:
    parts = read('{alertname="Disk Full", team=db\nenv!=dev}')
    assert parts == (Part("alertname", "Disk Full"), Part("team", "db"), Part("env", "dev", True))
    assert read(written(parts)) == parts


@pytest.mark.parametrize(
    "text",
    ["", "  ", "alertname", "=x", 'a="unfinished', "a!=b", ", ".join(f"a{n}=b" for n in range(21))],
)
def test_read_says_what_it_cannot_read(text: str) -> None:
    with pytest.raises(UnclearMatch):
        read(text)


def test_read_refuses_what_is_too_long() -> None:
    with pytest.raises(UnclearMatch):
        read(f"a={'x' * 501}")


def test_accepts_all_wants_every_label_and_counts_a_missing_one_as_empty() -> None:
    parts = read("alertname=Disk*, env!=dev")
    assert accepts_all(parts, {"alertname": "DiskFull", "env": "prod"})
    assert accepts_all(parts, {"alertname": "Disk"})
    assert not accepts_all(parts, {"alertname": "DiskFull", "env": "dev"})
    assert not accepts_all(parts, {"alertname": "CPU"})


@given(VALUES, st.text("ab", max_size=8))
def test_a_star_stands_for_any_text(wanted: str, value: str) -> None:
    """The oracle is the standard library's, which reads no other sign in these letters."""
    assert Part("a", wanted).accepts({"a": value}) is fnmatchcase(value, wanted)
