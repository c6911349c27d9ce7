"""What a snippet is, and a tool that can send to us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """`where` says in which file or dialogue the `text` belongs."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A tool that can send to us.

    Texts may hold {url}, {host}, {path}, {scheme}, {key} and {address}.
    """

    label: str
    hint: str
    snippets: tuple[Snippet, ...]
