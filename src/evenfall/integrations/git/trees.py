"""Files below a folder of a commit. Links and submodules are left out: they lead elsewhere."""

import stat
from collections.abc import Callable, Mapping
from typing import Final

from dulwich.objects import Commit, ShaFile, parse_tree

from evenfall.integrations.git.packs import Item
from evenfall.runbooks.errors import RepositoryUnreadable

MOST_TREES: Final = 10_000
MOST_FILES: Final = 10_000
MOST_PATH: Final = 500
_COMMIT: Final = 1
_ID_BYTES: Final = 20


def files_below(
    items: Mapping[bytes, Item], commit: bytes, path: str, *, wanted: Callable[[str], bool]
) -> list[tuple[str, bytes]]:
    """(path below `path`, content) of the wanted files. Raises `RepositoryUnreadable`."""
    found: list[tuple[str, bytes]] = []
    ready = [("", _folder(items, commit, path))]
    # counted, since a few trees that hold each other many times are endless
    for _ in range(MOST_TREES):
        if not ready:
            return found
        prefix, tree = ready.pop()
        for name, mode, child in parse_tree(items[tree].content, _ID_BYTES):
            at = prefix + name.decode("utf-8", "replace")
            if stat.S_ISDIR(mode) and not name.startswith(b"."):
                ready.append((f"{at[:MOST_PATH]}/", child))
            elif stat.S_ISREG(mode) and wanted(at):
                found.append((at, _content(items, child, at)))
        if len(found) > MOST_FILES:
            break
    raise RepositoryUnreadable(reason="The folder has more files than are read. Name a sub-folder.")


def _folder(items: Mapping[bytes, Item], commit: bytes, path: str) -> bytes:
    head = ShaFile.from_raw_string(_COMMIT, items[commit].content)
    assert isinstance(head, Commit)  # noqa: S101 - asked for by its type
    tree: bytes = head.tree
    for part in filter(None, path.split("/")):
        entries = parse_tree(items[tree].content, _ID_BYTES)
        below = {name: child for name, mode, child in entries if stat.S_ISDIR(mode)}
        if part.encode() not in below:
            raise RepositoryUnreadable(reason=f"There is no folder {path} in the branch.")
        tree = below[part.encode()]
    return tree


def _content(items: Mapping[bytes, Item], blob: bytes, path: str) -> bytes:
    if blob not in items:
        # left out by the server, as it was asked to
        raise RepositoryUnreadable(reason=f"{path[:200]}: It is too large for a runbook.")
    return items[blob].content
