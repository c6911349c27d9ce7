"""The same day by the rivals; no database."""

from tests.day import rivals
from tests.day.plan import Day
from tests.day.scoring import Score, score


def beside(day: Day) -> tuple[Score, Score]:
    """The same day by the rivals."""
    grouped = rivals.rings_of(rivals.alertmanager(day))
    return (
        score(day, "Alertmanager", grouped),
        score(day, "Plain dedup", rivals.plain_dedup(day)),
    )
