"""A colour that was chosen can be read on light and on dark ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.statuspages.logic.colours import ENOUGH, NIGHT, PAPER, accent_of, contrast


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_can_be_read(number: int) -> None:
    accent = accent_of(f"#{number:06X}")
    assert accent is not None
    assert contrast(accent.light, PAPER) >= ENOUGH
    assert contrast(accent.dark, NIGHT) >= ENOUGH


def test_a_colour_that_can_be_read_stays() -> None:
    accent = accent_of(" #0B5FFF ")
    assert accent is not None
    assert accent.light == accent.colour == "#0b5fff"
    assert "light-dark(#0b5fff, " in accent.css


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#1234567", "#12345g", "url(x)"])
def test_what_is_no_colour_is_none(colour: str) -> None:
    assert accent_of(colour) is None
