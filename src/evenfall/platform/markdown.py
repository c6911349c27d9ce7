"""Markdown of people without HTML, made safe to show; what comes out is cleaned a second time."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

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
_IMAGE: Final = {"img": {"src", "alt", "width", "height", "loading"}}


class Kept(Struct, frozen=True, kw_only=True):
    """A file that we keep: where a browser gets it, "" for nowhere (any more).

    `width` and `height` in points of an image, so that nothing jumps while it loads; 0 for others.
    """

    href: str
    width: int = 0
    height: int = 0


type Finder = Callable[[str], Kept | None]
"""Gives the file that an address in a text means; None for an address that is none of ours."""


@cache
def _parser() -> MarkdownIt:
    # "html": False shows HTML as text. Images are left out: a text that makes every reader's
    # browser call a foreign server tells that server who reads it and when.
    return _with_images().disable("image")


def _with_images() -> MarkdownIt:
    options = {"html": False, "linkify": False, "breaks": True}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


@cache
def _file_parser() -> MarkdownIt:
    return _with_images()


def to_html(text: str, find: Finder | None = None) -> str:
    """Return HTML that is safe to show to anybody.

    With `find`, images and links that mean a file of ours lead there; an image that is somewhere
    else stays a link, as without it.
    """
    if find is None:
        return rendered(parsed(text))
    tokens = _file_parser().parse(text)
    for token in tokens:
        if token.children:
            token.children = list(_placed(token.children, find))
    return rendered(tokens, tags=_IMAGE)


def parsed(text: str) -> Sequence[Token]:
    """Return the parts of a text, for those who look for something in it before it is shown."""
    return _parser().parse(text)


def rendered(tokens: Sequence[Token], *, tags: dict[str, set[str]] | None = None) -> str:
    """Return safe HTML for the parts that `parsed` gave; `tags` are allowed on top of TAGS."""
    import nh3  # noqa: PLC0415 - 1.4 MB that only who shows a text should pay

    parser = _parser()
    more = tags or {}
    return nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=TAGS | more.keys(),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()} | more,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _placed(tokens: Sequence[Token], find: Finder) -> Iterator[Token]:
    for token in tokens:
        if token.type == "link_open" and (kept := find(str(token.attrGet("href")))) is not None:
            token.attrs = {"href": kept.href} if kept.href else {}
        if token.type == "image":
            yield from _image(token, find)
        else:
            yield token


def _image(token: Token, find: Finder) -> Iterator[Token]:
    source = str(token.attrGet("src"))
    kept = find(source)
    if kept is None:
        yield from _instead("!", source, token)
    elif not kept.href:
        yield from _instead("", "", token)
    else:
        sides = {"width": kept.width, "height": kept.height} if kept.width else {}
        token.attrs = {"src": kept.href, "alt": "", **sides, "loading": "lazy"}
        yield token


def _instead(sign: str, href: str, token: Token) -> Iterator[Token]:
    """What the image is called: as a link, or in italics where there is nothing to go to."""
    tag = "a" if href else "em"
    yield Token("text", "", 0, content=sign)
    yield Token(f"{tag}_open", tag, 1, attrs={"href": href} if href else {})
    yield from token.children or ()
    yield Token(f"{tag}_close", tag, -1)
