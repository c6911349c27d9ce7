"""Titles: one line that says what is wrong, and how alike two of them are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

TITLE_LENGTH: Final = 200
SIMILAR_ENOUGH: Final = 0.25
_WORD = re.compile(r"[^\W_]{2,}")


def one_line(text: str, *, length: int = TITLE_LENGTH) -> str:
    """Fold white space and cut to a length, with an ellipsis where something is missing."""
    folded = " ".join(text.split())
    return folded if len(folded) <= length else folded[: length - 1].rstrip() + "…"


def incident_title(alert_title: str, *, service: str) -> str:
    """The first alert's own words; what joins later never renames an incident people talk about."""
    if title := one_line(alert_title):
        return title
    return one_line(f"Alert on {service}") if service else "Alert without a title"


def headline(title: str, *, lead: str, alert_count: int, open_count: int) -> str:
    """The title as shown in a list: "Disk full on db-1 and 3 more".

    While alerts are open only they count, and `lead`, where it is not empty, names one of them in
    the place of an alert that is over.
    """
    named, count = lead or title, open_count or alert_count
    return f"{named} and {count - 1} more" if count > 1 else named


@dataclass(frozen=True, slots=True)
class Standing:
    """The oldest alert of an incident, and the oldest that is open: their ids, None for none."""

    first: int | None
    first_open: int | None

    def leader(self, *, named_by_person: bool) -> int | None:
        """The alert that must stand for the title; None where the title is true or a person's."""
        return None if named_by_person or self.first_open == self.first else self.first_open


@dataclass(frozen=True, slots=True)
class Candidate:
    incident_id: int
    title: str
    service_id: int | None


def words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def likeness(one: str, other: str) -> float:
    """Jaccard index of the two word sets, 0.0 to 1.0 (Jaccard 1901: shared / all)."""
    mine, theirs = words(one), words(other)
    every = mine | theirs
    return len(mine & theirs) / len(every) if every else 0.0


def similar(
    title: str, *, service_id: int | None, among: Iterable[Candidate], limit: int = 5
) -> Sequence[Candidate]:
    """Return those a person may be about to declare a second time, most alike first.

    The same service counts as much as half of the words: "API down" and "checkout fails" on one
    service are more often one problem than two.
    """
    scored = [(_score(title, service_id, candidate), candidate) for candidate in among]
    alike = [pair for pair in scored if pair[0] >= SIMILAR_ENOUGH]
    alike.sort(key=lambda pair: (-pair[0], -pair[1].incident_id))
    return [candidate for _, candidate in alike[:limit]]


def _score(title: str, service_id: int | None, candidate: Candidate) -> float:
    same_service = service_id is not None and service_id == candidate.service_id
    return likeness(title, candidate.title) + (0.5 if same_service else 0.0)
