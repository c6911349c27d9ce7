"""Asking sources: many queries at once, each answered or with the reason why not."""

import asyncio
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q

from evenfall.platform.http import OutgoingFailed
from evenfall.telemetry import ports, queries
from evenfall.telemetry.errors import SourceNotFound
from evenfall.telemetry.models import MetricSource
from evenfall.telemetry.ports import Access, Answer, Query

AT_ONCE: Final = 16
TIME_LIMIT_S: Final = 10.0
# After so many failures in a row a server is left alone for the rest of the pass: a thousand
# queries to one that hangs would otherwise hold up everybody for ten minutes.
_ENOUGH: Final = 3
_LONGEST_PROBLEM: Final = 300
_GONE: Final = "The metric source is not there any more: choose another one."
_LEFT_ALONE: Final = "The server failed several times in a row and was not asked again this time."
_TOO_SLOW: Final = "The server answers too slowly: not all queries were asked in {seconds:.0f} s."


def read_metrics(
    asked: Sequence[tuple[int, Query]],
    *,
    now: datetime,
    time_limit_s: float = TIME_LIMIT_S,
    whole_limit_s: float = math.inf,
) -> list[Answer]:
    """Ask each source its query; the answers stand in the order of the questions.

    At most sixteen at once of each source, each for `time_limit_s` seconds; after `whole_limit_s`
    nothing more is asked. Never raises for what a server, the network or a removed source does:
    `Answer.problem` says it. Do not call it in a transaction.
    """
    if not asked:
        return []
    accesses = queries.accesses({source_id for source_id, _ in asked})
    found = asyncio.run(_ask_all(asked, accesses, time_limit_s, whole_limit_s))
    _note(asked, found, now)
    return found


def check_query(source_id: int, text: str) -> None:
    """Raise QueryInvalid, which says what is wrong with the query, or SourceNotFound."""
    ports.metric_kind(queries.kind_of(source_id)).check(text)


def fill_query(source_id: int, text: str, values: Mapping[str, str]) -> str:
    """The query with its `$names` filled in. Raises QueryInvalid, SourceNotFound."""
    return ports.metric_kind(queries.kind_of(source_id)).fill(text, values)


def try_source(source_id: int, *, now: datetime) -> str:
    """What the server says of itself; that it does not answer is kept, too.

    Raises SourceNotFound, OutgoingFailed.
    """
    known = queries.accesses([source_id])
    if source_id not in known:
        raise SourceNotFound(source=source_id)
    kind, access = known[source_id]
    try:
        words = asyncio.run(ports.metric_kind(kind).about(access, time_limit_s=TIME_LIMIT_S))
    except OutgoingFailed as error:
        _note_away(source_id, error.message, now)
        raise
    MetricSource.objects.filter(id=source_id).update(asked_at=now, problem="", problem_since=None)
    return words


async def _ask_all(
    asked: Sequence[tuple[int, Query]],
    accesses: Mapping[int, tuple[str, Access]],
    time_limit_s: float,
    whole_limit_s: float,
) -> list[Answer]:
    # of each source, so that one that hangs takes no place of the others
    places = {source_id: asyncio.Semaphore(AT_ONCE) for source_id in accesses}
    until = asyncio.get_running_loop().time() + whole_limit_s
    failures: Counter[int] = Counter()

    async def ask(source_id: int, query: Query) -> Answer:
        if source_id not in accesses:
            return Answer(problem=_GONE)
        kind, access = accesses[source_id]
        async with places[source_id]:
            if asyncio.get_running_loop().time() >= until:
                return Answer(problem=_TOO_SLOW.format(seconds=whole_limit_s), is_away=True)
            if failures[source_id] >= _ENOUGH:
                return Answer(problem=_LEFT_ALONE, is_away=True)
            answer = await ports.metric_kind(kind).read(access, query, time_limit_s=time_limit_s)
        failures[source_id] = failures[source_id] + 1 if answer.is_away else 0
        return answer

    return list(await asyncio.gather(*(ask(*question) for question in asked)))


def _note(asked: Sequence[tuple[int, Query]], found: Sequence[Answer], now: datetime) -> None:
    """Keep how each server stands; a query that is wrong says nothing about its server."""
    away: dict[int, str] = {}
    for (source_id, _), answer in zip(asked, found, strict=True):
        if answer.is_away:
            away.setdefault(source_id, answer.problem)
    well = {source_id for source_id, _ in asked} - away.keys()
    MetricSource.objects.filter(id__in=well).filter(
        Q(asked_at__isnull=True) | Q(asked_at__lt=now)
    ).update(asked_at=now, problem="", problem_since=None)
    for source_id, problem in away.items():
        _note_away(source_id, problem, now)


def _note_away(source_id: int, problem: str, now: datetime) -> None:
    rows = MetricSource.objects.filter(id=source_id)
    rows.filter(problem="").update(problem_since=now)
    rows.update(asked_at=now, problem=problem[:_LONGEST_PROBLEM])
