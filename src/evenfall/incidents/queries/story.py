"""The story of an incident, read from the journal."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import events
from evenfall.incidents.logic import story
from evenfall.incidents.logic.sentences import Fact, Names
from evenfall.incidents.logic.story import Line
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PageView
from evenfall.platform import journal
from evenfall.platform.journal import Entry

MOST_FACTS: Final = 500
MORE_PAGED: Final = events.MorePaged.kind
SEVERITY_CHANGED: Final = events.SeverityChanged.kind
_PLACES: Final = {"alert": "/alerts/{}/", "page": "/pages/{}/", "incident": "/incidents/{}/"}


class Told(Struct, frozen=True, kw_only=True):
    """A line of the story with the address of what it is about, empty when that is this incident.

    `folded` are the lines that this one stands for.
    """

    line: Line
    href: str
    folded: tuple["Told", ...] = ()


def incident_story(incident_id: int) -> Sequence[Told]:
    """Return what happened to an incident and to its pages, oldest first.

    The newest 500 facts of each are told. A fixed number of queries, and one for each page.
    """
    mine = f"incident:{incident_id}"
    entries = journal.recent(subject=mine, limit=MOST_FACTS)
    for page_id in sorted(_page_ids(mine, entries)):
        entries += journal.recent(subject=f"page:{page_id}", limit=MOST_FACTS)
    return told(entries, mine)


def told(entries: Iterable[Entry], mine: str, *, marked: Collection[int] = ()) -> list[Told]:
    """Return these entries of the journal in words, as the story of the subject `mine`.

    Those in `marked` are told even where another one says more.
    """
    facts = [_fact(entry) for entry in entries]
    return [_told(line, mine) for line in story.tell(facts, _names(facts), marked=marked)]


def subjects_of(incident_id: int) -> list[str]:
    """Return the incident and its pages, as the journal names them."""
    mine = f"incident:{incident_id}"
    more = journal.recent(subject=mine, kinds=[MORE_PAGED])
    return [mine, *(f"page:{page_id}" for page_id in sorted(_page_ids(mine, more)))]


def pages_of(incident_id: int, *, known: Iterable[Entry] | None = None) -> list[PageView]:
    """Return the incident's own pages and those of people called in addition, newest first.

    `known` are its `steering_facts`; without, they are read.
    """
    own = paging_queries.pages_for([f"incident:{incident_id}"])
    called = _called(steering_facts(incident_id) if known is None else known)
    pages = [*own, *(paging_queries.page(page_id) for page_id in called)]
    return sorted(pages, key=lambda page: page.id, reverse=True)


def steering_facts(incident_id: int) -> list[Entry]:
    """Return who was called in addition and how bad it was, newest first: for the other readers."""
    kinds = [MORE_PAGED, SEVERITY_CHANGED]
    return journal.recent(subject=f"incident:{incident_id}", kinds=kinds, limit=MOST_FACTS)


def _page_ids(mine: str, entries: Sequence[Entry]) -> set[int]:
    return {page.id for page in paging_queries.pages_for([mine])} | _called(entries)


def _called(entries: Iterable[Entry]) -> set[int]:
    return {entry.data["page_id"] for entry in entries if entry.kind == MORE_PAGED}


def _fact(entry: Entry) -> Fact:
    return Fact(
        id=entry.id,
        at=entry.at,
        kind=entry.kind,
        actor=entry.actor,
        subjects=entry.subjects,
        data=entry.data,
    )


def _names(facts: Sequence[Fact]) -> Names:
    return Names(
        people=identity_queries.names(_people_in(facts)),
        actors=identity_queries.actor_names({fact.actor for fact in facts}),
    )


def _people_in(facts: Iterable[Fact]) -> Iterable[int]:
    for fact in facts:
        named = [fact.data, *fact.data.get("people", ())]
        yield from (one["user_id"] for one in named if isinstance(one.get("user_id"), int))


def _told(line: Line, mine: str) -> Told:
    return Told(
        line=line,
        href=next((place for place in map(_place, line.subjects) if place), "")
        if line.subjects[0] != mine
        else "",
        folded=tuple(_told(inner, mine) for inner in line.folded),
    )


def _place(subject: str) -> str:
    noun, _, number = subject.partition(":")
    return _PLACES[noun].format(number) if noun in _PLACES else ""
