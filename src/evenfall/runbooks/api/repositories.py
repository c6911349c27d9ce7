"""Git repositories over the API. Tokens go in and never come out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions, queries
from evenfall.runbooks.actions import RepositoryWish
from evenfall.runbooks.api.schemas import RunbookFileOut
from evenfall.runbooks.contexts import managed_teams, repository_of
from evenfall.runbooks.queries import RepositoryView

router = Router(tags=["runbooks"])
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/runbook-repositories"
_ONE = f"{_ALL}/{{int:repository_id}}"


class RunbookRepositoryIn(Schema):
    """A `token` that is null or left out keeps the known one, for the same host; "" forgets it."""

    name: str = Field(max_length=120)
    team_id: int
    url: str = Field(max_length=500)
    branch: str = Field("main", max_length=200)
    path: str = Field("", max_length=300)
    """A folder in the repository; empty for all of it."""
    user_name: str = Field("", max_length=100)
    token: str | None = Field(None, max_length=1_000)

    def wish(self) -> RepositoryWish:
        return RepositoryWish(**self.dict())


class RunbookRepositoryOut(Schema):
    """`state` is failed, waiting, clash or ok; `steps` are those of the last import, without what
    stayed as it was; `failures` are those in a row.
    """

    id: int
    kind: str
    name: str
    team_id: int
    url: str
    branch: str
    path: str
    user_name: str
    has_token: bool
    state: str
    commit: str
    fetched_at: datetime | None
    imported_at: datetime | None
    steps: list[RunbookFileOut]
    counts: dict[str, int]
    failures: int
    failed_at: datetime | None
    error: str
    due_at: datetime


class RunbookRepositoriesOut(Schema):
    items: list[RunbookRepositoryOut]


@router.get(_ALL, response=RunbookRepositoriesOut, auth=_MANAGE)
def list_runbook_repositories(request: HttpRequest) -> dict[str, Any]:
    """Those of the teams that you manage, by name."""
    teams = managed_teams(viewer_of(request))
    return {"items": queries.repositories([team.id for team in teams])}


@router.post(_ALL, response={201: RunbookRepositoryOut}, auth=_MANAGE)
def add_runbook_repository(
    request: HttpRequest, body: RunbookRepositoryIn
) -> Status[RepositoryView]:
    """Connect a Git repository; it is fetched at once, and then every ten minutes."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=body.team_id)
    number = actions.add_repository(wish=body.wish(), viewer=viewer, now=utc_now())
    return Status(201, queries.repository(number))


@router.get(_ONE, response=RunbookRepositoryOut, auth=_MANAGE)
def get_runbook_repository(request: HttpRequest, repository_id: int) -> RepositoryView:
    """How it stands, and what the last import did."""
    return repository_of(request, repository_id)[1]


@router.put(_ONE, response=RunbookRepositoryOut, auth=_MANAGE)
def change_runbook_repository(
    request: HttpRequest, repository_id: int, body: RunbookRepositoryIn
) -> RepositoryView:
    """Say something else about it; it is fetched at once."""
    viewer, _ = repository_of(request, repository_id)
    viewer.check(Permission.MANAGE, team_id=body.team_id)
    actions.change_repository(
        repository_id=repository_id, wish=body.wish(), viewer=viewer, now=utc_now()
    )
    return queries.repository(repository_id)


@router.delete(_ONE, response={204: None}, auth=_MANAGE)
def remove_runbook_repository(request: HttpRequest, repository_id: int) -> Status[None]:
    """Fetch it no more; its runbooks stay."""
    viewer, _ = repository_of(request, repository_id)
    actions.remove_repository(repository_id=repository_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(f"{_ONE}/fetch", response={202: RunbookRepositoryOut}, auth=_MANAGE)
def fetch_runbook_repository(request: HttpRequest, repository_id: int) -> Status[RepositoryView]:
    """Fetch it in a moment, and compare everything anew."""
    repository_of(request, repository_id)
    actions.fetch_now(repository_id=repository_id, now=utc_now())
    return Status(202, queries.repository(repository_id))
