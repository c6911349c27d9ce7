"""The generated reference pages are fresh, so the docs never tell what the code no longer does."""

import runpy
from pathlib import Path

import pytest

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools/write_reference.py"))


@pytest.mark.parametrize("name", sorted(TOOL["PAGES"]))
def test_a_reference_page_is_fresh(name: str) -> None:
    assert TOOL["_is_fresh"](name, TOOL["PAGES"][name]()), "run make docs and commit the result"
