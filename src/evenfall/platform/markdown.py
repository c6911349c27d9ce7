"""Markdown of people without HTML, made safe to show; what comes out is cleaned a second time."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

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
    return rendered(parsed(text))


def parsed(text: str) -> Sequence[Token]:
    """Return the parts of a text, for those who look for something in it before it is shown."""
    return _parser().parse(text)


def rendered(tokens: Sequence[Token]) -> str:
    """Return safe HTML for the parts that `parsed` gave."""
    parser = _parser()
    return nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
