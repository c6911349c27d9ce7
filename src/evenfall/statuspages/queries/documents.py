"""The documents that readers of a page get, as bytes; live ones and those of copies alike."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.template.loader import render_to_string
from django.utils import timezone, translation

from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.queries.atom import as_atom
from evenfall.statuspages.queries.content import Block, ComponentView, PageContent, content
from evenfall.statuspages.queries.history import PageHistory, history
from evenfall.statuspages.queries.looks import LookView
from evenfall.statuspages.queries.pages import PageView
from evenfall.statuspages.queries.sites import Site
from evenfall.statuspages.queries.told import PostView, WorkView

type SiteOf = Callable[[PageView, LookView], Site]

TYPES: Final[Mapping[str, str]] = {
    "html": "text/html; charset=utf-8",
    "history": "text/html; charset=utf-8",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def document(
    status_page_id: int, kind: str, *, site_of: SiteOf, language: Language | None, now: datetime
) -> bytes:
    """One document of a page; `kind` is one of TYPES. Raises StatusPageNotFound."""
    if kind == "history":
        earlier = history(status_page_id, now=now, language=language)
        return as_history(earlier, site_of(earlier.page, earlier.look))
    shown = content(status_page_id, now=now, language=language)
    return _MAKERS[kind](shown, site_of(shown.page, shown.look))


def as_html(shown: PageContent, site: Site) -> bytes:
    return _rendered("statuspages/public.html", shown, site, content=shown)


def as_history(earlier: PageHistory, site: Site) -> bytes:
    return _rendered("statuspages/history.html", earlier, site, content=earlier)


def as_json(shown: PageContent, site: Site) -> bytes:
    page = shown.page
    told = {
        "title": page.title,
        "url": site.home,
        "as_of": shown.as_of,
        "time_zone": page.time_zone,
        "status": shown.status,
        "sentence": shown.sentence,
        "formula": shown.formula,
        "groups": [_block(block) for block in shown.blocks],
        "posts": [_post(post) for post in (*shown.open_posts, *shown.past_posts)],
        "maintenance": [_work(work) for work in (*shown.works, *shown.past_works)],
    }
    return msgspec.json.encode(told)


def _rendered(
    template: str, shown: PageContent | PageHistory, site: Site, **context: object
) -> bytes:
    page = shown.page
    context |= {
        "page": page,
        "site": site,
        "words": shown.words,
        "language": shown.language.value,
        "languages": _choices(site.histories if "history" in template else site.pages, shown),
        "history": site.histories.get(shown.language, ""),
        "home": site.pages.get(shown.language, ""),
        "is_hidden": page.visibility is not Visibility.PUBLIC,
    }
    zone = ZoneInfo(page.time_zone)
    with timezone.override(zone), translation.override(shown.language.value):
        return render_to_string(template, context).encode()


def _choices(
    links: Mapping[Language, str], shown: PageContent | PageHistory
) -> list[tuple[str, str, str, bool]]:
    """Code, name, link and whether it is this one; nothing where there is no choice."""
    if len(links) < 2:  # noqa: PLR2004 - a choice is between two
        return []
    return [
        (language.value, language.label, link, language is shown.language)
        for language, link in links.items()
    ]


def _block(block: Block) -> dict[str, Any]:
    return {
        "name": block.name,
        "status": block.status,
        "uptime": block.figure.uptime if block.figure else None,
        "components": [_component(one) for one in block.components],
    }


def _component(one: ComponentView) -> dict[str, Any]:
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
        "lesson": post.lesson or None,
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


def _as_calendar(shown: PageContent, site: Site) -> bytes:
    from evenfall.statuspages.queries.calendars import as_calendar  # noqa: PLC0415 - see there

    return as_calendar(shown, site)


_MAKERS: Final[Mapping[str, Callable[[PageContent, Site], bytes]]] = {
    "html": as_html,
    "json": as_json,
    "atom": as_atom,
    "ics": _as_calendar,
}
