"""Fetching repositories: claimed in one transaction, read without any, imported in another.

What cannot be read changes no runbook: the last import stays, and the source shows its error.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Greatest

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.platform.errors import DomainError
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import DrainResult
from evenfall.runbooks import events, ports
from evenfall.runbooks.actions.importing import Course, carry_out
from evenfall.runbooks.actions.reminding import CHANNELS, PURPOSE
from evenfall.runbooks.logic import documents
from evenfall.runbooks.logic.keeping import Step
from evenfall.runbooks.logic.repositories import EVERY, LEASE, TELL_AFTER
from evenfall.runbooks.models import Repository, Source
from evenfall.runbooks.ports import RepositoryAddress, RepositoryFiles
from evenfall.runbooks.queries.folders import planned_for

LIMIT_S: Final = 60.0
"""For all requests of one fetch together."""
_LONGEST_ERROR: Final = 500

type Answer = RepositoryFiles | str
"""What came back, or in words why nothing did."""


def fetch_due_repository(*, now: datetime, limit_s: float = LIMIT_S) -> DrainResult:
    """Fetch one repository that is due. No transaction is open meanwhile.

    Whoever fetches has claimed it for three minutes; if it dies, another one begins anew then.
    """
    row = _claim(now)
    if row is None:
        # what another worker holds is not due before its claim ends
        free = Greatest("due_at", "claimed_until")
        return DrainResult(done=0, next_due=Repository.objects.aggregate(due=Min(free))["due"])
    _keep(row, _read(row, limit_s), now)
    return DrainResult(done=1)


@transaction.atomic
def _claim(now: datetime) -> Repository | None:
    is_free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    due = Repository.objects.filter(is_free, due_at__lte=now).order_by("due_at", "id")
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is not None:
        row.claimed_until = now + LEASE
        row.save(update_fields=["claimed_until"])
    return row


def _read(row: Repository, limit_s: float) -> Answer:
    # what waits for a decision is looked at again, though the commit is the same
    clashes = any(one["step"] == Step.CLASH for one in row.report)
    try:
        address = RepositoryAddress(
            url=row.url,
            branch=row.branch,
            path=row.path,
            user_name=row.user_name,
            token=row.token,
        )
        return ports.repository_reader().read(
            address,
            known="" if clashes else row.commit,
            wanted=documents.is_wanted,
            limit_s=limit_s,
        )
    except DomainError as error:
        return str(error)


@transaction.atomic
def _keep(claimed: Repository, answer: Answer, now: datetime) -> None:
    """Import what came, or write down what went wrong."""
    rows = Repository.objects.select_for_update(of=("self",)).select_related("source")
    row = rows.filter(id=claimed.pk).first()
    if row is None:
        return  # it was removed meanwhile
    row.claimed_until = None
    if row.due_at == claimed.due_at:
        row.due_at = now + EVERY
        error = answer if isinstance(answer, str) else _import(row, answer, now)
        _mark(row, error, now)
    # else its settings were changed meanwhile, or somebody asked again: it is still due
    row.save()


def _import(row: Repository, answer: RepositoryFiles, now: datetime) -> str:
    """Bring runbooks into step, all or none; returns in words what went wrong."""
    if answer.files is not None:
        try:
            with transaction.atomic():
                row.report = _imported(row, answer, now)
        except documents.UnreadableFolder as error:
            return f"{error.where}: {error.why}"
        except DomainError as error:
            return str(error)
    row.commit = row.fetched_commit = answer.commit
    row.fetched_at = now
    return ""


def _imported(row: Repository, answer: RepositoryFiles, now: datetime) -> list[dict[str, str]]:
    read = documents.read_files(answer.files or ())
    source = Source.objects.select_for_update().get(id=row.source_id)
    course = Course(
        source=source,
        rights=identity_queries.viewer_by_id(row.saved_by_id or 0),
        actor=SYSTEM,
        archives=True,
        now=now,
        commit=answer.commit,
    )
    steps = planned_for(source.pk, read)
    report = carry_out(steps, course)
    return [one for one in report if one["step"] != Step.UNCHANGED or one["why"]]


def _mark(row: Repository, error: str, now: datetime) -> None:
    if not error:
        row.failures, row.failed_at, row.error, row.told_at = 0, None, "", None
        return
    row.failures, row.failed_at, row.error = row.failures + 1, now, error[:_LONGEST_ERROR]
    if row.failures >= TELL_AFTER and row.told_at is None:
        row.told_at = now
        _tell_team(row, now)


def _tell_team(row: Repository, now: datetime) -> None:
    """Once for each time that it fails; those who lead the team, or everybody in it."""
    team_id = row.source.owner_team_id
    people = identity_queries.team_people({team_id}).get(team_id, TeamPeople())
    heard = people.leading_ids
    notifications_actions.tell_people(
        news=[_news(row, user_id) for user_id in heard], purpose=PURPOSE, now=now, kinds=CHANNELS
    )
    publish(
        events.RepositoryFailing(
            repository_id=row.pk,
            name=row.source.name,
            failures=row.failures,
            error=row.error,
            at=now,
            actor=SYSTEM,
        )
    )


def _news(row: Repository, user_id: int) -> notifications_ports.News:
    content = notifications_ports.Content(
        title=f"Runbooks cannot be fetched: {row.source.name}",
        lines=(row.error, "Runbooks stay as they were until it can be fetched again."),
        url=f"/runbooks/import/git/{row.pk}/",
        tag=f"repository:{row.pk}",
    )
    about = f"repository:{row.pk}"
    return notifications_ports.News(user_id=user_id, subject=about, content=content)
