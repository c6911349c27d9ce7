"""Posts and maintenance with everything that was said; times are aware UTC."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform import markdown
from evenfall.platform.pages import Page, keyset
from evenfall.statuspages import errors
from evenfall.statuspages.logic.words import OVER, Impact, PostState, Status, Told, WorkState
from evenfall.statuspages.models import (
    Post,
    PostUpdate,
    UpdateEdit,
    UpdateStatus,
    Work,
    WorkComponent,
    WorkNote,
)
from evenfall.statuspages.ports import lessons

BACKDATED_BY = timedelta(minutes=2)
"""An update that says it is older than this when it is written is marked."""


class UpdateView(Struct, frozen=True, kw_only=True):
    """`html` is safe to show. `statuses`: (component, status) as this update says."""

    id: int
    state: PostState
    text: str
    html: str
    said_at: datetime
    written_at: datetime
    edited_at: datetime | None
    notify: bool
    next_update_at: datetime | None
    actor: str
    statuses: tuple[tuple[str, Status], ...]
    status_ids: Mapping[int, Status]

    @property
    def is_backdated(self) -> bool:
        return self.written_at - self.said_at > BACKDATED_BY


class PostView(Struct, frozen=True, kw_only=True):
    """A post; `updates` are the newest first. `affected` names the components it ever named.

    `lesson` is where everybody reads what its incident taught, "" for nowhere.
    """

    id: int
    page_id: int
    page_slug: str
    page: str
    title: str
    impact: Impact
    state: PostState
    incident_id: int | None
    started_at: datetime
    resolved_at: datetime | None
    next_update_at: datetime | None
    retracted_at: datetime | None
    retracted_why: str
    updates: tuple[UpdateView, ...]
    affected: tuple[str, ...]
    lesson: str

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None and self.retracted_at is None

    @property
    def tone(self) -> str:
        """How it is marked: a status, because readers know those colours."""
        if not self.is_open:
            return "unknown" if self.retracted_at else "operational"
        return _TONES[self.impact].value


_TONES = {
    Impact.CRITICAL: Status.MAJOR,
    Impact.MAJOR: Status.PARTIAL,
    Impact.MINOR: Status.DEGRADED,
    Impact.NONE: Status.UNKNOWN,
}


class NoteView(Struct, frozen=True, kw_only=True):
    id: int
    told: Told
    text: str
    html: str
    at: datetime


class WorkView(Struct, frozen=True, kw_only=True):
    """A maintenance; `notes` are the newest first."""

    id: int
    page_id: int
    title: str
    text: str
    html: str
    state: WorkState
    starts_at: datetime
    ends_at: datetime
    starts_itself: bool
    ends_itself: bool
    notify: bool
    started_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime
    component_ids: tuple[int, ...]
    components: tuple[str, ...]
    notes: tuple[NoteView, ...]

    @property
    def is_over(self) -> bool:
        return self.state in OVER


class EditView(Struct, frozen=True, kw_only=True):
    """What an update said before it was corrected."""

    update_id: int
    text: str
    state: PostState
    said_at: datetime
    edited_at: datetime
    author: str


def post(status_page_id: int, post_id: int) -> PostView:
    """Raises PostNotFound."""
    found = post_views(Post.objects.filter(page_id=status_page_id, id=post_id))
    if not found:
        raise errors.PostNotFound
    return found[0]


def posts_page(status_page_id: int, *, cursor: str | None = None, size: int = 25) -> Page[PostView]:
    """The newest first."""
    rows = _with_updates(Post.objects.filter(page_id=status_page_id))
    found = keyset(rows, order=("-started_at", "-id"), cursor=cursor, size=size)
    return found.holding(_posts(found.items))


def posts_of_incident(incident_id: int) -> list[PostView]:
    """What all pages say of an incident, the oldest post first."""
    return post_views(Post.objects.filter(incident_id=incident_id).order_by("id"))


def post_views(rows: QuerySet[Post]) -> list[PostView]:
    """A fixed number of queries however many rows."""
    return _posts(list(_with_updates(rows)))


def edits(post_id: int) -> list[EditView]:
    """What its updates said before, the newest correction first."""
    rows = list(UpdateEdit.objects.filter(update__post_id=post_id).order_by("-id"))
    names = identity_queries.actor_names({row.actor for row in rows})
    return [
        EditView(
            update_id=row.update_id,
            text=row.text,
            state=PostState(row.state),
            said_at=row.said_at,
            edited_at=row.edited_at,
            author=names.get(row.actor, row.actor),
        )
        for row in rows
    ]


def work(status_page_id: int, work_id: int) -> WorkView:
    """Raises WorkNotFound."""
    found = work_views(Work.objects.filter(page_id=status_page_id, id=work_id))
    if not found:
        raise errors.WorkNotFound
    return found[0]


def works_page(status_page_id: int, *, cursor: str | None = None, size: int = 25) -> Page[WorkView]:
    """By when they start, the last first."""
    rows = _with_notes(Work.objects.filter(page_id=status_page_id))
    found = keyset(rows, order=("-starts_at", "-id"), cursor=cursor, size=size)
    return found.holding([_work(row) for row in found.items])


def work_views(rows: QuerySet[Work]) -> list[WorkView]:
    return [_work(row) for row in _with_notes(rows)]


def _with_updates(rows: QuerySet[Post]) -> QuerySet[Post]:
    said = UpdateStatus.objects.select_related("component").order_by("id")
    updates = PostUpdate.objects.order_by("-said_at", "-id")
    updates = updates.prefetch_related(Prefetch("statuses", queryset=said))
    return rows.select_related("page").prefetch_related(Prefetch("updates", queryset=updates))


def _with_notes(rows: QuerySet[Work]) -> QuerySet[Work]:
    touched = WorkComponent.objects.select_related("component").order_by("id")
    notes = WorkNote.objects.order_by("-at", "-id")
    return rows.prefetch_related(
        Prefetch("touched", queryset=touched), Prefetch("notes", queryset=notes)
    )


def _posts(rows: Sequence[Post]) -> list[PostView]:
    found = lessons({row.incident_id for row in rows if row.incident_id is not None})
    return [_post(row, found.get(row.incident_id or 0, "")) for row in rows]


def _post(row: Post, lesson: str) -> PostView:
    updates = tuple(_update(one) for one in row.updates.all())
    return PostView(
        id=row.pk,
        page_id=row.page_id,
        page_slug=row.page.slug,
        page=row.page.title,
        title=row.title,
        impact=Impact(row.impact),
        state=PostState(row.state),
        incident_id=row.incident_id,
        started_at=row.started_at,
        resolved_at=row.resolved_at,
        next_update_at=row.next_update_at,
        retracted_at=row.retracted_at,
        retracted_why=row.retracted_why,
        updates=updates,
        affected=_affected(updates),
        lesson=lesson,
    )


def _affected(updates: Sequence[UpdateView]) -> tuple[str, ...]:
    names = [name for update in reversed(updates) for name, _ in update.statuses]
    return tuple(dict.fromkeys(names))


def _update(row: PostUpdate) -> UpdateView:
    said = list(row.statuses.all())
    return UpdateView(
        id=row.pk,
        state=PostState(row.state),
        text=row.text,
        html=markdown.to_html(row.text),
        said_at=row.said_at,
        written_at=row.written_at,
        edited_at=row.edited_at,
        notify=row.notify,
        next_update_at=row.next_update_at,
        actor=row.actor,
        statuses=tuple((one.component.name, Status(one.status)) for one in said),
        status_ids={one.component_id: Status(one.status) for one in said},
    )


def _work(row: Work) -> WorkView:
    touched = list(row.touched.all())
    notes = _notes(row.notes.all())
    return WorkView(
        id=row.pk,
        page_id=row.page_id,
        title=row.title,
        text=row.text,
        html=markdown.to_html(row.text),
        state=WorkState(row.state),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        starts_itself=row.starts_itself,
        ends_itself=row.ends_itself,
        notify=row.notify,
        started_at=row.started_at,
        ended_at=row.ended_at,
        changed_at=notes[0].at if notes else row.created_at,
        component_ids=tuple(one.component_id for one in touched),
        components=tuple(one.component.name for one in touched),
        notes=notes,
    )


def _notes(rows: Iterable[WorkNote]) -> tuple[NoteView, ...]:
    return tuple(
        NoteView(
            id=row.pk,
            told=Told(row.told),
            text=row.text,
            html=markdown.to_html(row.text),
            at=row.at,
        )
        for row in rows
    )
