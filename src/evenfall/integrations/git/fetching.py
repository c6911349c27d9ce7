"""Fetches a branch without its history.

Loaded by whoever keeps runbooks in Git, at the first look: dulwich takes 3 MB.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Final

from dulwich.object_store import ObjectStoreGraphWalker
from dulwich.objects import ObjectID
from dulwich.refs import Ref

from evenfall.integrations.git.packs import Pack
from evenfall.integrations.git.transport import GuardedGitClient
from evenfall.integrations.git.trees import files_below
from evenfall.runbooks.errors import RepositoryUnreadable
from evenfall.runbooks.ports import RepositoryAddress, RepositoryFiles

_SMALL: Final = b"blob:limit=1m"
"""Pictures and such need not be sent; not every server can leave them out."""
_ID_LENGTH: Final = 40


def newest(
    address: RepositoryAddress, known: str, wanted: Callable[[str], bool], limit_s: float
) -> RepositoryFiles:
    commit, pack = _load(address, known, limit_s)
    if commit == known:
        return RepositoryFiles(commit=commit, files=None)
    found = files_below(Pack(pack).items, commit.encode(), address.path, wanted=wanted)
    return RepositoryFiles(commit=commit, files=found)


def _load(address: RepositoryAddress, known: str, limit_s: float) -> tuple[str, bytes]:
    """The commit that the branch is at, and a pack with it; empty when that is known."""
    branch, commit, pack = f"refs/heads/{address.branch}".encode(), "", BytesIO()

    def choose(refs: Mapping[Ref, ObjectID], depth: int | None = None) -> list[ObjectID]:
        nonlocal commit
        del depth  # dulwich says again what it was told
        head = refs.get(Ref(branch))
        if head is None:
            raise RepositoryUnreadable(reason=f"There is no branch {address.branch}.")
        if len(head) != _ID_LENGTH:
            raise RepositoryUnreadable(reason="Repositories with SHA-256 cannot be read yet.")
        commit = head.decode()
        return [] if commit == known else [head]

    client: Any = GuardedGitClient(address, limit_s=limit_s)
    client.fetch_pack(
        "",
        choose,
        ObjectStoreGraphWalker([], lambda _: []),
        pack.write,
        depth=1,
        ref_prefix=[branch],
        filter_spec=_SMALL,
    )
    return commit, pack.getvalue()
