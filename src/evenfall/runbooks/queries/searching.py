"""Search over titles, tags and texts, with the places where the words stand.

Words are compared as they are written, by their beginnings: runbooks are full of names, in any
language, and a stemmer would take those apart.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F
from msgspec import Struct

from evenfall.runbooks.queries.reading import Filters, RunbookView, filtered, runbook_views

MOST_FOUND: Final = 50
CONFIG: Final = "simple"
_MOST_WORDS = 10
# characters that no stored text has (see checklist.cleaned), so that they mark what was found
_OPEN, _CLOSE = "\ue000", "\ue001"


class Piece(Struct, frozen=True):
    """A part of a fragment; `is_hit` where the searched word stands."""

    text: str
    is_hit: bool


class Found(Struct, frozen=True, kw_only=True):
    """A runbook and the fragments of its text around the words."""

    runbook: RunbookView
    fragment: Sequence[Piece]


def search(text: str, filters: Filters, *, now: datetime) -> list[Found]:
    """The best fifty runbooks that have all the words, the best first."""
    words = re.findall(r"\w+", text)[:_MOST_WORDS]
    if not words:
        return []
    query = SearchQuery(
        " & ".join(f"'{word[:100]}':*" for word in words), search_type="raw", config=CONFIG
    )
    rows = (
        filtered(filters, now=now)
        .filter(search=query)
        .annotate(rank=SearchRank(F("search"), query))
        .defer("search")
        .order_by("-rank", "title", "id")[:MOST_FOUND]
    )
    shown = rows.annotate(
        headline=SearchHeadline(
            "text",
            query,
            config=CONFIG,
            start_sel=_OPEN,
            stop_sel=_CLOSE,
            max_fragments=2,
            max_words=24,
            min_words=8,
            fragment_delimiter=" … ",
        )
    )
    found = list(shown)
    views = runbook_views(found, now=now)
    return [
        Found(runbook=view, fragment=pieces(row.headline))
        for view, row in zip(views, found, strict=True)
    ]


def pieces(headline: str) -> Sequence[Piece]:
    """Take a marked fragment apart; one without a hit is the beginning of a text, left out."""
    if _OPEN not in headline:
        return ()
    parts = re.split(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", headline)
    return [Piece(part, is_hit=at % 2 == 1) for at, part in enumerate(parts) if part]
