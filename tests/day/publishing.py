"""Writes the figures of a day into its page of the documentation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.day import report
from tests.day.plan import Day
from tests.day.scoring import Score

PAGE: Final = "explanation/a-day-of-alerts.md"
PICTURE: Final = "images/a-day-of-alerts.svg"


def publish(day: Day, scores: Sequence[Score], docs: Path) -> None:
    """Replace the tables between their marks, and the picture."""
    page = docs / PAGE
    text = page.read_text()
    for name, table in tables(day, scores).items():
        text = replaced(text, name, table)
    page.write_text(text)
    (docs / PICTURE).write_text(report.picture(scores))


def tables(day: Day, scores: Sequence[Score]) -> dict[str, str]:
    return {"scores": report.markdown(scores), "contents": report.contents(day)}


def replaced(text: str, name: str, table: str) -> str:
    """Return the page with another table; raises ValueError without the marks for it."""
    before, found, rest = text.partition(f"<!-- {name} -->\n")
    _, ends, after = rest.partition(f"<!-- /{name} -->")
    if not (found and ends):
        raise ValueError(f"the page has no place for {name}: write <!-- {name} --> around one")
    return f"{before}{found}{table}\n{ends}{after}"
