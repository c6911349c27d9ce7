"""Proposals as people see them, and what came of those that were applied."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports import Matcher, Operator
from evenfall.alerting.queries import AskedName
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.insights import errors
from evenfall.insights.logic.effects import Effect, effect
from evenfall.insights.logic.proposals import LOOKED_AT, Kind, State
from evenfall.insights.models import PagedOnce, Proposal
from evenfall.insights.queries.evidence import AskedPair, following_around

MOST: Final = 200
BEFORE: Final = LOOKED_AT
SHOWN_BEFORE: Final = timedelta(weeks=8)
SHOWN_AFTER: Final = timedelta(weeks=12)
_SITE_KINDS: Final = frozenset(
    {Kind.TICKET, Kind.LOW, Kind.GROUP, Kind.INHIBIT, Kind.WAIT, Kind.TWIN}
)

_COUNTED_OTHERWISE: Final = frozenset({Kind.NEEDS.value, Kind.END.value})


class ProposalView(Struct, frozen=True, kw_only=True):
    """One proposal; `evidence` and `change` as stored, `effect` once it was applied."""

    id: int
    kind: Kind
    state: State
    name: str
    problem: str
    service: ServiceView | None
    team_id: int | None
    change: Mapping[str, Any]
    evidence: Mapping[str, Any]
    found_at: datetime
    state_at: datetime
    state_by: str
    reason: str
    until: datetime | None
    applied_at: datetime | None
    applied_by: str
    made: Mapping[str, Any]
    effect: Effect | None

    @property
    def is_risky(self) -> bool:
        """Whether it would have hidden critical pages that somebody acted on."""
        return bool(self.evidence.get("critical"))

    @property
    def unit(self) -> str:
        """What its effect counts."""
        return "alerts" if self.kind is Kind.END else "pages"


def proposals(
    state: State, *, team_ids: Collection[int] | None = None, now: datetime, limit: int = MOST
) -> list[ProposalView]:
    """Those that would spare most first; of these teams, when given. Four queries."""
    rows = Proposal.objects.filter(state=state.value)
    if team_ids is not None:
        rows = rows.filter(team_id__in=team_ids)
    return _views(list(rows.order_by("-spared", "-id")[:limit]), now)


def proposal(proposal_id: int, *, now: datetime) -> ProposalView:
    """Raise ProposalNotFound when there is none."""
    rows = list(Proposal.objects.filter(id=proposal_id))
    if not rows:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    return _views(rows, now)[0]


def proposal_counts() -> dict[State, int]:
    found = dict(Proposal.objects.values_list("state").annotate(Count("id")).order_by())
    return {state: found.get(state.value, 0) for state in State}


def effect_weeks(
    view: ProposalView, *, zone: ZoneInfo, now: datetime
) -> list[tuple[datetime, int]]:
    """Pages of the problem week by week, from eight weeks before it was applied; [] before."""
    if view.applied_at is None:
        return []
    until = min(now, view.applied_at + SHOWN_AFTER)
    rows = PagedOnce.objects.filter(
        problem=view.problem, started_at__gte=view.applied_at - SHOWN_BEFORE, started_at__lt=until
    )
    found = rows.annotate(week=TruncWeek("started_at", tzinfo=zone)).values_list("week")
    return list(found.annotate(n=Count("page_id")).order_by("week"))


def check_may_decide(viewer: Viewer, view: ProposalView) -> None:
    """Raise `Forbidden` unless whoever asks could make this change by hand as well."""
    team_id = view.service.team_id if view.service else None
    if view.kind in _SITE_KINDS:
        viewer.check(Permission.MANAGE)
    elif view.kind is Kind.END:
        viewer.check(Permission.ADMINISTER)
    elif view.kind is Kind.SILENCE:
        alerting_queries.check_quiet(viewer, matchers=_matchers(view.change))
    else:
        viewer.check(Permission.MANAGE, team_id=team_id)


def may_decide(viewer: Viewer, view: ProposalView) -> bool:
    """Whether the buttons are shown; `check_may_decide` is what counts."""
    if view.kind in _SITE_KINDS:
        return viewer.can(Permission.MANAGE)
    if view.kind is Kind.END:
        return viewer.can(Permission.ADMINISTER)
    needed = Permission.RESPOND if view.kind is Kind.SILENCE else Permission.MANAGE
    return viewer.can(needed, team_id=view.service.team_id if view.service else None)


def _matchers(change: Mapping[str, Any]) -> Sequence[Matcher]:
    named = {
        "alertname": change["name"],
        "service": change["service"],
        "environment": change["environment"],
    }
    return [Matcher(name, Operator.EQUAL, text) for name, text in named.items() if text]


def _views(rows: Sequence[Proposal], now: datetime) -> list[ProposalView]:
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    actors = [actor for row in rows for actor in (row.state_by, row.applied_by) if actor]
    names = identity_queries.actor_names(actors)
    effects = _effects(rows, now)
    return [
        ProposalView(
            id=row.pk,
            kind=Kind(row.kind),
            state=State(row.state),
            name=row.name,
            problem=row.problem,
            service=services.get(row.service_id or 0),
            team_id=row.team_id,
            change=row.change,
            evidence=row.evidence,
            found_at=row.found_at,
            state_at=row.state_at,
            state_by=names.get(row.state_by, ""),
            reason=row.reason,
            until=row.until,
            applied_at=row.applied_at,
            applied_by=names.get(row.applied_by, ""),
            made=row.made,
            effect=effects.get(row.pk),
        )
        for row in rows
    ]


def _effects(rows: Sequence[Proposal], now: datetime) -> dict[int, Effect]:
    """What each was to make fewer, four weeks before it was applied and since, until it was undone.

    Pages of its problem; of a service's need the pages that followed; of what ends by policy the
    alerts that stayed. One query for each of the three. Between two counts of the same problem the
    earlier one may overlap: each proposal is judged for itself, and the page says when several were
    applied.
    """
    applied = [row for row in rows if row.applied_at is not None and row.applied_at < now]
    counts = (
        _pages_around([row for row in applied if row.kind not in _COUNTED_OTHERWISE], now)
        | following_around([_pair(row, now) for row in applied if row.kind == Kind.NEEDS])
        | alerting_queries.lingered_around(
            [_asked_name(row, now) for row in applied if row.kind == Kind.END], now=now
        )
    )
    return {
        row.pk: effect(
            before=counts[row.pk][0],
            before_for=BEFORE,
            after=counts[row.pk][1],
            after_for=_end(row, now) - row.applied_at,
        )
        for row in applied
        if row.applied_at is not None and _end(row, now) > row.applied_at
    }


def _pages_around(rows: Sequence[Proposal], now: datetime) -> dict[int, tuple[int, int]]:
    """Pages of the problem of each, before it was applied and since."""
    if not rows:
        return {}
    first = min(row.applied_at for row in rows if row.applied_at is not None) - BEFORE
    counts = PagedOnce.objects.filter(
        problem__in={row.problem for row in rows}, started_at__gte=first
    ).aggregate(
        **{
            f"{side}_{row.pk}": Count("page_id", filter=_side(row, side, now))
            for row in rows
            for side in ("before", "after")
        }
    )
    return {row.pk: (counts[f"before_{row.pk}"], counts[f"after_{row.pk}"]) for row in rows}


def _pair(row: Proposal, now: datetime) -> AskedPair:
    at = row.applied_at or now
    return AskedPair(
        number=row.pk,
        service_id=row.change["service_id"],
        cause_id=row.change["cause_id"],
        since=at - BEFORE,
        at=at,
        until=_end(row, now),
    )


def _asked_name(row: Proposal, now: datetime) -> AskedName:
    at, quiet = row.applied_at or now, _quiet(row)
    return AskedName(
        number=row.pk,
        service_id=row.service_id,
        environment=row.change["environment"],
        name=row.change["name"],
        # the drain that ends them comes by every few moments: an hour more is nobody's doing
        quiet=quiet + timedelta(hours=1),
        since=at - BEFORE,
        at=at,
        until=_end(row, now),
    )


def _quiet(row: Proposal) -> timedelta:
    return timedelta(hours=row.change.get("quiet_hours", 0))


def _end(row: Proposal, now: datetime) -> datetime:
    """Until when it is judged: what opened lately cannot have stayed for long yet."""
    return row.state_at if row.state == State.UNDONE.value else now - _quiet(row)


def _side(row: Proposal, side: str, now: datetime) -> Q:
    at = row.applied_at
    if at is None:
        return Q(pk__in=[])
    since, until = (at - BEFORE, at) if side == "before" else (at, _end(row, now))
    return Q(problem=row.problem, started_at__gte=since, started_at__lt=until)
