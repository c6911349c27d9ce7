"""Git repositories: connected, changed, removed; fetching them is `fetching`'s."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.platform.events import publish
from evenfall.platform.http import is_own_address
from evenfall.platform.wakeups import wake
from evenfall.runbooks import errors, events
from evenfall.runbooks.logic import repositories
from evenfall.runbooks.models import Repository, Runbook, Source

FETCH: Final = "runbooks.repositories"
MOST_NAME: Final = 120
MOST_WORD: Final = 100
MOST_TOKEN: Final = 1_000


class RepositoryWish(Struct, frozen=True, kw_only=True):
    """What is said about a repository. A `token` of None keeps the one that is known.

    The known one is kept for the same host only: another one would be told it.
    """

    name: str
    team_id: int
    url: str
    branch: str = "main"
    path: str = ""
    user_name: str = ""
    token: str | None = None


@transaction.atomic
def add_repository(*, wish: RepositoryWish, viewer: Viewer, now: datetime) -> int:
    """Connect a repository and return its id; it is fetched at once.

    Owners that its files name are taken where the viewer may write for them. Raises
    `RepositoryUnclear` that names the field, `TeamNotFound`.
    """
    row = Repository(source=Source(created_at=now), due_at=now)
    _fill(row, wish, viewer, now)
    _tell(row, before={}, after=_snapshot(row), now=now, actor=viewer.actor)
    return row.pk


@transaction.atomic
def change_repository(
    *, repository_id: int, wish: RepositoryWish, viewer: Viewer, now: datetime
) -> None:
    """Raises `RepositoryNotFound` and what `add_repository` does."""
    row = locked_repository(repository_id)
    before = _snapshot(row)
    _fill(row, wish, viewer, now)
    _tell(row, before=before, after=_snapshot(row), now=now, actor=viewer.actor)


@transaction.atomic
def remove_repository(*, repository_id: int, now: datetime, actor: str) -> None:
    """Fetch it no more and forget its token; its runbooks stay, as if written here.

    Raises `RepositoryNotFound`.
    """
    row = locked_repository(repository_id)
    _tell(row, before=_snapshot(row), after={}, now=now, actor=actor)
    known = Runbook.objects.filter(source_id=row.source_id)
    known.update(source=None, source_path="", source_number=0, source_text="")
    row.source.delete()


@transaction.atomic
def fetch_now(*, repository_id: int, now: datetime) -> None:
    """Fetch it in a moment and compare everything anew. Raises `RepositoryNotFound`."""
    row = locked_repository(repository_id)
    row.commit, row.due_at = "", now
    row.save(update_fields=["commit", "due_at"])
    wake(FETCH)


def locked_repository(repository_id: int) -> Repository:
    """The row with its source, locked until the transaction ends; for this domain."""
    rows = Repository.objects.select_for_update(of=("self",)).select_related("source")
    row = rows.filter(id=repository_id).first()
    if row is None:
        raise errors.RepositoryNotFound(repository_id=repository_id)
    return row


def _fill(row: Repository, wish: RepositoryWish, viewer: Viewer, now: datetime) -> None:
    identity_queries.team(wish.team_id)
    before, secret = row.url, row.token
    try:
        row.url = repositories.clean_url(wish.url, may_be_plain=is_own_address)
        row.branch = repositories.clean_branch(wish.branch)
        row.path = repositories.clean_path(wish.path)
    except repositories.Unclear as error:
        raise errors.RepositoryUnclear(field=error.field, reason=error.reason) from error
    is_same = bool(before) and repositories.origin_of(before) == repositories.origin_of(row.url)
    kept = secret if is_same else ""
    row.token = kept if wish.token is None else _word("token", wish.token, MOST_TOKEN)
    row.user_name = _word("user_name", wish.user_name, MOST_WORD)
    row.saved_by_id, row.commit, row.due_at = viewer.user_id, "", now
    row.failures, row.failed_at, row.error, row.told_at = 0, None, "", None
    row.source.name, row.source.owner_team_id = _name(wish.name), wish.team_id
    _save(row)


def _save(row: Repository) -> None:
    try:
        with transaction.atomic():
            row.source.save()
    except IntegrityError as error:
        reason = "There is a folder or a repository of this name. Choose another one."
        raise errors.RepositoryUnclear(field="name", reason=reason) from error
    row.source_id = row.source.pk
    row.save()


def _name(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > MOST_NAME:
        reason = f"Give the repository a name of at most {MOST_NAME} characters."
        raise errors.RepositoryUnclear(field="name", reason=reason)
    return name


def _word(field: str, said: str, most: int) -> str:
    """User names and tokens go into one header, parted by a colon."""
    said = said.strip()
    is_fine = len(said) <= most and said.isascii() and (said.isprintable() or not said)
    if not is_fine or " " in said or (field == "user_name" and ":" in said):
        reason = f"Use at most {most:,} letters, digits and signs, without spaces."
        raise errors.RepositoryUnclear(field=field, reason=reason)
    return said


def _snapshot(row: Repository) -> dict[str, Any]:
    """What the audit shows: no token, only whether there is one."""
    return {
        "name": row.source.name,
        "team_id": row.source.owner_team_id,
        "url": row.url,
        "branch": row.branch,
        "path": row.path,
        "user_name": row.user_name,
        "has_token": bool(row.token),
    }


def _tell(
    row: Repository, *, before: dict[str, Any], after: dict[str, Any], now: datetime, actor: str
) -> None:
    publish(
        events.RepositoryChanged(
            repository_id=row.pk,
            name=row.source.name,
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )
    wake(FETCH)
