"""A passage moves: deploys begin and end, versions are proven, fail or are rolled back."""

import enum
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from evenfall.changes import actions as changes_actions
from evenfall.changes.ports import ChangeKind
from evenfall.platform.events import SYSTEM, publish
from evenfall.releases import errors, events, queries
from evenfall.releases.actions import asking, downtime, loading, planning
from evenfall.releases.logic.gates import TITLES
from evenfall.releases.logic.states import State, may_become
from evenfall.releases.models import Passage
from evenfall.releases.queries.gating import answers_of

SOURCE = "releases"


class Outcome(enum.StrEnum):
    """How a deploy ended."""

    DEPLOYED = "deployed"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"


@transaction.atomic
def begin_deploy(*, passage_id: int, observed: bool = False, now: datetime, actor: str) -> str:
    """The version goes to its place now; return the version that ran there ("" for none).

    The gates are asked here and now, whatever they said before. `observed`: it happens already,
    outside of Evenfall, so that nothing can be refused; what did not pass is told and reviewed.
    Raises PassageNotFound, StateNotPossible, GatesClosed, AnotherDeploys.
    """
    row = loading.passage(passage_id)
    _check(row, State.DEPLOYING)
    found = answers_of([row], now=now)[row.pk]
    if found.closed and not observed:
        raise errors.GatesClosed(gates=", ".join(TITLES[name] for name in found.closed))
    asking.keep(row, found, now=now, actor=actor)
    row.past_gates = bool(found.closed)
    row.previous_version = queries.running_version(row.service_id, row.stage)
    row.started_at = now
    _begin(row, now=now, actor=actor)
    row.exceptions.filter(id__in=found.used, used_at=None).update(used_at=now)
    publish(
        events.DeployBegun(
            **loading.about_passage(row, now=now, actor=actor),
            previous_version=row.previous_version,
            past_gates=found.closed,
            exception_ids=found.used,
        )
    )
    return row.previous_version


@transaction.atomic
def finish_deploy(
    *,
    passage_id: int,
    outcome: Outcome,
    reason: str = "",
    incident_id: int | None = None,
    downtime_minutes: int | None = None,
    now: datetime,
    actor: str,
) -> None:
    """The deploy is over. One that went well is in the ledger of changes and is watched from now.

    `downtime_minutes` is what was measured, None for nobody measured. The same outcome again
    changes nothing. Raises PassageNotFound, StateNotPossible, ReasonMissing.
    """
    row = loading.passage(passage_id)
    if row.state == outcome.value:
        return
    if downtime_minutes is not None:
        row.actual_downtime_minutes = max(0, downtime_minutes)
    if outcome is Outcome.DEPLOYED:
        _deployed(row, now=now, actor=actor)
    elif outcome is Outcome.FAILED:
        _failed(row, reason, incident_id, now=now, actor=actor)
    else:
        _rolled_back(row, reason, incident_id, now=now, actor=actor)


@transaction.atomic
def mark_failed(
    *, passage_id: int, reason: str, incident_id: int | None = None, now: datetime, actor: str
) -> None:
    """It is not good: while it was deployed, or after. Raises as `finish_deploy`."""
    _failed(loading.passage(passage_id), reason, incident_id, now=now, actor=actor)


@transaction.atomic
def mark_rolled_back(
    *, passage_id: int, reason: str, incident_id: int | None = None, now: datetime, actor: str
) -> None:
    """The version before runs there again. Raises as `finish_deploy`."""
    _rolled_back(loading.passage(passage_id), reason, incident_id, now=now, actor=actor)


@transaction.atomic
def mark_proven(*, passage_id: int, now: datetime, actor: str = SYSTEM) -> None:
    """The watch is over and it was good; twice is once. Raises PassageNotFound, …."""
    row = loading.passage(passage_id)
    if row.state == State.PROVEN:
        return
    _move(row, State.PROVEN, now=now, actor=actor)
    row.proven_at = now
    row.save()
    publish(events.VersionProven(**loading.about_passage(row, now=now, actor=actor)))


@transaction.atomic
def cancel_passage(*, passage_id: int, reason: str = "", now: datetime, actor: str) -> None:
    """It does not go there. Raises PassageNotFound, StateNotPossible."""
    _cancel(loading.passage(passage_id), reason, now=now, actor=actor)


def _begin(row: Passage, *, now: datetime, actor: str) -> None:
    _move(row, State.DEPLOYING, now=now, actor=actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        other = queries.deploying_version(row.service_id, row.stage)
        raise errors.AnotherDeploys(version=other or "another") from error


def _deployed(row: Passage, *, now: datetime, actor: str) -> None:
    _move(row, State.DEPLOYED, now=now, actor=actor)
    row.deployed_at = now
    summary = f"{row.release.version} deployed to {row.stage}"
    row.change_id = _record(row, summary, row.release.version, now=now, actor=actor)
    row.save()
    publish(
        events.VersionDeployed(
            **loading.about_passage(row, now=now, actor=actor),
            previous_version=row.previous_version,
            change_id=row.change_id,
        )
    )
    for older in planning.superseded(row):
        _cancel(older, f"{row.release.version} went there.", now=now, actor=actor)
    planning.ask_again(row.release, now=now)


def _failed(
    row: Passage, reason: str, incident_id: int | None, *, now: datetime, actor: str
) -> None:
    if row.state == State.FAILED:
        return
    _end(row, State.FAILED, reason, incident_id, now=now, actor=actor)
    publish(
        events.ReleaseFailed(
            **loading.about_passage(row, now=now, actor=actor),
            reason=row.reason,
            incident_id=incident_id,
        )
    )


def _rolled_back(
    row: Passage, reason: str, incident_id: int | None, *, now: datetime, actor: str
) -> None:
    if row.state == State.ROLLED_BACK:
        return
    _end(row, State.ROLLED_BACK, reason, incident_id, now=now, actor=actor)
    summary = f"{row.release.version} rolled back in {row.stage}: {row.reason}"
    _record(row, summary, row.previous_version, now=now, actor=actor)
    publish(
        events.ReleaseRolledBack(
            **loading.about_passage(row, now=now, actor=actor),
            to_version=row.previous_version,
            reason=row.reason,
            incident_id=incident_id,
        )
    )


def _end(
    row: Passage,
    state: State,
    reason: str,
    incident_id: int | None,
    *,
    now: datetime,
    actor: str,
) -> None:
    row.reason = loading.reason_of(reason)
    _move(row, state, now=now, actor=actor)
    row.incident_id, row.ended_at = incident_id or row.incident_id, now
    row.save()


def _cancel(row: Passage, reason: str, *, now: datetime, actor: str) -> None:
    _move(row, State.CANCELLED, now=now, actor=actor)
    row.reason, row.ended_at = loading.line_of(reason, loading.REASON_LENGTH), now
    row.save()
    downtime.end_downtime(row, now=now, actor=actor)
    about = loading.about_passage(row, now=now, actor=actor)
    publish(events.PassageCancelled(**about, reason=row.reason))


def _move(row: Passage, state: State, *, now: datetime, actor: str) -> None:
    _check(row, state)
    row.state, row.state_at, row.state_by, row.due_at = state.value, now, actor, None


def _check(row: Passage, wanted: State) -> None:
    if not may_become(State(row.state), wanted):
        raise errors.StateNotPossible(state=row.state, wanted=wanted.value)


def _record(row: Passage, summary: str, version: str, *, now: datetime, actor: str) -> int:
    details: dict[str, Any] = {
        "version": version,
        "release_id": row.release_id,
        "passage_id": row.pk,
        "commit": row.release.commit,
    }
    return changes_actions.record_change(
        service_id=row.service_id,
        summary=summary,
        source=SOURCE,
        at=now,
        details=details,
        kind=ChangeKind.DEPLOY.value,
        environment=row.environment,
        external_id=f"passage-{row.pk}-{row.state}",
        now=now,
        actor=actor,
    )
