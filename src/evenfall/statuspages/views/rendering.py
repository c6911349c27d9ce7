"""What readers get, made once for each version of a page and kept in the memory of the process."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar, Event

from evenfall.notifications import queries as notifications_queries
from evenfall.statuspages import queries
from evenfall.statuspages.logic.words import Visibility, WorkState
from evenfall.statuspages.queries import PageContent, PostView, WorkView

GOOD_FOR_S: Final = 60
"""Uptime moves while nothing is said, so a page is made again every minute that it is read."""
_KEPT: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """`made_at` is the beginning of the minute in which it was made."""

    body: bytes
    content_type: str
    etag: str
    made_at: datetime


type _Key = tuple[int, str]

_kept: OrderedDict[_Key, Rendered] = OrderedDict()
_lock = Lock()


def rendered(gate: queries.Gate, kind: str, *, now: datetime) -> Rendered:
    """The page as html, atom, ics or json. A repeat costs no query."""
    minute = int(now.timestamp()) // GOOD_FOR_S
    etag = f'W/"{gate.id}-{gate.version}-{kind}-{minute}"'
    with _lock:
        found = _kept.get((gate.id, kind))
    if found is not None and found.etag == etag:
        return found
    made_at = datetime.fromtimestamp(minute * GOOD_FOR_S, UTC)
    content_type, make = _KINDS[kind]
    body = make(queries.content(gate.id, now=now))
    fresh = Rendered(body=body, content_type=content_type, etag=etag, made_at=made_at)
    _keep((gate.id, kind), fresh)
    return fresh


def _keep(key: _Key, fresh: Rendered) -> None:
    with _lock:
        _kept[key] = fresh
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)


def address(content: PageContent, name: str = "statuspages:public") -> str:
    """A public address of the page, with its secret where it needs one."""
    path = reverse(name, args=[content.page.slug])
    return notifications_queries.absolute(path) + _secret(content)


def as_html(content: PageContent) -> bytes:
    with timezone.override(ZoneInfo(content.page.time_zone)):
        context = {"content": content, "secret": _secret(content)}
        return render_to_string("statuspages/public.html", context).encode()


def as_json(content: PageContent) -> bytes:
    page = content.page
    shown = {
        "title": page.title,
        "url": address(content),
        "as_of": content.as_of,
        "time_zone": page.time_zone,
        "status": content.status,
        "sentence": content.sentence,
        "formula": content.formula,
        "groups": [_block(block) for block in content.blocks],
        "posts": [_post(post) for post in (*content.open_posts, *content.past_posts)],
        "maintenance": [_work(work) for work in (*content.works, *content.past_works)],
    }
    return msgspec.json.encode(shown)


def as_atom(content: PageContent) -> bytes:
    """One entry for each update, so that readers learn the end of a story too."""
    here = address(content)
    feed = Atom1Feed(
        title=content.page.title,
        link=here,
        description=content.page.description,
        feed_url=address(content, "statuspages:atom"),
        feed_guid=f"tag:{_host()},2026:status-page:{content.page.id}",
    )
    for entry in queries.feed_entries(content):
        feed.add_item(
            title=entry.title,
            link=f"{here}#{entry.anchor}",
            description=entry.html,
            unique_id=f"tag:{_host()},2026:status-page:{content.page.id}:{entry.key}",
            pubdate=entry.said_at,
            updateddate=entry.changed_at,
        )
    return feed.writeString("utf-8").encode()


def as_calendar(content: PageContent) -> bytes:
    """Maintenance as calendar programs read it; a cancelled one says so."""
    calendar = Calendar()
    calendar.add("prodid", "-//Evenfall//maintenance//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{content.page.title}: maintenance")
    for work in (*content.works, *content.past_works):
        calendar.add_component(_event(work, content))
    body: bytes = calendar.to_ical()
    return body


def _event(work: WorkView, content: PageContent) -> Event:
    event = Event()
    event.add("uid", f"maintenance-{work.id}@{_host()}")
    event.add("dtstamp", work.changed_at.replace(microsecond=0))
    event.add("last-modified", work.changed_at.replace(microsecond=0))
    event.add("sequence", len(work.notes))
    event.add("dtstart", (work.started_at or work.starts_at).replace(microsecond=0))
    event.add("dtend", (work.ended_at or work.ends_at).replace(microsecond=0))
    event.add("summary", f"Maintenance: {work.title}")
    event.add("description", "\n".join(filter(None, [", ".join(work.components), work.text])))
    event.add("url", f"{address(content)}#work-{work.id}")
    cancelled = work.state is WorkState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _block(block: queries.Block) -> dict[str, Any]:
    return {
        "name": block.name,
        "status": block.status,
        "uptime": block.figure.uptime if block.figure else None,
        "components": [_component(one) for one in block.components],
    }


def _component(one: queries.ComponentView) -> dict[str, Any]:
    figure = one.figure
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "status": one.status,
        "uptime": figure.uptime if figure else None,
        "uptime_other": figure.other if figure else None,
        "uptime_ratio": float(figure.exact) if figure and figure.exact is not None else None,
        "days": [bar.status for bar in one.bars],
    }


def _post(post: PostView) -> dict[str, Any]:
    return {
        "id": post.id,
        "title": post.title,
        "impact": post.impact,
        "state": post.state,
        "started_at": post.started_at,
        "resolved_at": post.resolved_at,
        "next_update_at": post.next_update_at,
        "retracted_at": post.retracted_at,
        "retracted_why": post.retracted_why,
        "components": post.affected,
        "updates": [
            {
                "id": update.id,
                "state": update.state,
                "text": update.text,
                "said_at": update.said_at,
                "is_backdated": update.is_backdated,
                "edited_at": update.edited_at,
                "components": dict(update.statuses),
            }
            for update in post.updates
        ],
    }


def _work(work: WorkView) -> dict[str, Any]:
    return {
        "id": work.id,
        "title": work.title,
        "text": work.text,
        "state": work.state,
        "starts_at": work.starts_at,
        "ends_at": work.ends_at,
        "started_at": work.started_at,
        "ended_at": work.ended_at,
        "components": work.components,
        "notes": [{"told": one.told, "text": one.text, "at": one.at} for one in work.notes],
    }


def _secret(content: PageContent) -> str:
    """The query that opens the page, where its visibility wants one."""
    if content.page.visibility is not Visibility.TOKEN:
        return ""
    return "?" + urlencode({"token": content.page.token})


def _host() -> str:
    return urlsplit(settings.EVENFALL.public_url).hostname or "localhost"


_KINDS: Final[Mapping[str, tuple[str, Callable[[PageContent], bytes]]]] = {
    "html": ("text/html; charset=utf-8", as_html),
    "json": ("application/json", as_json),
    "atom": ("application/atom+xml; charset=utf-8", as_atom),
    "ics": ("text/calendar; charset=utf-8", as_calendar),
}
