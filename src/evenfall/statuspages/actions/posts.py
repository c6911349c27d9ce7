"""What readers are told of an incident, and what that makes of the components."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from msgspec import Struct, field

from evenfall.incidents import queries as incidents_queries
from evenfall.platform.events import publish
from evenfall.statuspages import errors, events
from evenfall.statuspages.actions.announcing import announce_retraction, announce_update
from evenfall.statuspages.actions.pages import locked, touch
from evenfall.statuspages.actions.settling import posted_by_hand
from evenfall.statuspages.logic import posts as logic
from evenfall.statuspages.logic.words import AFFECTED, Impact, PostState, Source, Status
from evenfall.statuspages.models import (
    Interval,
    Post,
    PostUpdate,
    StatusPage,
    UpdateEdit,
    UpdateStatus,
)

SAYABLE = frozenset({Status.OPERATIONAL, *AFFECTED})


class UpdateWish(Struct, frozen=True, kw_only=True):
    """What an update says. `said_at` None: now; earlier is shown as backdated.

    `statuses`: component id to its status from then on; "operational" takes back what the post
    said before. `next_update_at` is a promise to readers.
    """

    text: str
    state: PostState = PostState.INVESTIGATING
    statuses: Mapping[int, Status] = field(default_factory=dict)
    notify: bool = True
    next_update_at: datetime | None = None
    said_at: datetime | None = None


def start_post(
    *,
    status_page_id: int,
    title: str,
    first: UpdateWish,
    incident_id: int | None = None,
    impact: Impact | None = None,
    now: datetime,
    actor: str,
    settles: bool = True,
) -> int:
    """Tell readers of something new; `impact` None: by the worst status. Returns the post's id.

    `settles`: a post that was prepared about the incident is not wanted any more.

    Raises StatusPageNotFound, IncidentNotFound, AlreadyPosted, PostNotUsable.
    """
    if not title.strip():
        raise errors.PostNotUsable(reason="it needs a title.", field="title")
    if incident_id is not None:
        _check_incident(incident_id)
    with transaction.atomic():
        page = locked(status_page_id)
        row = _new(page, title.strip(), incident_id, impact, now)
        _add(page, row, first, now=now, actor=actor)
        if incident_id is not None and settles:
            posted_by_hand(page.pk, incident_id, post_id=row.pk, now=now, actor=actor)
    return row.pk


def _check_incident(incident_id: int) -> None:
    """What is private is told to no reader, and what was merged only where the work goes on.

    Raises IncidentNotFound, PostNotUsable.
    """
    view = incidents_queries.incident(incident_id)
    if view.is_private:
        raise errors.PostNotUsable(
            reason="its incident is private; write a post without it.", field="incident_id"
        )
    if view.merged_into_id is not None:
        raise errors.PostNotUsable(
            reason=f"its incident was merged; write it for incident {view.merged_into_id}.",
            field="incident_id",
        )


def post_update(
    *,
    status_page_id: int,
    post_id: int,
    wish: UpdateWish,
    now: datetime,
    actor: str,
    from_incident: bool = False,
) -> int:
    """Tell readers more; after "resolved" any other state opens the post again.

    `from_incident`: it was written on the incident, which keeps its own promise.

    Raises PostNotFound, PostRetracted, PostNotUsable.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = _post(page, post_id)
        return _add(page, row, wish, now=now, actor=actor, from_incident=from_incident)


def edit_update(
    *,
    status_page_id: int,
    post_id: int,
    update_id: int,
    wish: UpdateWish,
    now: datetime,
    actor: str,
) -> None:
    """Correct what was said; the old words stay readable for colleagues.

    `statuses` replaces what this update says of components. `notify` is left: nobody is told of
    a correction. Raises PostNotFound, PostRetracted, PostNotUsable.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        post = _post(page, post_id)
        update = post.updates.filter(id=update_id).first()
        if update is None:
            raise errors.PostNotFound
        before = _snapshot(update)
        UpdateEdit.objects.create(
            update=update,
            text=update.text,
            state=update.state,
            said_at=update.said_at,
            edited_at=now,
            actor=actor,
        )
        update.edited_at = now
        _write(page, update, wish, said_at=wish.said_at or update.said_at, now=now)
        _settle(page, post, now)
        publish(
            events.PostEdited(
                **_about(page, post),
                update_id=update.pk,
                before=before,
                after=_snapshot(update),
                at=now,
                actor=actor,
            )
        )


def retract_post(
    *, status_page_id: int, post_id: int, reason: str, now: datetime, actor: str
) -> None:
    """Say that the post was wrong: it stays readable, marked, and counts for no component.

    Raises PostNotFound, PostRetracted, PostNotUsable.
    """
    if not reason.strip():
        raise errors.PostNotUsable(reason="say to readers why it was wrong.", field="reason")
    with transaction.atomic():
        page = locked(status_page_id)
        row = _post(page, post_id)
        row.retracted_at, row.retracted_why = now, reason.strip()
        _settle(page, row, now)
        announce_retraction(page, row, now=now)
        publish(
            events.PostRetracted(**_about(page, row), reason=row.retracted_why, at=now, actor=actor)
        )


def _new(
    page: StatusPage, title: str, incident_id: int | None, impact: Impact | None, now: datetime
) -> Post:
    row = Post(
        page=page,
        incident_id=incident_id,
        title=title,
        impact=(impact or Impact.NONE).value,
        impact_by_hand=impact is not None,
        state=PostState.INVESTIGATING.value,
        started_at=now,
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.AlreadyPosted(incident_id=incident_id) from error
    return row


def _add(
    page: StatusPage,
    row: Post,
    wish: UpdateWish,
    *,
    now: datetime,
    actor: str,
    from_incident: bool = False,
) -> int:
    is_first = not row.updates.exists()
    update = PostUpdate(post=row, written_at=now, notify=wish.notify, actor=actor)
    _write(page, update, wish, said_at=wish.said_at or now, now=now)
    _settle(page, row, now)
    announce_update(page, row, update, is_first=is_first, now=now)
    publish(
        events.PostUpdated(
            **_about(page, row),
            update_id=update.pk,
            state=update.state,
            is_first=is_first,
            notify=update.notify,
            said_at=update.said_at,
            next_update_at=update.next_update_at,
            from_incident=from_incident,
            at=now,
            actor=actor,
        )
    )
    return update.pk


def _write(
    page: StatusPage, update: PostUpdate, wish: UpdateWish, *, said_at: datetime, now: datetime
) -> None:
    check_update(page, wish, said_at=said_at, now=now)
    update.text, update.state = wish.text.strip(), wish.state.value
    update.said_at, update.next_update_at = said_at, wish.next_update_at
    update.save()
    update.statuses.all().delete()
    UpdateStatus.objects.bulk_create(
        UpdateStatus(update=update, component_id=number, status=status.value)
        for number, status in sorted(wish.statuses.items())
    )


def check_update(page: StatusPage, wish: UpdateWish, *, said_at: datetime, now: datetime) -> None:
    """Raises PostNotUsable for what cannot be told on this page."""
    if not wish.text.strip():
        raise errors.PostNotUsable(reason="say something to readers.", field="text")
    if said_at > now:
        raise errors.PostNotUsable(reason="it cannot be said in the future.", field="said_at")
    if wish.next_update_at is not None and wish.next_update_at <= said_at:
        reason = "the next update comes after this one."
        raise errors.PostNotUsable(reason=reason, field="next_update_at")
    known = set(page.components.filter(removed_at=None).values_list("id", flat=True))
    if wish.statuses.keys() - known:
        raise errors.PostNotUsable(reason="a component is not on this page.", field="statuses")
    if not SAYABLE.issuperset(wish.statuses.values()):
        reason = "a component is operational, degraded or in a partial or major outage."
        raise errors.PostNotUsable(reason=reason, field="statuses")


def _settle(page: StatusPage, row: Post, now: datetime) -> None:
    """Let the post and the intervals of components be what all its updates say together."""
    steps = logic.in_order(_steps(row))
    last = steps[-1]
    row.state, row.started_at = last.state.value, steps[0].said_at
    row.resolved_at = last.said_at if last.state is PostState.RESOLVED else None
    row.next_update_at = row.updates.get(id=last.id).next_update_at
    if not row.impact_by_hand:
        row.impact = logic.impact(steps).value
    row.save()
    row.intervals.all().delete()
    if row.retracted_at is None:
        _store(row, logic.spans(steps))
    touch(page.pk, now=now)


def _store(row: Post, spans: list[logic.Span]) -> None:
    Interval.objects.bulk_create(
        Interval(
            component_id=span.component_id,
            status=span.status.value,
            source=Source.INCIDENT.value,
            post=row,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )
        for span in spans
    )


def _steps(row: Post) -> list[logic.Step]:
    return [
        logic.Step(
            id=update.pk,
            said_at=update.said_at,
            state=PostState(update.state),
            statuses={one.component_id: Status(one.status) for one in update.statuses.all()},
        )
        for update in row.updates.prefetch_related("statuses")
    ]


def _post(page: StatusPage, post_id: int) -> Post:
    row = page.posts.filter(id=post_id).first()
    if row is None:
        raise errors.PostNotFound
    if row.retracted_at is not None:
        raise errors.PostRetracted
    return row


def _snapshot(update: PostUpdate) -> dict[str, Any]:
    return {
        "text": update.text,
        "state": update.state,
        "said_at": update.said_at.isoformat(),
        "statuses": dict(update.statuses.values_list("component__name", "status")),
    }


def _about(page: StatusPage, row: Post) -> dict[str, Any]:
    return {
        "status_page_id": page.pk,
        "post_id": row.pk,
        "page": page.title,
        "title": row.title,
        "incident_id": row.incident_id,
    }
