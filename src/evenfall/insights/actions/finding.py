"""Proposals are looked for every night, in the pages of the last four weeks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.insights.logic import proposals
from evenfall.insights.logic.proposals import (
    CRITICAL,
    LEAST,
    LOOKED_AT,
    Kind,
    Looking,
    Problem,
    State,
    Suggestion,
    Woken,
)
from evenfall.insights.models import PagedOnce, Proposal
from evenfall.monitors import queries as monitors_queries

MOST_PROBLEMS: Final = 1000
MOST_PAGES: Final = 2000
"""Of one problem; the newest say enough."""
_LOOKING_KINDS: Final = frozenset({"heartbeat", "backup", "drift"})
"""Kinds that are told something: more bad looks mean nothing to them."""
_NEEDS_A_LABEL: Final = frozenset({Kind.SILENCE, Kind.INHIBIT})
"""Matchers see labels; a summary is none."""

_PAGES: Final = """
WITH noisy AS (
    SELECT problem FROM insights_paged
     WHERE started_at >= %(since)s AND started_at < %(until)s AND alert_id IS NOT NULL
     GROUP BY problem HAVING count(*) >= %(least)s ORDER BY count(*) DESC LIMIT %(problems)s
), placed AS (
    SELECT paged.*,
           row_number() OVER (PARTITION BY problem ORDER BY started_at DESC, page_id DESC) AS place,
           lag(ended_at) OVER before AS last_ended, lag(page_id) OVER before AS last_id
      FROM insights_paged paged JOIN noisy USING (problem)
     WHERE started_at >= %(since)s AND started_at < %(until)s
    WINDOW before AS (PARTITION BY problem ORDER BY started_at, page_id)
)
SELECT problem, started_at, over_s, after_s,
       last_id IS NOT NULL AND (last_ended IS NULL OR last_ended > started_at),
       is_acted, is_night, severity, is_not_actionable, page_id
  FROM placed WHERE place <= %(pages)s ORDER BY problem, started_at, page_id
"""


@dataclass(frozen=True, slots=True)
class _Named:
    """What a problem is called and whose it is, by its newest page."""

    row: PagedOnce
    service: str


def find_proposals(*, now: datetime) -> int:
    """Look for what would spare pages; return how many proposals are open then.

    What is still true keeps its number; what is not any more goes, unless it was applied or
    dismissed. What was dismissed until a day that has come is open again.
    """
    read = _read(now)
    named = _named(read)
    monitors = _monitors(named.values())
    problems = [
        Problem(key=key, pages=pages, monitor=monitors.get(named[key].row.monitor_id or 0))
        for key, pages in read.items()
        if key in named
    ]
    found = [one for problem in problems for one in proposals.suggestions(problem)]
    found += proposals.inhibitions(problems)
    with transaction.atomic():
        return _save([one for one in found if _is_possible(one, named)], named, now)


def _read(now: datetime) -> dict[str, list[Woken]]:
    asked: dict[str, datetime | int] = {
        "since": now - LOOKED_AT,
        "until": now,
        "least": LEAST,
        "problems": MOST_PROBLEMS,
        "pages": MOST_PAGES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGES, asked)
        rows = cursor.fetchall()
    return {key: [_woken(row) for row in own] for key, own in groupby(rows, lambda row: row[0])}


def _woken(row: tuple[Any, ...]) -> Woken:
    _, at, over_s, after_s, was_open, is_acted, is_night, severity, not_actionable, _ = row
    return Woken(
        at=at,
        over_s=over_s,
        after_s=after_s,
        was_open=was_open,
        is_acted=is_acted,
        is_night=is_night,
        is_critical=severity == CRITICAL,
        is_not_actionable=not_actionable,
    )


def _named(keys: Collection[str]) -> dict[str, _Named]:
    rows = PagedOnce.objects.filter(problem__in=list(keys)).order_by("problem", "-started_at")
    newest = list(rows.distinct("problem"))
    services = catalog_queries.services({row.service_id for row in newest if row.service_id})
    slugs = {number: service.slug for number, service in services.items()}
    return {row.problem: _Named(row, slugs.get(row.service_id or 0, "")) for row in newest}


def _monitors(named: Iterable[_Named]) -> dict[int, Looking]:
    ids = {one.row.monitor_id for one in named if one.row.monitor_id}
    found = monitors_queries.monitors(ids) if ids else {}
    return {
        number: Looking(monitor_id=number, interval_s=view.interval_s, bad_needed=view.bad_needed)
        for number, view in found.items()
        if not view.is_removed and view.kind not in _LOOKING_KINDS
    }


def _is_possible(one: Suggestion, named: Mapping[str, _Named]) -> bool:
    """Whether there are words for it: matchers need a label, and the cause one as well."""
    needed = [one.problem] + ([str(one.change["cause"])] if one.kind is Kind.INHIBIT else [])
    return one.kind not in _NEEDS_A_LABEL or all(named[key].row.is_named for key in needed)


def _save(found: Collection[Suggestion], named: Mapping[str, _Named], now: datetime) -> int:
    live = {
        (row.kind, row.problem): row
        for row in Proposal.objects.select_for_update().exclude(state=State.UNDONE.value)
    }
    fresh = [_row(one, named, now) for one in found]
    new = [row for row in fresh if (row.kind, row.problem) not in live]
    known = [(live[row.kind, row.problem], row) for row in fresh if (row.kind, row.problem) in live]
    for old, row in known:
        _renew(old, row, now)
    wanted = {(row.kind, row.problem) for row in fresh}
    gone = [
        row.pk for key, row in live.items() if key not in wanted and row.state == State.OPEN.value
    ]
    Proposal.objects.filter(id__in=gone).delete()
    Proposal.objects.bulk_create(new)
    Proposal.objects.bulk_update(
        [old for old, _ in known],
        ["state", "change", "evidence", "spared", "found_at", "name", "team_id"],
    )
    return len(new) + sum(old.state == State.OPEN.value for old, _ in known)


def _renew(old: Proposal, row: Proposal, now: datetime) -> None:
    """Take the newer figures, unless somebody acted on those there are."""
    if old.state == State.DISMISSED.value and old.until is not None and old.until <= now:
        old.state = State.OPEN.value
    if old.state == State.OPEN.value:
        for name in ("change", "evidence", "spared", "found_at", "name", "team_id"):
            setattr(old, name, getattr(row, name))


def _row(one: Suggestion, named: Mapping[str, _Named], now: datetime) -> Proposal:
    about = named[one.problem].row
    change = dict(one.change) | _words(named[one.problem], "")
    if one.kind is Kind.INHIBIT:
        change |= _words(named[str(one.change["cause"])], "cause_")
    return Proposal(
        kind=one.kind.value,
        problem=one.problem,
        name=about.name,
        service_id=about.service_id,
        team_id=about.team_id,
        change=change | {"rule_id": about.rule_id},
        evidence={
            "why": one.why,
            "days": LOOKED_AT.days,
            "pages": one.pages,
            "spared": one.spared,
            "nights": one.nights,
            "acted": one.acted,
            "critical": one.critical,
        },
        spared=one.spared,
        found_at=now,
        state_at=now,
    )


def _words(about: _Named, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}name": about.row.name,
        f"{prefix}by_label": about.row.is_named,
        f"{prefix}service": about.service,
        f"{prefix}environment": about.row.environment,
    }
