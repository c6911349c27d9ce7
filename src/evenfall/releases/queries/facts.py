"""Everything that the gates are asked about, for many passages with the same few queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity import queries as identity_queries
from evenfall.releases.logic.facts import (
    BudgetFact,
    Facts,
    FreezeFact,
    IncidentFact,
    NeedFact,
    ResultFact,
    SignOffFact,
    StandardFact,
    StopFact,
    TickFact,
)
from evenfall.releases.logic.needing import below
from evenfall.releases.logic.rules import Rules
from evenfall.releases.logic.states import State
from evenfall.releases.logic.words import Kind
from evenfall.releases.models import (
    Passage,
    QualityResult,
    Release,
    Requirement,
    SignOff,
    Tick,
)
from evenfall.releases.queries import duties, settings, troubles
from evenfall.releases.queries.budgets import budgets
from evenfall.releases.queries.scopes import ScopeView
from evenfall.releases.queries.settings import FreezeView, StandardView, StopView, WindowView
from evenfall.releases.queries.stages import StageView, stages_of_services
from evenfall.releases.queries.versions import PassageView, running


class _Known(Struct, frozen=True, kw_only=True):
    """What was read for all of the passages at once."""

    now: datetime
    services: Mapping[int, ServiceView]
    stages: Mapping[int, Sequence[StageView]]
    edges: Sequence[tuple[int, int]]
    running: Mapping[tuple[int, str], PassageView]
    by_release: Mapping[int, Sequence[Passage]]
    requirements: Mapping[int, Sequence[Requirement]]
    trains: Mapping[int, Sequence[Release]]
    stops: Sequence[StopView]
    freezes: Sequence[FreezeView]
    windows: Sequence[WindowView]
    standards: Sequence[StandardView]
    troubles: Sequence[tuple[Environment, int, IncidentFact]]
    budgets: Mapping[int, Sequence[BudgetFact]]
    results: Mapping[int, Mapping[str, ResultFact]]
    ticks: Mapping[int, Mapping[str, TickFact]]
    sign_offs: Mapping[int, tuple[SignOffFact, ...]]
    teams: Mapping[int, str]
    duties: Mapping[int, duties.TeamDuties]


def facts_of(passages: Sequence[Passage], *, now: datetime) -> dict[int, Facts]:
    """The facts of each passage (read with its release), by its id; the same few queries."""
    if not passages:
        return {}
    known = _read(passages, now)
    return {row.pk: _facts(row, known) for row in passages}


def rules_for(row: Passage, stages: Sequence[StageView]) -> Rules:
    """The rules of its stage now; those of a stage that is gone are the plain ones."""
    return next((one.rules for one in stages if one.name == row.stage), Rules())


def _read(passages: Sequence[Passage], now: datetime) -> _Known:
    service_ids = {row.service_id for row in passages}
    release_ids = {row.release_id for row in passages}
    edges = catalog_queries.hard_edges()
    under = {one: below(one, edges) for one in service_ids}
    requirements = _requirements(release_ids)
    trains = _trains(passages)
    other_ids = {one.service_id for rows in requirements.values() for one in rows}
    train_ids = {one.service_id for rows in trains.values() for one in rows}
    services = catalog_queries.services(service_ids.union(other_ids, train_ids, *under.values()))
    stages = stages_of_services(service_ids)
    team_ids = {services[one].team_id for one in service_ids}
    return _Known(
        now=now,
        services=services,
        stages=stages,
        edges=edges,
        running={
            (one.service_id, one.stage): one for one in running(service_ids | other_ids | train_ids)
        },
        by_release=_by_release(release_ids),
        requirements=requirements,
        trains=trains,
        stops=settings.stops_in_force(),
        freezes=settings.freezes_of_time(starts_at=now, ends_at=now),
        windows=settings.windows(),
        standards=settings.standard_changes(),
        troubles=troubles.troubles(services.keys()),
        budgets=budgets(service_ids, now=now),
        results=_results(release_ids),
        ticks=_ticks(passages),
        sign_offs=_sign_offs(passages),
        teams=_teams(stages, team_ids),
        duties=duties.duties_of_teams(team_ids, now=now),
    )


def _facts(row: Passage, known: _Known) -> Facts:
    service, release = known.services[row.service_id], row.release
    environment = Environment(row.environment)
    stages = known.stages.get(row.service_id, ())
    here = known.running.get((row.service_id, row.stage))
    previous = _previous(row, stages)
    on_duty = known.duties[service.team_id]
    kind = Kind.ROLLBACK if row.is_way_back else Kind(release.kind)
    return Facts(
        service=service.name,
        version=release.version,
        stage=row.stage,
        kind=kind,
        rules=rules_for(row, stages),
        author_id=release.author_id,
        team_id=service.team_id,
        teams=known.teams,
        is_irreversible=release.is_irreversible,
        rollback_plan=release.rollback_plan,
        fixes_incident_id=release.fixes_incident_id,
        running=here.version if here else "",
        running_is_proven=here is not None and here.state is State.PROVEN,
        previous_stage=previous,
        previous_state=_state_in(previous, known.by_release.get(row.release_id, ())),
        stops=tuple(_stop(one) for one in known.stops if _covers(one.scope, service)),
        freezes=tuple(
            _freeze(one)
            for one in known.freezes
            if environment in one.environments and _covers(one.scope, service)
        ),
        windows=tuple(
            one.window
            for one in settings.windows_for(
                known.windows,
                service_id=service.id,
                team_id=service.team_id,
                environment=environment,
            )
        ),
        needs=tuple(_needs(row, known)),
        incidents=_incidents(service.id, environment, known),
        budgets=tuple(
            one
            for one in known.budgets.get(service.id, ())
            if one.environment in {"", environment.value}
        ),
        results=known.results.get(row.release_id, {}),
        ticks=known.ticks.get(row.pk, {}),
        sign_offs=known.sign_offs.get(row.pk, ()),
        standard=_standard(row, service, kind, known),
        duties=on_duty.duties,
        handovers=on_duty.handovers,
    )


def _previous(row: Passage, stages: Sequence[StageView]) -> str:
    before = [one.name for one in stages if one.position < row.position]
    return before[-1] if before else ""


def _state_in(stage: str, passages: Sequence[Passage]) -> State | None:
    tries = [one for one in passages if one.stage == stage]
    return State(max(tries, key=lambda one: one.attempt).state) if tries else None


def _covers(scope: ScopeView, service: ServiceView) -> bool:
    return scope.covers(service.id, service.team_id)


def _stop(one: StopView) -> StopFact:
    return StopFact(scope=one.scope.name, reason=one.reason, by=one.pressed_by, at=one.pressed_at)


def _freeze(one: FreezeView) -> FreezeFact:
    return FreezeFact(
        id=one.id,
        scope=one.scope.name,
        reason=one.reason,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        exempt=one.exempt,
    )


def _needs(row: Passage, known: _Known) -> list[NeedFact]:
    found = [
        _need(row, one.service_id, one.at_least, "needs", known)
        for one in known.requirements.get(row.release_id, ())
    ]
    first = below(row.service_id, known.edges)
    train = known.trains.get(row.release.train_id or 0, ())
    return found + [
        _need(row, one.service_id, one.version, "train", known)
        for one in train
        if one.service_id in first
    ]


def _need(row: Passage, service_id: int, at_least: str, why: str, known: _Known) -> NeedFact:
    service = known.services[service_id]
    there = [
        one
        for (owner, _), one in known.running.items()
        if owner == service_id and one.environment.value == row.environment
    ]
    newest = max(there, key=lambda one: (one.deployed_at or one.created_at, one.id), default=None)
    return NeedFact(
        name=service.name,
        at_least=at_least,
        running=newest.version if newest else "",
        why=why,
        href=f"/releases/{newest.release_id}/" if newest else f"/services/{service.slug}/",
    )


def _incidents(
    service_id: int, environment: Environment, known: _Known
) -> tuple[IncidentFact, ...]:
    needed = below(service_id, known.edges) | {service_id}
    found: dict[int, IncidentFact] = {}
    for where, about, fact in known.troubles:
        if where is environment and about in needed:
            is_own = about == service_id
            if is_own or fact.id not in found:
                found[fact.id] = troubles.seen_from(
                    fact, service=known.services[about].name, is_own=is_own
                )
    return tuple(sorted(found.values(), key=lambda one: (one.severity, one.id)))


def _standard(row: Passage, service: ServiceView, kind: Kind, known: _Known) -> StandardFact | None:
    """A change that cannot be undone is never a standard one."""
    for one in known.standards:
        fits = (
            one.is_in_force(known.now)
            and kind in one.kinds
            and Environment(row.environment) in one.environments
            and row.planned_downtime_minutes <= one.most_downtime_minutes
            and not row.release.is_irreversible
            and _covers(one.scope, service)
        )
        if fits:
            return StandardFact(
                name=one.name, approved_by=one.approved_by, expires_at=one.expires_at
            )
    return None


def _requirements(release_ids: Collection[int]) -> dict[int, list[Requirement]]:
    found: dict[int, list[Requirement]] = defaultdict(list)
    for one in Requirement.objects.filter(release_id__in=release_ids).order_by("id"):
        found[one.release_id].append(one)
    return found


def _trains(passages: Sequence[Passage]) -> dict[int, list[Release]]:
    numbers = {row.release.train_id for row in passages if row.release.train_id is not None}
    found: dict[int, list[Release]] = defaultdict(list)
    if numbers:
        for one in Release.objects.filter(train_id__in=numbers).order_by("id"):
            found[one.train_id or 0].append(one)
    return found


def _by_release(release_ids: Collection[int]) -> dict[int, list[Passage]]:
    found: dict[int, list[Passage]] = defaultdict(list)
    for one in Passage.objects.filter(release_id__in=release_ids):
        found[one.release_id].append(one)
    return found


def _results(release_ids: Collection[int]) -> dict[int, dict[str, ResultFact]]:
    """The newest of each name."""
    rows = QualityResult.objects.filter(release_id__in=release_ids)
    newest = rows.order_by("release", "name", "-measured_at", "-id").distinct("release", "name")
    found: dict[int, dict[str, ResultFact]] = defaultdict(dict)
    for one in newest:
        found[one.release_id][one.name] = ResultFact(
            is_good=one.is_good, text=one.text, link=one.link, measured_at=one.measured_at
        )
    return found


def _ticks(passages: Sequence[Passage]) -> dict[int, dict[str, TickFact]]:
    rows = list(Tick.objects.filter(passage__in=passages))
    names = identity_queries.actor_names({one.by for one in rows})
    found: dict[int, dict[str, TickFact]] = defaultdict(dict)
    for one in rows:
        found[one.passage_id][one.item] = TickFact(
            is_done=one.is_done,
            text=one.text,
            link=one.link,
            by=one.check_name or names.get(one.by, one.by),
            at=one.at,
        )
    return found


def _sign_offs(passages: Sequence[Passage]) -> dict[int, tuple[SignOffFact, ...]]:
    rows = SignOff.objects.filter(passage__in=passages).select_related("user")
    found: dict[int, tuple[SignOffFact, ...]] = {}
    for one in rows.order_by("at", "id"):
        fact = SignOffFact(
            user_id=one.user_id,
            name=one.user.name,
            team_id=one.team_id,
            is_yes=one.is_yes,
            comment=one.comment,
            at=one.at,
        )
        found[one.passage_id] = (*found.get(one.passage_id, ()), fact)
    return found


def _teams(stages: Mapping[int, Sequence[StageView]], team_ids: Collection[int]) -> dict[int, str]:
    asked = {
        group.team_id for ways in stages.values() for one in ways for group in one.rules.groups
    }
    return {team.id: team.name for team in identity_queries.teams(asked | set(team_ids))}
