"""Markdown of people without HTML, made safe to show; what comes out is cleaned a second time."""

from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt

TAGS: Final = frozenset(
    {
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "ul",
    }
    | {"h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})


@cache
def _parser() -> MarkdownIt:
    # "html": False shows HTML as text. Images are left out: a text that makes every reader's
    # browser call a foreign server tells that server who reads it and when.
    options = {"html": False, "linkify": False, "breaks": True}
    parser = MarkdownIt("commonmark", options)
    return parser.enable(["table", "strikethrough"]).disable("image")


def to_html(text: str) -> str:
    """Return HTML that is safe to show to anybody."""
    return nh3.clean(
        _parser().render(text),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
