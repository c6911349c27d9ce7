"""Notes become HTML that can do no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.markdown import TAGS, to_html


def test_to_html_renders_markdown() -> None:
    assert to_html("**bold** and `code`") == "<p><strong>bold</strong> and <code>code</code></p>\n"


def test_to_html_keeps_lines_as_written() -> None:
    assert "<br" in to_html("one\ntwo")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "![x](https://elsewhere.example/pixel.png)",
        "<a href='data:text/html,x'>x</a>",
    ],
)
def test_to_html_lets_nothing_active_through(text: str) -> None:
    assert not re.search(r"<(script|img|iframe)|<[^>]+(javascript:|data:|onerror)", to_html(text))


@given(st.text(max_size=300))
def test_to_html_never_makes_a_tag_it_does_not_allow(text: str) -> None:
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", to_html(text)))
    assert tags <= TAGS
