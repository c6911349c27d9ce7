"""A stored page as the values that the logic decides about."""

import msgspec
from django.db.models import QuerySet
from msgspec import Struct

from evenfall.paging.logic.machine import PageState
from evenfall.paging.logic.policy import DEFAULT_POLICY, PolicySpec, StepSpec
from evenfall.paging.logic.words import AtEnd, Status, Urgency
from evenfall.paging.models import Page, PolicyVersion
from evenfall.paging.ports import PageContent
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


class LivePage(Struct, frozen=True, kw_only=True):
    """One page with its policy, ready to be decided about."""

    id: int
    subject: str
    team_id: int | None
    service_id: int | None
    spec: PolicySpec
    state: PageState
    content: PageContent


def spec_of(version: PolicyVersion) -> PolicySpec:
    """What this version says.

    Steps that cannot be read (written by a newer release during an upgrade) are replaced by those
    of the default policy: one policy must neither stop the pages of all others nor fall silent.
    """
    return PolicySpec(
        steps=_steps_of(version),
        rounds=version.rounds,
        at_end=AtEnd(version.at_end),
        catch_all_user_id=version.catch_all_user_id,
        ack_timeout_minutes=version.ack_timeout_minutes,
    )


def _steps_of(version: PolicyVersion) -> tuple[StepSpec, ...]:
    try:
        return msgspec.convert(version.steps, tuple[StepSpec, ...])
    except msgspec.ValidationError as error:
        log.error("a policy cannot be read", policy=version.policy_id, error=str(error))  # noqa: TRY400 - the cause is in the text
        return DEFAULT_POLICY.steps


def state_of(row: Page) -> PageState:
    return PageState(
        status=Status(row.status),
        urgency=Urgency(row.urgency),
        severity=row.severity,
        round=row.round,
        step=row.step,
        due_at=row.due_at,
        started_at=row.started_at,
        acknowledged_at=row.acknowledged_at,
        mobilised_at=row.mobilised_at,
        ended_at=row.ended_at,
        holder_id=row.holder_id,
        asker_id=row.asker_id,
        stop_reason=row.stop_reason,
    )


def content_of(row: Page) -> PageContent:
    return msgspec.convert(row.content, PageContent)


def live_pages(rows: QuerySet[Page]) -> list[LivePage]:
    """Load the pages of this query (locked, if it says so) with their policies."""
    found = list(rows)
    versions = PolicyVersion.objects.in_bulk({row.policy_version_id for row in found})
    specs = {version_id: spec_of(version) for version_id, version in versions.items()}
    return [_live(row, specs[row.policy_version_id]) for row in found]


def _live(row: Page, spec: PolicySpec) -> LivePage:
    return LivePage(
        id=row.id,
        subject=row.subject,
        team_id=row.team_id,
        service_id=row.service_id,
        spec=spec,
        state=state_of(row),
        content=content_of(row),
    )
