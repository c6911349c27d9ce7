"""Titles: one line that says what is wrong."""

from typing import Final

from msgspec import Struct

TITLE_LENGTH: Final = 200


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


class Standing(Struct, frozen=True):
    """The oldest alert of an incident, and the oldest that is open: their ids, None for none."""

    first: int | None
    first_open: int | None

    def leader(self, *, named_by_person: bool) -> int | None:
        """The alert that must stand for the title; None where the title is true or a person's."""
        return None if named_by_person or self.first_open == self.first else self.first_open
