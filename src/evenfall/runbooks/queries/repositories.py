"""Git repositories as those who manage their teams see them; tokens are not among it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from evenfall.runbooks import errors
from evenfall.runbooks.logic.keeping import Step
from evenfall.runbooks.models import Repository
from evenfall.runbooks.queries.folders import step_counts

KEPT: Final = Step.UNCHANGED.value


class RepositoryView(Struct, frozen=True, kw_only=True):
    """`fetched_at` is when it was last read well, `commit` what the branch was at then.

    `steps` are those of the last import that did something, as in `FolderView`; `failures` are
    those in a row and `error` the last one, in words.
    """

    id: int
    name: str
    team_id: int
    url: str
    branch: str
    path: str
    user_name: str
    has_token: bool
    commit: str
    fetched_at: datetime | None
    imported_at: datetime | None
    steps: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    failures: int
    failed_at: datetime | None
    error: str
    due_at: datetime

    @property
    def kind(self) -> str:
        return "git"

    @property
    def state(self) -> str:
        """failed, waiting, clash (somebody must decide) or ok."""
        if self.error:
            return "failed"
        if self.fetched_at is None:
            return "waiting"
        return "clash" if self.counts["clash"] else "ok"


def repositories(team_ids: Collection[int]) -> list[RepositoryView]:
    """Those of these teams, by name; one query."""
    rows = Repository.objects.filter(source__owner_team_id__in=team_ids).select_related("source")
    return [_view(row) for row in rows.order_by("source__name", "id")]


def repository(repository_id: int) -> RepositoryView:
    """Raises `RepositoryNotFound`."""
    row = Repository.objects.select_related("source").filter(id=repository_id).first()
    if row is None:
        raise errors.RepositoryNotFound(repository_id=repository_id)
    return _view(row)


def _view(row: Repository) -> RepositoryView:
    counts = {step: count for step, count in step_counts(row.report).items() if step != KEPT}
    return RepositoryView(
        id=row.pk,
        name=row.source.name,
        team_id=row.source.owner_team_id,
        url=row.url,
        branch=row.branch,
        path=row.path,
        user_name=row.user_name,
        has_token=bool(row.token),
        commit=row.fetched_commit,
        fetched_at=row.fetched_at,
        imported_at=row.source.imported_at,
        steps=row.report,
        counts=counts,
        failures=row.failures,
        failed_at=row.failed_at,
        error=row.error,
        due_at=row.due_at,
    )
