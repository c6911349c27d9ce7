"""Proposals are looked for every night: in the pages, and in the alerts, of the last four weeks.

What each would have done is counted at once, from what it stands on, and kept with it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.insights.actions.gathering import (
    About,
    Named,
    endless,
    named_problems,
    needed,
    twinned,
)
from evenfall.insights.logic import proposals
from evenfall.insights.logic.proposals import (
    LOOKED_AT,
    Kind,
    Looking,
    Problem,
    State,
    Suggestion,
)
from evenfall.insights.models import Proposal
from evenfall.insights.queries.evidence import paged_problems
from evenfall.monitors import queries as monitors_queries

_LOOKING_KINDS: Final = frozenset({"heartbeat", "backup", "drift"})
"""Kinds that are told something: more bad looks mean nothing to them."""
_NEEDS_A_LABEL: Final = frozenset({Kind.SILENCE, Kind.INHIBIT})
"""Matchers see labels; a summary is none."""
_CAUSED: Final = frozenset({Kind.INHIBIT, Kind.TWIN})


def find_proposals(*, now: datetime) -> int:
    """Look for what would spare pages; return how many proposals are open then.

    What is still true keeps its number; what is not any more goes, unless it was applied or
    dismissed. What was dismissed until a day that has come is open again.
    """
    services = catalog_queries.services()
    read = paged_problems(now)
    named = named_problems(read, services)
    monitors = _monitors(named.values())
    problems = [
        Problem(key=key, pages=pages, monitor=monitors.get(named[key].monitor_id or 0))
        for key, pages in read.items()
        if key in named
    ]
    found = [one for problem in problems for one in proposals.suggestions(problem)]
    needs = needed(named, services, now)
    pairs = {(one.change["service_id"], one.change["cause_id"]) for one in needs}
    found += [one for one in proposals.inhibitions(problems) if not _is_said(one, named, pairs)]
    found += needs
    found += twinned(named, services, now, {one.problem for one in found if one.kind in _CAUSED})
    found += endless(named, services, now)
    with transaction.atomic():
        return _save([one for one in found if _is_possible(one, named)], named, now)


def _monitors(named: Iterable[About]) -> dict[int, Looking]:
    ids = {one.monitor_id for one in named if one.monitor_id}
    found = monitors_queries.monitors(ids) if ids else {}
    return {
        number: Looking(monitor_id=number, interval_s=view.interval_s, bad_needed=view.bad_needed)
        for number, view in found.items()
        if not view.is_removed and view.kind not in _LOOKING_KINDS
    }


def _is_possible(one: Suggestion, named: Named) -> bool:
    """Whether it would spare a page, and there are words for it.

    What nothing ends pages nobody, so nothing is asked of it there. Matchers need a label, and
    the cause one as well.
    """
    if not one.spared and one.kind is not Kind.END:
        return False
    needed = [one.problem] + ([str(one.change["cause"])] if one.kind in _CAUSED else [])
    return one.kind not in _NEEDS_A_LABEL or all(named[key].is_named for key in needed)


def _is_said(one: Suggestion, named: Named, needs: Collection[tuple[int | str, int | str]]) -> bool:
    """Whether that one service needs the other says it better, for all that is to come."""
    symptom, cause = named[one.problem], named[str(one.change["cause"])]
    return (symptom.service_id or 0, cause.service_id or 0) in needs


def _save(found: Collection[Suggestion], named: Named, now: datetime) -> int:
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


def _row(one: Suggestion, named: Named, now: datetime) -> Proposal:
    about = named[one.problem]
    change = dict(one.change) | _words(about, "")
    if one.kind in _CAUSED:
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
            "counts": dict(one.counts),
        },
        spared=one.spared,
        found_at=now,
        state_at=now,
    )


def _words(about: About, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}name": about.name,
        f"{prefix}by_label": about.is_named,
        f"{prefix}service": about.service,
        f"{prefix}environment": about.environment,
    }
