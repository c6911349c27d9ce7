"""A change as others see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from evenfall.changes import ports
from evenfall.changes.models import Change
from evenfall.changes.ports import ChangeKind, DeployState


class ChangeView(Struct, frozen=True, kw_only=True):
    """One change. `links` are {"href", "text"}; `environment` is empty when nobody said.

    `at` is when it began to take effect, `finished_at` when a deploy arrived or failed, None while
    it is under way. See the table for the rest.
    """

    id: int
    service_id: int | None
    environment: str
    kind: ChangeKind
    summary: str
    source: str
    external_id: str
    links: Sequence[dict[str, str]]
    details: dict[str, Any]
    actor: str
    at: datetime
    recorded_at: datetime
    state: DeployState
    finished_at: datetime | None
    version: str
    previous_version: str
    commit: str
    first_commit_at: datetime | None
    pipeline_url: str
    is_unplanned: bool
    release: str
    harm_known_at: datetime | None
    undone_at: datetime | None

    @property
    def is_deploy(self) -> bool:
        return self.kind is ChangeKind.DEPLOY

    @property
    def word(self) -> str:
        """How it went, in one word for a badge; "" where there is nothing to say."""
        if self.harm_known_at is not None:
            return "caused an incident"
        if self.undone_at is not None:
            return "undone"
        return "" if self.state is DeployState.FINISHED else self.state.value

    @property
    def tone(self) -> str:
        """The colour of the word."""
        if self.harm_known_at is not None or self.state is DeployState.FAILED:
            return "critical"
        return "warning" if self.undone_at is not None else "accent"


def change_views(rows: Iterable[Change]) -> list[ChangeView]:
    """The rows as plain values; the harm of a private incident is told to its people only.

    No query, but one where any of them did harm and whoever asks does not see everything.
    """
    rows = list(rows)
    secret = ports.secret_harms([row.id for row in rows if row.harm_known_at is not None])
    return [
        ChangeView(
            id=row.id,
            service_id=row.service_id,
            environment=row.environment,
            kind=ChangeKind(row.kind),
            summary=row.summary,
            source=row.source,
            external_id=row.external_id,
            links=row.links,
            details=row.details,
            actor=row.actor,
            at=row.at,
            recorded_at=row.recorded_at,
            state=DeployState(row.state),
            finished_at=row.finished_at,
            version=row.version,
            previous_version=row.previous_version,
            commit=row.commit,
            first_commit_at=row.first_commit_at,
            pipeline_url=row.pipeline_url,
            is_unplanned=row.is_unplanned,
            release=row.release,
            harm_known_at=None if row.id in secret else row.harm_known_at,
            undone_at=row.undone_at,
        )
        for row in rows
    ]
