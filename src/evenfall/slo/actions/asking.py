"""Asking for counts: metric sources with queries, monitors, others by what they registered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from evenfall.monitors import queries as monitors_queries
from evenfall.platform.errors import DomainError
from evenfall.slo.logic.counters import BRIDGE, Line, minutes_of
from evenfall.slo.logic.spec import Origin
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import MINUTE
from evenfall.slo.ports import AskedCounts, Counted, count_reader
from evenfall.telemetry import actions as telemetry
from evenfall.telemetry.ports import Answer, Query, Series

TIME_LIMIT_S: Final = 10.0
WHOLE_LIMIT_S: Final = 45.0
"""Nothing more is asked of a source after so many seconds: the next minute is due by then."""
_NOBODY: Final = "Nobody reads counts of this kind here."
_NO_SOURCE: Final = "No metric source is chosen."
type Question = tuple[int, Query]


def read_counts(
    asked: Sequence[AskedCounts], *, now: datetime, time_limit_s: float = TIME_LIMIT_S
) -> list[Counted]:
    """Read the minutes of many indicators at once; the answers stand in the order asked.

    Never raises for what a source does: `problem` says it. Not within a transaction.
    """
    found: dict[int, Counted] = {}
    by_origin: dict[Origin, list[int]] = defaultdict(list)
    for number, one in enumerate(asked):
        by_origin[one.spec.origin].append(number)
    for origin, numbers in by_origin.items():
        mine = [asked[number] for number in numbers]
        if origin is Origin.METRICS:
            answers = _read_metrics(mine, now, time_limit_s)
        elif origin is Origin.MONITORS:
            answers = _read_monitors(mine)
        else:
            read = count_reader(origin)
            nobody = [Counted(minutes={}, problem=_NOBODY) for _ in mine]
            answers = read(mine, now=now) if read else nobody
        found.update(zip(numbers, answers, strict=True))
    return [found[number] for number in range(len(asked))]


def _read_monitors(asked: Sequence[AskedCounts]) -> list[Counted]:
    """The looks of monitors, those of several added up; one query for all indicators.

    A minute in which none of them looked, or nobody knew, is left out: unknown.
    """
    looks: dict[int, dict[datetime, Tally]] = defaultdict(dict)
    found = monitors_queries.check_counts(
        {number for one in asked for number in one.spec.monitor_ids},
        since=min(one.over.since for one in asked),
        until=max(one.over.until for one in asked),
    )
    for number, minute, good, total in found:
        looks[number][minute] = Tally(good, total)
    return [Counted(minutes=_looks(one, looks)) for one in asked]


def _looks(
    asked: AskedCounts, looks: Mapping[int, Mapping[datetime, Tally]]
) -> dict[datetime, Tally]:
    minutes: dict[datetime, Tally] = {}
    for number in asked.spec.monitor_ids:
        for minute, tally in looks.get(number, {}).items():
            if asked.over.since <= minute < asked.over.until:
                minutes[minute] = minutes.get(minute, Tally()) + tally
    return minutes


def _read_metrics(
    asked: Sequence[AskedCounts], now: datetime, time_limit_s: float
) -> list[Counted]:
    """Equal questions of several indicators are asked once."""
    wanted = [_questions(one) for one in asked]
    questions = list(
        dict.fromkeys(
            question
            for mine in wanted
            if not isinstance(mine, str)
            for question in mine
            if question[1].text
        )
    )
    answers = dict(
        zip(
            questions,
            telemetry.read_metrics(
                questions, now=now, time_limit_s=time_limit_s, whole_limit_s=WHOLE_LIMIT_S
            ),
            strict=True,
        )
    )
    return [
        Counted(minutes={}, problem=mine)
        if isinstance(mine, str)
        else _counted(one, [answers.get(question, Answer()) for question in mine])
        for one, mine in zip(asked, wanted, strict=True)
    ]


def _questions(asked: AskedCounts) -> tuple[Question, Question, Question] | str:
    """Those for query, total and beginnings, the text "" where there is none; or the problem."""
    spec = asked.spec
    if spec.source_id is None:
        return _NO_SOURCE
    has_total = spec.measure.has_total
    lead = BRIDGE if has_total and spec.is_counter else timedelta()
    created = spec.created if lead else ""
    try:
        query, total, began = (
            _question(spec.source_id, asked, text, lead)
            for text in (spec.query, spec.total if has_total else "", created)
        )
    except DomainError as error:
        return error.message
    return query, total, began


def _question(source_id: int, asked: AskedCounts, text: str, lead: timedelta) -> Question:
    """A value at each end of a minute; counters from some minutes before, to tell what is new."""
    filled = telemetry.fill_query(source_id, text, asked.values) if text else ""
    start = asked.over.since - lead if lead else asked.over.since + MINUTE
    return source_id, Query(text=filled, at=asked.over.until, start=start, step=MINUTE)


def _counted(asked: AskedCounts, answers: Sequence[Answer]) -> Counted:
    failed = [answer for answer in answers if answer.problem]
    if failed:
        is_away = any(answer.is_away for answer in failed)
        return Counted(minutes={}, problem=failed[0].problem, is_away=is_away)
    query, total, began = (answer.series for answer in answers)
    minutes = minutes_of(
        asked.spec, _lines(query, began), _lines(total, began), since=asked.over.since
    )
    return Counted(minutes=minutes)


def _lines(series: Sequence[Series], began: Sequence[Series]) -> list[Line]:
    return [
        Line(
            samples=[(_minute(sample.at), sample.value) for sample in one.samples],
            created_at=_created_at(one, began),
        )
        for one in series
    ]


def _minute(at: datetime) -> datetime:
    """The end of a minute that was asked for; servers answer to the millisecond."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _created_at(one: Series, began: Sequence[Series]) -> datetime | None:
    """When this series began: by the series whose labels, where both have one, are the same.

    Of several the one that has most labels in common.
    """
    best, most = None, 0
    for other in began:
        shared = (one.labels.keys() & other.labels.keys()) - {"__name__"}
        is_same = all(one.labels[name] == other.labels[name] for name in shared)
        if is_same and len(shared) > most:
            best, most = other, len(shared)
    if best is None:
        return None
    try:
        return datetime.fromtimestamp(best.last, UTC)
    except (ValueError, OverflowError, OSError):
        return None
