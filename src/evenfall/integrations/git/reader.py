"""Reads the newest commit of a branch, and says in words what went wrong."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Final, override

from dulwich.object_store import ObjectStoreGraphWalker
from dulwich.objects import ObjectID
from dulwich.refs import Ref

from evenfall.integrations.git.packs import Pack
from evenfall.integrations.git.transport import GuardedGitClient
from evenfall.integrations.git.trees import files_below
from evenfall.platform.errors import DomainError
from evenfall.runbooks.errors import RepositoryUnreadable
from evenfall.runbooks.ports import RepositoryAddress, RepositoryFiles, RepositoryReader

_SMALL: Final = b"blob:limit=1m"
"""Pictures and such need not be sent; not every server can leave them out."""
_ID_LENGTH: Final = 40


class GitReader(RepositoryReader):
    """Over smart HTTP, without history."""

    @override
    def read(
        self,
        address: RepositoryAddress,
        *,
        known: str,
        wanted: Callable[[str], bool],
        limit_s: float,
    ) -> RepositoryFiles:
        try:
            return _read(address, known, wanted, limit_s)
        except RepositoryUnreadable:
            raise
        except DomainError as error:
            raise RepositoryUnreadable(reason=str(error)) from error
        except Exception as error:  # whatever dulwich makes of an answer that is no Git
            said = "".join(letter for letter in str(error) if letter.isprintable())[:200]
            reason = f"The server does not answer as Git does: {said or type(error).__name__}."
            raise RepositoryUnreadable(reason=reason) from error


def _read(
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
