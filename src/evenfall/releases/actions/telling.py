"""Who is told what about releases."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.releases.models import Passage, ReleaseException

PURPOSE: Final = "releases"
CHANNELS: Final = ("inbox", "email")


def exception_waits(row: Passage, asked: ReleaseException, *, now: datetime) -> None:
    """Those who lead the team of the service may sign; whoever asks is not among them."""
    service = catalog_queries.service(row.service_id)
    leads = set(identity_queries.team_leads(service.team_id)) or set(
        identity_queries.administrators()
    )
    _tell(
        leads - {asked.asked_by_id},
        row,
        f"Sign an exception for {service.name} {row.release.version}?",
        f"For {', '.join(asked.gates)} in {row.stage}: {asked.reason}",
        now=now,
    )


def exception_decided(row: Passage, asked: ReleaseException, *, now: datetime) -> None:
    word = "signed" if asked.is_signed else "refused"
    _tell(
        {asked.asked_by_id},
        row,
        f"The exception for {row.release.version} in {row.stage} was {word}",
        asked.decision or "No word was added.",
        now=now,
    )


def review_waits(row: Passage, asked: ReleaseException, *, now: datetime) -> None:
    to = {asked.decided_by_id or asked.asked_by_id}
    _tell(
        to,
        row,
        f"Look back at the exception for {row.release.version} in {row.stage}",
        f"You signed: {asked.reason} What came of it?",
        now=now,
    )


def _tell(user_ids: Collection[int], row: Passage, title: str, line: str, *, now: datetime) -> None:
    content = Content(
        title=title[:200],
        lines=(line,),
        url=f"/releases/{row.release_id}/",
        tag=f"release-{row.release_id}",
    )
    people = identity_queries.people(user_ids)
    news = [
        News(user_id=one, subject=f"release:{row.release_id}", content=content)
        for one in sorted(user_ids)
        if one in people and people[one].is_active
    ]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now, kinds=CHANNELS)
