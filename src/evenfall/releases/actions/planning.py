"""A release is to go through a stage."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.releases import events, queries
from evenfall.releases.actions import loading
from evenfall.releases.logic.states import RUNNING, UNDER_WAY, WAITING
from evenfall.releases.models import Passage, Release
from evenfall.releases.queries.stages import StageView

ASK: Final = "releases.ask"
"""The drain that asks the gates of what waits."""


def plan_all(row: Release, downtime: int, *, now: datetime, actor: str) -> None:
    """A passage through each stage of the service, none of them before."""
    stages = queries.stages_of(row.service_id)
    made = [_passage(row, stage, downtime, now=now, actor=actor) for stage in stages]
    _announce(Passage.objects.bulk_create(made), now=now, actor=actor)


@transaction.atomic
def plan_passage(
    *,
    release_id: int,
    stage: str,
    downtime_minutes: int = 0,
    planned_at: datetime | None = None,
    now: datetime,
    actor: str,
) -> int:
    """The passage that is under way through this stage, or a new one; return its id.

    A new one is another try, or the way back to a version that ran there. Raises
    ReleaseNotFound, StageNotFound.
    """
    row = loading.release(release_id)
    found = queries.stage_named(row.service_id, stage)
    tries = Passage.objects.filter(release=row, stage=found.name)
    last = tries.filter(state__in=UNDER_WAY).first()
    if last is not None:
        return last.pk
    made = _passage(row, found, downtime_minutes, now=now, actor=actor)
    made.attempt = (tries.aggregate(Max("attempt"))["attempt__max"] or 0) + 1
    made.planned_at = planned_at
    made.is_way_back = _is_way_back(row, found.name)
    made.save()
    _announce([made], now=now, actor=actor)
    return made.pk


def ask_again(row: Release, *, now: datetime) -> None:
    """What the gates say of this release may be another thing now."""
    if row.passages.filter(state__in=WAITING).update(due_at=now):
        wake(ASK)


def _is_way_back(row: Release, stage: str) -> bool:
    """Whether it ran there and another version runs there now."""
    mine = row.passages.filter(stage=stage, deployed_at__isnull=False)
    now_there = Passage.objects.filter(
        service_id=row.service_id, stage=stage, state__in=RUNNING
    ).order_by("-deployed_at", "-id")
    running = now_there.first()
    return running is not None and running.release_id != row.pk and mine.exists()


def _passage(
    row: Release, stage: StageView, downtime: int, *, now: datetime, actor: str
) -> Passage:
    return Passage(
        release=row,
        service_id=row.service_id,
        stage=stage.name,
        position=stage.position,
        environment=stage.environment.value,
        state_at=now,
        state_by=actor,
        created_at=now,
        due_at=now,
        planned_downtime_minutes=max(0, downtime),
    )


def _announce(made: Iterable[Passage], *, now: datetime, actor: str) -> None:
    facts = [
        events.PassagePlanned(**loading.about_passage(row, now=now, actor=actor)) for row in made
    ]
    publish(*facts)
    wake(ASK)


def superseded(row: Passage) -> list[Passage]:
    """Older releases that still wait to go where `row` runs now, locked."""
    waiting = Passage.objects.select_for_update(of=("self",)).select_related("release")
    return list(
        waiting.filter(
            service_id=row.service_id,
            stage=row.stage,
            state__in=WAITING,
            release__created_at__lt=row.release.created_at,
        )
    )
