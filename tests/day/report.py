"""The day in words, tables and bars: for a terminal, for the documentation, as a picture."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Final

from tests.day.plan import Day, Sender
from tests.day.scoring import HOURS, Score

BAR: Final = 40
_HEAD: Final = (
    *("way of paging", "pages", "per real problem", "precision", "recall", "at night"),
    *("usual wait", "longest"),
)
_COLOURS: Final = ("#2f7d5b", "#b0772b", "#8a8f98")
_TITLE: Final = "Pages by hour of the same day"
_LOOK: Final = f'role="img" aria-label="{_TITLE}" font-family="sans-serif" font-size="13"'
_WIDTH, _ROW, _LEFT, _TOP = 760, 120, 150, 44


def rows(scores: Sequence[Score]) -> list[tuple[str, ...]]:
    """The cells of the table, without its head."""
    return [
        (
            one.name,
            f"{one.pages:,}",
            f"{one.per_problem:.2f}",
            f"{one.precision:.1%}",
            f"{one.recall:.1%}",
            f"{one.at_night:,}",
            f"{one.usual_wait_s:.0f} s",
            f"{one.longest_wait_s / 60:.1f} min",
        )
        for one in scores
    ]


def markdown(scores: Sequence[Score]) -> str:
    """The table as it stands in the documentation."""
    table = (_HEAD, tuple("---" for _ in _HEAD), *rows(scores))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def contents(day: Day) -> str:
    """What was planted, by story, as a table."""
    problems = Counter(one.story for one in day.problems.values())
    incidents = Counter(one.story for one in day.incidents)
    pages = Counter(one.story for one in day.incidents for call in one.calls if call.is_urgent)
    lines = ["| what happens | real problems | incidents | pages |", "|---|---|---|---|"]
    lines += [
        f"| {story} | {problems[story]} | {count} | {pages[story]} |"
        for story, count in sorted(incidents.items(), key=lambda one: (-one[1], one[0]))
    ]
    lines.append(f"| **together** | {problems.total()} | {incidents.total()} | {pages.total()} |")
    return "\n".join(lines)


def terminal(day: Day, scores: Sequence[Score]) -> str:
    """The whole report for a terminal."""
    repeats = sum(not (one.is_first or one.is_over) for one in day.signals)
    batch = sum(one.firing.sender is Sender.BATCH for one in day.signals)
    told = (
        f"{len(day.signals):,} signals of {len(day.firings):,} alerts, {repeats:,} of them repeats,"
        f" {batch:,} from batch jobs; {len(day.problems)} real problems (seed {day.seed})"
    )
    table = [_HEAD, *rows(scores)]
    widths = [max(len(cells[place]) for cells in table) for place in range(len(_HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        for cells in table
    ]
    most = max((one.pages for one in scores), default=0) or 1
    bars = [
        f"{one.name.ljust(widths[0])}  {'█' * max(1, round(BAR * one.pages / most))} {one.pages:,}"
        for one in scores
    ]
    return "\n".join([told, "", *lines, "", *bars])


def verdict(day: Day, wrong: Sequence[str]) -> str:
    """Whether the day ended as planted; everything that did not, one line each."""
    if wrong:
        return "\n".join([f"{len(wrong)} things are not as planted:", *wrong])
    calls = sum(call.is_urgent for one in day.incidents for call in one.calls)
    return f"Exactly as planted: {len(day.incidents)} incidents and {calls} pages."


def picture(scores: Sequence[Score]) -> str:
    """Pages by hour, one row for each way, as an SVG that can be read on light and dark."""
    most = max((max(one.by_hour) for one in scores), default=0) or 1
    height = _TOP + _ROW * len(scores) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_LOOK}>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="26" font-size="15" fill="#1c2024">{_TITLE}</text>',
    ]
    for place, one in enumerate(scores):
        parts += _row(one, _TOP + _ROW * place, most, _COLOURS[place % len(_COLOURS)])
    step = (_WIDTH - _LEFT - 16) / HOURS
    for hour in range(0, HOURS, 3):
        x = _LEFT + step * hour
        parts.append(f'<text x="{x:.0f}" y="{height - 10}" fill="#5a6068">{hour:02d}:00</text>')
    return "\n".join([*parts, "</svg>", ""])


def _row(one: Score, top: float, most: int, colour: str) -> list[str]:
    step = (_WIDTH - _LEFT - 16) / HOURS
    base, room = top + _ROW - 14, _ROW - 34
    parts = [
        f'<text x="16" y="{base - 22}" fill="#1c2024">{escape(one.name)}</text>',
        f'<text x="16" y="{base - 4}" fill="#5a6068">{one.pages:,} pages</text>',
        f'<line x1="{_LEFT}" x2="{_WIDTH - 16}" y1="{base}" y2="{base}" stroke="#c8ccd2"/>',
    ]
    for hour, pages in enumerate(one.by_hour):
        if pages:
            x, high = _LEFT + step * hour + 2, room * pages / most
            parts.append(
                f'<rect x="{x:.1f}" y="{base - high:.1f}" width="{step - 4:.1f}"'
                f' height="{high:.1f}" fill="{colour}"/>'
            )
            parts.append(
                f'<text x="{x + step / 2 - 2:.1f}" y="{base - high - 3:.1f}" font-size="10"'
                f' text-anchor="middle" fill="#5a6068">{pages}</text>'
            )
    return parts
