"""Which of these messages still wait for somebody."""

from collections.abc import Collection

from msgspec import Struct

from evenfall.paging.logic.words import Status
from evenfall.paging.models import Page, Participation


class Open(Struct, frozen=True, kw_only=True):
    """The subjects of notices ("page:5", "digest:2") that are open, and those nobody answered."""

    all: frozenset[str]
    unanswered: frozenset[str]


def open_among(subjects: Collection[str]) -> Open:
    """A digest is open, or unanswered, when one of its pages is. Two queries."""
    statuses = _of_pages(_ids(subjects, "page")) | _of_digests(_ids(subjects, "digest"))
    seeking = {
        subject for subject, found in statuses.items() if any(one.is_seeking for one in found)
    }
    return Open(all=frozenset(statuses), unanswered=frozenset(seeking))


def _ids(subjects: Collection[str], noun: str) -> list[int]:
    pairs = (subject.partition(":") for subject in subjects)
    return [int(number) for kind, _, number in pairs if kind == noun and number.isdecimal()]


def _of_pages(ids: Collection[int]) -> dict[str, list[Status]]:
    rows = Page.objects.filter(id__in=ids, ended_at=None).values_list("id", "status")
    return {f"page:{page_id}": [Status(status)] for page_id, status in rows}


def _of_digests(ids: Collection[int]) -> dict[str, list[Status]]:
    found: dict[str, list[Status]] = {}
    rows = Participation.objects.filter(digest_id__in=ids, page__ended_at=None)
    for digest_id, status in rows.values_list("digest_id", "page__status"):
        found.setdefault(f"digest:{digest_id}", []).append(Status(status))
    return found
