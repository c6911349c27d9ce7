"""What a budget allows, who spent it, what was said of it, and how it went."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.slo import errors, ports
from evenfall.slo.logic.charges import Charged, Interval, split
from evenfall.slo.logic.policy import may_pass
from evenfall.slo.logic.states import BudgetState, Cause, CorrectionKind, ExceptionKind
from evenfall.slo.logic.tallies import burn
from evenfall.slo.logic.windows import Bounds
from evenfall.slo.models import BudgetException, Charge, Correction, Firing, Objective
from evenfall.slo.queries.histories import rest_by_hour
from evenfall.slo.queries.sums import minutes
from evenfall.slo.queries.tracking import Tracked, tracked, whole_parts

MOST: Final = 200


class BudgetStanding(Struct, frozen=True, kw_only=True):
    """What one objective says to whoever wants to release. `rest` None is unknown.

    `may_pass` holds unless the budget is frozen and no approved exception holds; `reason` says
    it in a line.
    """

    objective_id: int
    name: str
    service_id: int
    environment: str
    state: BudgetState
    state_at: datetime | None
    rest: float | None
    evaluated_at: datetime | None
    may_pass: bool
    exception_id: int | None
    exception_until: datetime | None
    reason: str


class CorrectionView(Struct, frozen=True, kw_only=True):
    id: int
    kind: CorrectionKind
    starts_at: datetime
    ends_at: datetime
    reason: str
    by: str
    at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


class FiringView(Struct, frozen=True, kw_only=True):
    """An alert of an objective: `kind` is page, ticket, absent or exhausted."""

    id: int
    kind: str
    pair: str
    long: int | None
    short: int | None
    factor: float | None
    burn_long: float | None
    burn_short: float | None
    said: str
    started_at: datetime
    ended_at: datetime | None


class Spending(Struct, frozen=True, kw_only=True):
    """Who spent the budget of a time: each `bad` is a share of the whole budget, as is `spent`."""

    over: Bounds
    spent: float
    parts: tuple[Charged, ...]


def budget_states(service_ids: Collection[int], *, now: datetime) -> list[BudgetStanding]:
    """The budgets of all objectives of these services, by name; two queries."""
    rows = Objective.objects.filter(service_id__in=service_ids, archived_at=None)
    rows = rows.select_related("standing").order_by("name", "id")
    holding = _holding([row.pk for row in rows], now)
    return [_budget_standing(row, holding.get(row.pk), now) for row in rows]


def corrections(objective_id: int) -> list[CorrectionView]:
    """The newest first, withdrawn ones too."""
    rows = list(
        Correction.objects.filter(objective_id=objective_id).order_by("-starts_at", "-id")[:MOST]
    )
    names = identity_queries.names(
        number for row in rows for number in (row.by_id, row.withdrawn_by_id)
    )
    return [
        CorrectionView(
            id=row.pk,
            kind=CorrectionKind(row.kind),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            reason=row.reason,
            by=_name(names, row.by_id),
            at=row.at,
            withdrawn_by=_name(names, row.withdrawn_by_id),
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    ]


def firings(objective_id: int, *, limit: int = 50) -> list[FiringView]:
    """The alerts of an objective, the newest first."""
    rows = Firing.objects.filter(objective_id=objective_id).order_by("-started_at", "-id")
    return [
        FiringView(
            id=row.pk,
            kind=row.kind,
            pair=row.pair,
            long=row.long,
            short=row.short,
            factor=row.factor,
            burn_long=row.burn_long,
            burn_short=row.burn_short,
            said=row.said,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )
        for row in rows[:limit]
    ]


def spending(objective_id: int, *, now: datetime) -> Spending:
    """Who spent the budget of the window so far, corrections left out.

    Raises ObjectiveNotFound.
    """
    item = tracked_one(objective_id, at=now)
    whole = whole_parts(item)
    totals = [part.tally.total for part in whole]
    known = minutes([track.series_id for track in item.tracks], item.over)
    bad: dict[datetime, float] = defaultdict(float)
    for track, total in zip(item.tracks, totals, strict=True):
        for at, tally in known[track.series_id].items():
            if tally.bad > 0 and total > 0 and not _is_removed(item, at):
                bad[at] += track.weight * tally.bad / (track.allowed * total)
    parts = split(bad, _causes(item.row.service_id, item.over))
    return Spending(over=item.over, spent=burn(whole) or 0.0, parts=tuple(parts))


def history(objective_id: int, *, now: datetime) -> list[tuple[datetime, float | None]]:
    """What was left of the budget at the end of each hour of the window, corrections left out.

    Shares of the budget; None where nothing was known. Raises ObjectiveNotFound.
    """
    return rest_by_hour(tracked_one(objective_id, at=now))


def tracked_one(objective_id: int, *, at: datetime) -> Tracked:
    """Raises ObjectiveNotFound."""
    row = Objective.objects.prefetch_related("members").filter(id=objective_id).first()
    if row is None:
        raise errors.ObjectiveNotFound(objective=objective_id)
    edge = at.replace(second=0, microsecond=0)
    return tracked([row], at=edge)[0]


def _holding(objective_ids: Sequence[int], now: datetime) -> dict[int, BudgetException]:
    """Of each objective the approved exception that holds longest."""
    rows = _holding_rows(now).filter(objective_id__in=objective_ids).order_by("ends_at")
    return {row.objective_id: row for row in rows}


def _holding_rows(now: datetime) -> QuerySet[BudgetException]:
    approved = Q(approved_at__isnull=False, revoked_at=None)
    return BudgetException.objects.filter(approved, ends_at__gt=now)


def _budget_standing(
    row: Objective, exception: BudgetException | None, now: datetime
) -> BudgetStanding:
    standing = getattr(row, "standing", None)
    state = BudgetState(standing.state) if standing else BudgetState.UNKNOWN
    spent = standing.spent_forecast if standing else None
    rest = None if spent is None else 1 - spent
    until = exception.ends_at if exception else None
    return BudgetStanding(
        objective_id=row.pk,
        name=row.name,
        service_id=row.service_id,
        environment=row.environment,
        state=state,
        state_at=standing.state_at if standing else None,
        rest=rest,
        evaluated_at=standing.evaluated_at if standing else None,
        may_pass=may_pass(state, exception_until=until, now=now),
        exception_id=exception.pk if exception else None,
        exception_until=until,
        reason=_reason(row.name, state, rest, exception),
    )


def _reason(
    name: str, state: BudgetState, rest: float | None, exception: BudgetException | None
) -> str:
    left = "nothing is known of it yet" if rest is None else f"{rest:.1%} of it is left"
    words = f"The error budget of {name} is {state.value}: {left}."
    if state is BudgetState.FROZEN and exception is not None:
        kind = ExceptionKind(exception.kind).value.replace("_", " ")
        words += f" An exception ({kind}) holds until {exception.ends_at:%Y-%m-%d %H:%M} UTC."
    return words


def _causes(service_id: int, over: Bounds) -> list[Interval]:
    """What was told and what is registered; the same thing from both counts once."""
    rows = Charge.objects.filter(service_id=service_id, starts_at__lt=over.until)
    rows = rows.filter(Q(ends_at=None) | Q(ends_at__gt=over.since)).order_by("starts_at", "id")
    told = [
        Interval(
            kind=Cause(row.kind),
            reference=row.reference,
            since=row.starts_at,
            until=row.ends_at,
            title=row.title,
            url=row.url,
        )
        for row in rows
    ]
    found = {(one.kind, one.reference): one for one in told}
    for one in ports.causes([service_id], over)[service_id]:
        found.setdefault((one.kind, one.reference), one)
    return list(found.values())


def _is_removed(item: Tracked, at: datetime) -> bool:
    return any(since <= at < until for since, until in item.removed)


def _name(names: Mapping[int, str], number: int | None) -> str:
    return "" if number is None else names.get(number, "")
