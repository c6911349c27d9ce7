import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.identity.logic.csv_cells import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_get_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"


def test_nothing_is_an_empty_cell() -> None:
    assert safe_cell(None) == ""


@given(st.text())
def test_text_is_kept(text: str) -> None:
    assert safe_cell(text).removeprefix("'").endswith(text.removeprefix("'"))
