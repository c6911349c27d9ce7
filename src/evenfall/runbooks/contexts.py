"""What pages and API operations need before they act: who may write what."""

from collections.abc import Mapping

from django.http import HttpRequest

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import TeamView
from evenfall.platform.clock import utc_now
from evenfall.runbooks import errors, ports, queries
from evenfall.runbooks.ports import Owner, owner_of, owner_word
from evenfall.runbooks.queries import Filters, RepositoryView, RunbookView, RunView, Show, ShowRuns


def may_write(viewer: Viewer, owner: Owner) -> bool:
    """Whether they may write for this owner: responders of the team, and the person."""
    if owner.user_id is not None and owner.user_id == viewer.user_id:
        return viewer.can_somewhere(Permission.RESPOND)
    return viewer.can(Permission.RESPOND, team_id=owner.team_id)


def writer_for(request: HttpRequest, owner: Owner) -> Viewer:
    """Return the viewer when they may write for this owner; else raise Forbidden."""
    viewer = viewer_of(request)
    if not may_write(viewer, owner):
        viewer.check(Permission.RESPOND, team_id=owner.team_id)
    return viewer


def written_by(request: HttpRequest, slug: str) -> tuple[Viewer, RunbookView]:
    """Return the viewer and the runbook that they may write; raises RunbookNotFound, Forbidden."""
    runbook = queries.runbook_by_slug(slug, now=utc_now())
    return writer_for(request, runbook.owner), runbook


def may_edit_steps(viewer: Viewer, owner: Owner) -> bool:
    """Whether they may say what steps do: managers of the team; of one's own, managers of any."""
    if owner.user_id is not None and owner.user_id == viewer.user_id:
        return viewer.can_somewhere(Permission.MANAGE)
    return viewer.can(Permission.MANAGE, team_id=owner.team_id)


def steps_of(request: HttpRequest, slug: str) -> tuple[Viewer, RunbookView]:
    """Return the viewer and the runbook whose steps they may change; raises Forbidden."""
    viewer, runbook = viewer_of(request), queries.runbook_by_slug(slug, now=utc_now())
    if not may_edit_steps(viewer, runbook.owner):
        viewer.check(Permission.MANAGE, team_id=runbook.owner.team_id)
    return viewer, runbook


def managed_teams(viewer: Viewer) -> list[TeamView]:
    """The teams that the viewer may connect things for."""
    teams = identity_queries.teams()
    return [one for one in teams if viewer.can(Permission.MANAGE, team_id=one.id)]


def repository_of(request: HttpRequest, repository_id: int) -> tuple[Viewer, RepositoryView]:
    """Return the viewer and the repository of a team that they manage; raises Forbidden."""
    viewer, found = viewer_of(request), queries.repository(repository_id)
    viewer.check(Permission.MANAGE, team_id=found.team_id)
    return viewer, found


def run_of(request: HttpRequest, run_id: int) -> tuple[Viewer, RunView]:
    """Return the viewer and the run that they may decide about; raises RunNotFound, Forbidden.

    Who may write a runbook may run it, and approve what others ask for.
    """
    viewer = viewer_of(request)
    run = queries.run(run_id, viewer=viewer)
    if not may_write(viewer, run.owner):
        viewer.check(Permission.RESPOND, team_id=run.owner.team_id)
    return viewer, run


def subject_for(viewer: Viewer, subject: str) -> str:
    """The subject when the viewer may know of it; else raise StepUnclear."""
    if subject and ports.about(subject, viewer) is None:
        raise errors.StepUnclear(field="subject", reason="There is no such incident or alert.")
    return subject


def show_of(query: Mapping[str, str]) -> ShowRuns:
    """Which runs a list is asked for; what makes no sense shows all."""
    word = query.get("show", "")
    return ShowRuns(word) if word in {one.value for one in ShowRuns} else ShowRuns.ALL


def settler_of(request: HttpRequest, use_id: int) -> Viewer:
    """Return the viewer when they may say that a missing runbook is missed no more.

    Responders of the team whose service it was missed for; where there is none, of the site.
    """
    viewer, missed = viewer_of(request), queries.missing_one(use_id)
    service = None if missed.service_id is None else catalog_queries.service(missed.service_id)
    viewer.check(Permission.RESPOND, team_id=service.team_id if service else None)
    return viewer


def owner_choices(viewer: Viewer, present: Owner | None = None) -> list[tuple[str, str]]:
    """The owners that the viewer may choose, as ("team:3", name); the present one comes too."""
    teams = [one for one in identity_queries.teams() if may_write(viewer, Owner(team_id=one.id))]
    found = [(f"team:{one.id}", one.name) for one in teams]
    found.append((f"user:{viewer.user_id}", f"{viewer.name} (you)"))
    if present is not None and owner_word(present) not in dict(found):
        name = identity_queries.names([present.user_id]).get(present.user_id or 0, "")
        found.append(
            (owner_word(present), name or identity_queries.team(present.team_id or 0).name)
        )
    return found


def filters_of(query: dict[str, str]) -> Filters:
    """Read the filters of a list from the address; what makes no sense filters nothing."""
    owner = owner_of(query.get("owner", ""))
    show = query.get("show", "")
    return Filters(
        show=Show(show) if show in {one.value for one in Show} else Show.ALL,
        team_id=owner.team_id,
        user_id=owner.user_id,
        tag=query.get("tag", "").replace("\0", "")[:40],
    )
