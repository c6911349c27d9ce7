"""What a snippet is, and a tool that can send to us."""

from msgspec import Struct


class Snippet(Struct, frozen=True):
    """`where` says in which file or dialogue the `text` belongs."""

    where: str
    text: str


class Kind(Struct, frozen=True):
    """A tool that can send to us.

    Texts may hold {url}, {host}, {path}, {scheme}, {key} and {address}.
    """

    label: str
    hint: str
    snippets: tuple[Snippet, ...]
