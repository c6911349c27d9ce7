"""Words of state."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from evenfall import web
from evenfall.web.logic import marks, navigation

STATIC = Path(web.__file__).parent / "static" / "web"
SYMBOLS = {symbol.attrib["id"] for symbol in ET.parse(STATIC / "icons.svg").getroot()}
ALL_MARKS = [mark for kind in marks.KINDS.values() for mark in kind.values()]


def test_every_icon_is_drawn() -> None:
    assert {mark.icon for mark in ALL_MARKS if mark.icon} <= SYMBOLS


def test_every_tone_has_its_colours() -> None:
    styles = (STATIC / "components.css").read_text() + (STATIC / "tokens.css").read_text()
    for tone in {mark.tone for mark in ALL_MARKS if mark.tone}:
        assert f".is-{tone} " in styles


def test_every_place_of_the_map_has_an_icon_and_its_own_key() -> None:
    places = [place for section in navigation.SECTIONS for place in section.places]
    assert {place.icon for place in places} <= SYMBOLS
    keys = [place.key for place in places if place.key]
    assert len(keys) == len(set(keys))


def test_severities_differ_by_shape_and_word_not_only_by_colour() -> None:
    drawn = list(marks.KINDS["severity"].values())
    assert len({mark.icon for mark in drawn}) == len({mark.label for mark in drawn}) == 4


@pytest.mark.parametrize("word", ["critical", "CRITICAL", " critical "])
def test_mark_ignores_case_and_space(word: str) -> None:
    assert marks.mark(word).label == "Critical"


def test_mark_shows_an_unknown_word_plainly() -> None:
    assert marks.mark("half_done") == marks.Mark("Half done")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Ada", "A"),
        ("ana maria diaz", "AD"),
        ("ops@example.org", "O"),
        ("", "?"),
        ("***", "?"),
        ("Ødegård", "Ø"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert marks.initials(name) == letters


def test_hue_stays_with_the_name() -> None:
    assert marks.hue("Ada") == marks.hue("Ada")
    assert 0 <= marks.hue("Ben") < 12
