"""What subscribers are to be told, written down in the transaction that said it to readers."""

from datetime import datetime, timedelta
from typing import Any, Final

from evenfall.platform.wakeups import wake
from evenfall.statuspages.logic.subscribing import Topic
from evenfall.statuspages.logic.words import PostState, Told, WorkState
from evenfall.statuspages.models import Bulletin, Mailing, Post, PostUpdate, StatusPage, Work
from evenfall.statuspages.models.subscribers import default_reminders

SPREAD: Final = "statuspages.spread"
REMINDER: Final = "reminder"
RETRACTED: Final = "retracted"
_ENDS: Final = (Told.CHANGED, Told.COMPLETED, Told.CANCELLED)
_PLANS: Final = (Told.PLANNED, Told.CHANGED)


def announce_update(
    page: StatusPage, post: Post, update: PostUpdate, *, is_first: bool, now: datetime
) -> None:
    """Tell subscribers of an update, unless it asks not to."""
    if not update.notify:
        return
    is_over = update.state == PostState.RESOLVED.value
    told = "resolved" if is_over else "posted" if is_first else "updated"
    data = {
        **_of_post(post, shows_status=not is_over),
        "told": told,
        "update_id": update.pk,
        "state": update.state,
        "text": update.text,
        "said_at": update.said_at.isoformat(),
        "next_update_at": _iso(update.next_update_at),
    }
    _write(page, data, post=post, ends_story=is_over, now=now)


def announce_retraction(page: StatusPage, post: Post, *, now: datetime) -> None:
    """Tell whoever heard of a post that it was wrong."""
    if not post.bulletins.exists():
        return  # nobody was told of it
    data = {
        **_of_post(post, shows_status=False),
        "told": RETRACTED,
        "text": post.retracted_why,
        "said_at": now.isoformat(),
        "next_update_at": None,
    }
    _write(page, data, post=post, ends_story=True, now=now)


def announce_work(page: StatusPage, work: Work, told: Told, *, text: str, now: datetime) -> None:
    """Tell subscribers of a maintenance, and remind them again of what is still ahead."""
    if work.notify:
        words = text or (work.text if told in _PLANS else "")
        data = {**_of_work(work), "told": told.value, "text": words, "said_at": now.isoformat()}
        _write(page, data, work=work, ends_story=told in _ENDS, now=now)
    plan_reminders(page, work, now=now)


def plan_reminders(page: StatusPage, work: Work, *, now: datetime) -> None:
    """Let the reminders of a maintenance be those that its window asks for now."""
    work.bulletins.filter(told=REMINDER, spread_at=None).delete()
    if not work.notify or work.state != WorkState.SCHEDULED.value:
        return
    for minutes in reminders_of(page):
        due_at = work.starts_at - timedelta(minutes=minutes)
        if due_at > now:
            data = {
                **_of_work(work),
                "told": REMINDER,
                "text": work.text,
                "said_at": due_at.isoformat(),
            }
            _write(page, data, work=work, due_at=due_at, now=now)


def reminders_of(page: StatusPage) -> list[int]:
    """Minutes before a maintenance."""
    found = Mailing.objects.filter(page_id=page.pk).values_list("reminders", flat=True).first()
    return default_reminders() if found is None else found


def _write(
    page: StatusPage,
    data: dict[str, Any],
    *,
    post: Post | None = None,
    work: Work | None = None,
    ends_story: bool = False,
    due_at: datetime | None = None,
    now: datetime,
) -> None:
    Bulletin.objects.create(
        page=page,
        topic=data["topic"],
        told=data["told"],
        post=post,
        work=work,
        component_ids=[one["id"] for one in data["components"]],
        ends_story=ends_story,
        data=data,
        created_at=now,
        due_at=due_at or now,
    )
    wake(SPREAD)


def _of_post(post: Post, *, shows_status: bool) -> dict[str, Any]:
    """What every message about a post has; it touches what any of its updates named."""
    named: dict[int, dict[str, Any]] = {}
    rows = post.updates.order_by("said_at", "id").values_list(
        "statuses__component_id", "statuses__component__name", "statuses__status"
    )
    for number, name, status in rows:
        if number is not None:
            named[number] = {"id": number, "name": name, "status": status if shows_status else None}
    return {
        "topic": Topic.INCIDENTS.value,
        "post_id": post.pk,
        "title": post.title,
        "state": post.state,
        "impact": post.impact,
        "components": list(named.values()),
    }


def _of_work(work: Work) -> dict[str, Any]:
    rows = work.touched.order_by("component__position", "component_id")
    named = rows.values_list("component_id", "component__name")
    return {
        "topic": Topic.WORKS.value,
        "work_id": work.pk,
        "title": work.title,
        "state": work.state,
        "components": [{"id": number, "name": name} for number, name in named],
        "starts_at": work.starts_at.isoformat(),
        "ends_at": work.ends_at.isoformat(),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
