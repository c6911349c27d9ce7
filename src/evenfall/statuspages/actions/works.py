"""Maintenance: announced, started and ended, by itself or by a person. Each step is told."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Min
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.platform.wakeups import DrainResult, wake
from evenfall.statuspages import errors, events
from evenfall.statuspages.actions.announcing import announce_work, plan_reminders
from evenfall.statuspages.actions.pages import locked, touch
from evenfall.statuspages.logic.words import OVER, RUNNING, Source, Status, Told, WorkState
from evenfall.statuspages.models import Interval, StatusPage, Work, WorkComponent, WorkNote

ADVANCE: Final = "statuspages.works"
_BATCH: Final = 50
_STEPS: Final = {
    WorkState.SCHEDULED: {WorkState.IN_PROGRESS, WorkState.CANCELLED},
    WorkState.IN_PROGRESS: {WorkState.VERIFYING, WorkState.COMPLETED},
    WorkState.VERIFYING: {WorkState.IN_PROGRESS, WorkState.COMPLETED},
}
_TOLD: Final = {
    WorkState.IN_PROGRESS: Told.STARTED,
    WorkState.VERIFYING: Told.VERIFYING,
    WorkState.COMPLETED: Told.COMPLETED,
    WorkState.CANCELLED: Told.CANCELLED,
}


class WorkWish(Struct, frozen=True, kw_only=True):
    """What is planned; it touches these components and no other. Times are UTC."""

    title: str
    starts_at: datetime
    ends_at: datetime
    component_ids: Collection[int]
    text: str = ""
    starts_itself: bool = True
    ends_itself: bool = True
    notify: bool = True


def plan_work(*, status_page_id: int, wish: WorkWish, now: datetime, actor: str) -> int:
    """Announce a maintenance; returns its id. Raises StatusPageNotFound, WorkNotUsable."""
    with transaction.atomic():
        page = locked(status_page_id)
        if wish.ends_at <= now:
            raise errors.WorkNotUsable(reason="it would already be over.", field="ends_at")
        row = Work(page=page, state=WorkState.SCHEDULED.value, created_at=now)
        _fill(page, row, wish)
        _tell(page, row, Told.PLANNED, text="", now=now, actor=actor)
    return row.pk


def change_work(
    *, status_page_id: int, work_id: int, wish: WorkWish, now: datetime, actor: str
) -> None:
    """Plan it otherwise; a moved window is told like a new one.

    Raises WorkNotFound, WorkNotUsable, and WorkStepNotAllowed once it is over.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = _work(page, work_id)
        if WorkState(row.state) in OVER:
            raise errors.WorkStepNotAllowed(state=_word(row.state), wanted="changed")
        before = _what_readers_know(row)
        _fill(page, row, wish)
        if WorkState(row.state) in RUNNING:
            _touch_components(row, row.started_at or now)
        if before == _what_readers_know(row):
            touch(page.pk, now=now)
            plan_reminders(page, row, now=now)
            return
        _tell(page, row, Told.CHANGED, text="", now=now, actor=actor)


def step_work(
    *,
    status_page_id: int,
    work_id: int,
    state: WorkState,
    text: str = "",
    now: datetime,
    actor: str,
) -> None:
    """Start, verify, complete or cancel it now. Raises WorkNotFound, WorkStepNotAllowed."""
    with transaction.atomic():
        page = locked(status_page_id)
        _step(page, _work(page, work_id), state, text=text, at=now, now=now, actor=actor)


def note_work(*, status_page_id: int, work_id: int, text: str, now: datetime, actor: str) -> None:
    """Tell readers how it goes. Raises WorkNotFound, WorkNotUsable."""
    if not text.strip():
        raise errors.WorkNotUsable(reason="say something to readers.", field="text")
    with transaction.atomic():
        page = locked(status_page_id)
        _tell(page, _work(page, work_id), Told.NOTE, text=text.strip(), now=now, actor=actor)


def advance_due_works(*, now: datetime) -> DrainResult:
    """Start and end what does so by itself.

    It counts from the announced time, also when we come late: readers were told so.
    """
    due = Work.objects.filter(due_at__lte=now).order_by("due_at")
    found = list(due.values_list("id", "page_id")[:_BATCH])
    for work_id, page_id in found:
        with transaction.atomic():
            _advance(locked(page_id), work_id, now)
    waiting = Work.objects.filter(due_at__gt=now).aggregate(next=Min("due_at"))
    return DrainResult(done=len(found), next_due=waiting["next"])


def _advance(page: StatusPage, work_id: int, now: datetime) -> None:
    row = page.works.filter(id=work_id, due_at__lte=now).first()
    if row is None or row.due_at is None:
        return  # somebody was faster
    starts = row.state == WorkState.SCHEDULED.value
    state = WorkState.IN_PROGRESS if starts else WorkState.COMPLETED
    _step(page, row, state, text="", at=row.due_at, now=now, actor="system")


def _step(
    page: StatusPage,
    row: Work,
    state: WorkState,
    *,
    text: str,
    at: datetime,
    now: datetime,
    actor: str,
) -> None:
    if state not in _STEPS.get(WorkState(row.state), set()):
        raise errors.WorkStepNotAllowed(state=_word(row.state), wanted=_word(state.value))
    row.state = state.value
    if state is WorkState.IN_PROGRESS and row.started_at is None:
        row.started_at = at
    if state is WorkState.COMPLETED:
        row.ended_at = at
    row.due_at = _due_at(row)
    row.save()
    if row.started_at is not None:
        _touch_components(row, row.started_at)
    _tell(page, row, _TOLD[state], text=text.strip(), now=now, actor=actor)


def _fill(page: StatusPage, row: Work, wish: WorkWish) -> None:
    _check(page, wish)
    row.title, row.text = wish.title.strip(), wish.text.strip()
    row.starts_at, row.ends_at = wish.starts_at, wish.ends_at
    row.starts_itself, row.ends_itself = wish.starts_itself, wish.ends_itself
    row.notify = wish.notify
    row.due_at = _due_at(row)
    row.save()
    row.touched.all().delete()
    WorkComponent.objects.bulk_create(
        WorkComponent(work=row, component_id=number) for number in sorted(set(wish.component_ids))
    )


def _check(page: StatusPage, wish: WorkWish) -> None:
    if not wish.title.strip():
        raise errors.WorkNotUsable(reason="it needs a title.", field="title")
    if wish.ends_at <= wish.starts_at:
        raise errors.WorkNotUsable(reason="it ends after it starts.", field="ends_at")
    known = set(page.components.filter(removed_at=None).values_list("id", flat=True))
    wanted = set(wish.component_ids)
    if not wanted or wanted - known:
        reason = "choose the components of this page that it touches."
        raise errors.WorkNotUsable(reason=reason, field="component_ids")


def _due_at(row: Work) -> datetime | None:
    if row.state == WorkState.SCHEDULED.value:
        return row.starts_at if row.starts_itself else None
    if row.state == WorkState.IN_PROGRESS.value:
        return row.ends_at if row.ends_itself else None
    return None


def _touch_components(row: Work, starts_at: datetime) -> None:
    """Let its intervals be what it touches, from its start to its end or open."""
    row.intervals.all().delete()
    if row.ended_at is not None and row.ended_at <= starts_at:
        return
    Interval.objects.bulk_create(
        Interval(
            component_id=one.component_id,
            status=Status.MAINTENANCE.value,
            source=Source.MAINTENANCE.value,
            work=row,
            starts_at=starts_at,
            ends_at=row.ended_at,
        )
        for one in row.touched.all()
    )


def _what_readers_know(row: Work) -> tuple[object, ...]:
    touched = sorted(row.touched.values_list("component_id", flat=True))
    return row.title, row.text, row.starts_at, row.ends_at, touched


def _work(page: StatusPage, work_id: int) -> Work:
    row = page.works.filter(id=work_id).first()
    if row is None:
        raise errors.WorkNotFound
    return row


def _word(state: str) -> str:
    return state.replace("_", " ")


def _tell(page: StatusPage, row: Work, told: Told, *, text: str, now: datetime, actor: str) -> None:
    WorkNote.objects.create(work=row, told=told.value, text=text, at=now, actor=actor)
    touch(page.pk, now=now)
    announce_work(page, row, told, text=text, now=now)
    publish(
        events.WorkTold(
            status_page_id=page.pk,
            work_id=row.pk,
            page=page.title,
            title=row.title,
            told=told.value,
            state=row.state,
            component_ids=tuple(sorted(row.touched.values_list("component_id", flat=True))),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            notify=row.notify,
            at=now,
            actor=actor,
        )
    )
    wake(ADVANCE)
