"""Reads the newest commit of a branch, and says in words what went wrong."""

from collections.abc import Callable
from typing import override

from evenfall.platform.errors import DomainError
from evenfall.runbooks.errors import RepositoryUnreadable
from evenfall.runbooks.ports import RepositoryAddress, RepositoryFiles, RepositoryReader


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
        from evenfall.integrations.git.fetching import newest  # noqa: PLC0415 - see there

        try:
            return newest(address, known, wanted, limit_s)
        except RepositoryUnreadable:
            raise
        except DomainError as error:
            raise RepositoryUnreadable(reason=str(error)) from error
        except Exception as error:  # whatever dulwich makes of an answer that is no Git
            said = "".join(letter for letter in str(error) if letter.isprintable())[:200]
            reason = f"The server does not answer as Git does: {said or type(error).__name__}."
            raise RepositoryUnreadable(reason=reason) from error
