"""The figures of the noise audit: what each counts, in words that stand beside it."""

from typing import Final

from msgspec import Struct


class Counts(Struct, frozen=True, kw_only=True):
    """Pages of high urgency of one period. Times in seconds; None where nobody acknowledged.

    `problems` are different incidents that somebody acted on, `nights` those of persons in which
    a page called them; None where nobody asked.
    """

    pages: int = 0
    acted: int = 0
    unanswered: int = 0
    only_seen: int = 0
    healed: int = 0
    again: int = 0
    flapping: int = 0
    not_actionable: int = 0
    night: int = 0
    problems: int = 0
    acknowledged: int = 0
    ack_median_s: float | None = None
    ack_p90_s: float | None = None
    nights: int | None = None

    @property
    def pages_a_problem(self) -> float | None:
        """How many pages one real problem costs; None without one."""
        return self.pages / self.problems if self.problems else None

    @property
    def idle(self) -> int:
        """Pages for which nobody did anything."""
        return self.pages - self.acted

    def percent(self, name: str) -> float | None:
        """The share of a count among all pages; None without any."""
        return 100 * int(getattr(self, name)) / self.pages if self.pages else None


class FigureWords(Struct, frozen=True):
    """The name of a count, and what is counted."""

    name: str
    label: str
    meaning: str


FIGURES: Final = (
    FigureWords("pages", "Pages", "Pages of high urgency, each once, however many were called."),
    FigureWords(
        "acted",
        "Acted on",
        "Somebody did more than acknowledge: worked on it, noted, took a role or a task, changed "
        "the severity, asked for help, or ended it.",
    ),
    FigureWords(
        "unanswered", "Nobody answered", "Nobody acknowledged, and nobody did anything else."
    ),
    FigureWords(
        "only_seen", "Seen, nothing done", "Acknowledged, and then nobody did anything else."
    ),
    FigureWords(
        "healed",
        "Over by itself",
        "Its source said within five minutes that it is over, and nobody had done anything.",
    ),
    FigureWords(
        "again",
        "Again",
        "The same problem had paged less than thirty minutes before.",
    ),
    FigureWords("flapping", "Flapping", "The alert came and went, and was held open for it."),
    FigureWords(
        "not_actionable", "Not actionable", "Somebody said that nobody should have been called."
    ),
    FigureWords(
        "night",
        "At night",
        "It called somebody in their night: 22:00 to 07:00 on the wall where they live, unless "
        "their team says otherwise.",
    ),
)
NAMES: Final = frozenset(one.name for one in FIGURES)


def change_words(now: float | None, before: float | None) -> str:
    """How a figure moved against the period before; "" where either is unknown."""
    if now is None or before is None:
        return ""
    if now == before:
        return "as before"
    word = "more" if now > before else "fewer"
    return f"{abs(now - before):g} {word} than {before:g} before"
