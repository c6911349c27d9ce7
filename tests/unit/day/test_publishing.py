"""The figures find their places in the page."""

from pathlib import Path

import pytest
from tests.day.beside import beside
from tests.day.generator import make_day
from tests.day.publishing import PAGE, PICTURE, publish, replaced

TEXT = "before\n<!-- scores -->\nold\n<!-- /scores -->\nafter\n"


def test_a_table_replaces_the_one_before() -> None:
    assert replaced(TEXT, "scores", "new") == TEXT.replace("old", "new")


def test_a_page_without_a_place_says_so() -> None:
    with pytest.raises(ValueError, match="no place for contents"):
        replaced(TEXT, "contents", "new")


def test_page_and_picture_are_written(tmp_path: Path) -> None:
    for name in (PAGE, PICTURE):
        (tmp_path / name).parent.mkdir(parents=True)
    places = "".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in ("scores", "contents"))
    (tmp_path / PAGE).write_text(places)
    day = make_day(signals=3_500, share=0.1)
    publish(day, beside(day), tmp_path)
    assert "| Plain dedup |" in (tmp_path / PAGE).read_text()
    assert (tmp_path / PICTURE).read_text().startswith("<svg")
