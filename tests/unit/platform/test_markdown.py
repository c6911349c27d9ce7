"""Notes become HTML that can do no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.markdown import TAGS, Kept, to_html


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


def find(address: str) -> Kept | None:
    if not address.startswith("attachment:"):
        return None
    known = address == "attachment:7"
    return Kept(href="/files/7/", width=4, height=3) if known else Kept(href="")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            '![The "graph"](attachment:7)',
            '<img src="/files/7/" alt="The &quot;graph&quot;" width="4" height="3" loading="lazy">',
        ),
        ("![Gone](attachment:8)", "<em>Gone</em>"),
        (
            "[log](attachment:7)",
            '<a href="/files/7/" rel="noopener noreferrer nofollow">log</a>',
        ),
        ("[log](attachment:8)", '<a rel="noopener noreferrer nofollow">log</a>'),
    ],
)
def test_to_html_shows_the_files_that_we_keep(text: str, html: str) -> None:
    assert to_html(text, find) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    "text", ["![x](https://elsewhere.example/pixel.png)", "![x](data:image/png;base64,AAAA)"]
)
def test_to_html_never_draws_what_is_elsewhere(text: str) -> None:
    assert to_html(text, find) == to_html(text)
    assert "<img" not in to_html(text, find)


@given(st.text(max_size=300))
def test_to_html_with_files_never_makes_another_tag(text: str) -> None:
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", to_html(text, find)))
    assert tags <= TAGS | {"img"}
