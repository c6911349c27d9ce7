"""What was recorded, decided anew: the same stages as on the day, over a configuration.

The life of an alert (when it opened, when it ended) is taken as it was: no rule, silence or window
has a say in it. What is decided about it comes from `pipeline.run` and from nothing else. What the
database says in the product (which groups run, which causes are open) is kept in memory here.

The moments at which the product decides again are the same: a silence or a window begins or ends,
a cause opens or is over, a symptom has waited long enough after that, a rule waited long enough.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import chain
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.alerting.logic import causes, pipeline, waiting
from evenfall.alerting.logic.candidate import Candidate, Context, IntegrationFacts, ServiceFacts
from evenfall.alerting.logic.causes import Asked, Problem, ServiceGraph
from evenfall.alerting.logic.depending import asked_of, is_calling, is_problem, problem_of
from evenfall.alerting.logic.grouping import DEFAULT_WINDOW, Group
from evenfall.alerting.logic.inhibition import InhibitionBook, Inhibitor, Met, Role
from evenfall.alerting.logic.quiet import Maintenance, Silence
from evenfall.alerting.logic.rules import Rule, RuleBook


class Life(Struct, frozen=True, kw_only=True):
    """An alert as it was. The candidate's `at` is when it opened; `ends_at` None: it is open."""

    candidate: Candidate
    ends_at: datetime | None

    @property
    def alert_id(self) -> int:
        return self.candidate.alert_id


class Configuration(Struct, frozen=True, kw_only=True):
    """All that decides; silences and windows with the times at which they hold.

    `rules` are compiled from `all_rules`, among which are those that are not in force.
    """

    integrations: Mapping[int, IntegrationFacts]
    services: Mapping[int, ServiceFacts]
    rules: RuleBook
    all_rules: tuple[Rule, ...] = ()
    inhibitions: InhibitionBook = field(default_factory=InhibitionBook)
    silences: tuple[Silence, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    graph: ServiceGraph = field(default_factory=ServiceGraph)
    zone: str = "UTC"


class Turn(Struct, frozen=True, kw_only=True):
    """What happened to an alert at a moment. The fields are those of the facts about alerts.

    `is_first` is its first decision; `is_over` says that it ended, and nothing else of it counts.
    """

    alert_id: int
    at: datetime
    title: str
    severity: str
    environment: str
    outcome: str
    urgency: str
    held_by: str
    group_key: str
    service_id: int | None
    team_id: int | None
    policy_id: int | None
    rule_id: int | None
    is_first: bool = False
    is_over: bool = False
    log_lines: tuple[str, ...] = ()


class _Live(Struct):
    """An alert that is open, with its last decision."""

    life: Life
    decided: Candidate


LEFT_OUT: Final = tuple(
    stage.name
    for stage in pipeline.STAGES
    if stage.prepare and stage.prepare not in {"inhibitors", "groups", "causes"}
)
"""Stages that need something of the moment that no record keeps: they run as if it were empty."""

type _Place = tuple[int, str]
type _Moment = tuple[datetime, int, int]
_OVER, _EDGE, _LINGERED, _WAITED = 0, 1, 2, 3
_SWEEP_AT: Final = 100


class Replay:
    """One configuration, to which lives are given in the order of their opening.

    `opened`, with alerts of the same moment, and `rest` return what happened up to and including
    it. Memory: the open alerts, the groups they may still join and the moments to come; nothing of
    an alert that is over.
    """

    def __init__(self, configuration: Configuration, *, until: datetime) -> None:
        self._until = until
        self._configuration = configuration
        self._live: dict[int, _Live] = {}
        self._moments: list[_Moment] = []
        self._groups: dict[str, Group] = {}
        self._roles: dict[int, tuple[Role, ...]] = {}
        self._causes: dict[Met, list[Inhibitor]] = {}
        self._symptoms: dict[Met, set[int]] = defaultdict(set)
        self._problems: dict[_Place, dict[int, Problem]] = defaultdict(dict)
        self._waiting: dict[int, set[int]] = defaultdict(set)
        self._context: Context | None = None
        self._sweep_at = _SWEEP_AT
        windows = [rule.effects.group_window for rule in configuration.all_rules]
        self._longest_window = max([DEFAULT_WINDOW, *(one for one in windows if one is not None)])
        quiet: Iterable[Silence | Maintenance] = chain(
            configuration.silences, configuration.maintenances
        )
        edges = {edge for one in quiet for edge in (one.starts_at, one.ends_at)}
        self._moments = [(edge, _EDGE, 0) for edge in sorted(edges)]

    def opened(self, *lives: Life) -> Iterator[Turn]:
        """Alerts that came at once open together, as one batch; before that, whatever was due."""
        at = lives[0].candidate.at
        yield from self._pass(at)
        self._forget_groups(at)
        batch = self._decide([life.candidate for life in lives], at)
        for life, decided in zip(lives, batch, strict=True):
            if life.ends_at is not None:
                heappush(self._moments, (life.ends_at, _OVER, life.alert_id))
            self._live[life.alert_id] = _Live(life, decided)
            self._remember(decided)
            yield turn_of(decided, is_first=True)
        for decided in batch:
            yield from self._meet(decided)

    def rest(self) -> Iterator[Turn]:
        """What is still due until the end of the time looked at."""
        yield from self._pass(self._until)

    def _pass(self, until: datetime) -> Iterator[Turn]:
        while self._moments and self._moments[0][0] <= until:
            at, kind, number = heappop(self._moments)
            if kind == _OVER:
                yield from self._over(number, at)
            elif kind == _LINGERED:
                yield from self._again(sorted(self._waiting.pop(number, ())), at)
            elif kind == _WAITED:
                yield from self._again([number], at)
            else:
                yield from self._edge(at)

    def _edge(self, at: datetime) -> Iterator[Turn]:
        """Something that makes quiet began or ended: what it may concern is decided again."""
        before = self._context
        after = self._look(at)
        if before is None:
            return
        changed = set(before.silences) ^ set(after.silences)
        windows = set(before.maintenances) ^ set(after.maintenances)
        if not changed and not windows:
            return
        concerned = [
            number
            for number, live in self._live.items()
            if _concerns(live.decided, changed, windows)
        ]
        yield from self._again(concerned, at)

    def _over(self, number: int, at: datetime) -> Iterator[Turn]:
        live = self._live.pop(number, None)
        if live is None:
            return
        yield turn_of(live.decided, at=at, is_over=True)
        self._forget(live.decided)
        if self._waiting.get(number):
            heappush(self._moments, (at + causes.LINGER, _LINGERED, number))
        yield from self._again(self._without(number), at)

    def _without(self, number: int) -> list[int]:
        """Forget what an alert was to the inhibition rules; return the symptoms it held."""
        freed: set[int] = set()
        for role in self._roles.pop(number, ()):
            met = (role.rule_id, role.key)
            if role.is_target:
                self._symptoms[met].discard(number)
            if role.is_source:
                left = [one for one in self._causes[met] if one.alert_id != number]
                self._causes[met] = left
                freed |= self._symptoms[met]
            if not self._symptoms[met] and not self._causes[met]:
                del self._symptoms[met], self._causes[met]
        return sorted(n for n in freed if self._live[n].decided.inhibitor_id == number)

    def _meet(self, cause: Candidate) -> Iterator[Turn]:
        """A cause that is new holds the symptoms that were open before it."""
        met = [(r.rule_id, r.key) for r in self._roles.get(cause.alert_id, ()) if r.is_source]
        waiting = {number for one in met for number in self._symptoms[one]} - {cause.alert_id}
        yield from self._again(sorted(waiting), cause.at)

    def _again(self, numbers: Sequence[int], at: datetime) -> Iterator[Turn]:
        """Decide again about live alerts, as the product does; tell what became different."""
        known = [self._live[number] for number in numbers if number in self._live]
        freed: set[int] = set()
        for live, decided in zip(known, self._decide(map(_again_at(at), known), at), strict=True):
            if pipeline.differs(live.decided, decided):
                self._forget(live.decided)
                live.decided = decided
                self._remember(decided)
                if not is_problem(decided):
                    freed |= self._waiting.pop(live.life.alert_id, set())
                yield turn_of(decided)
        if freed:
            yield from self._again(sorted(freed), at)

    def _decide(self, candidates: Iterable[Candidate], at: datetime) -> list[Candidate]:
        batch = list(candidates)
        context = self._context or self._look(at)
        return pipeline.run(batch, context, self._prepare) if batch else []

    def _remember(self, decided: Candidate) -> None:
        span = waiting.span_of(decided.held_by)
        if span is not None:
            opened_at = decided.opened_at or decided.at
            heappush(self._moments, (opened_at + span, _WAITED, decided.alert_id))
        if decided.group is not None:
            self._groups[decided.group.base] = decided.group
        if not self._configuration.graph.needs or decided.service_id is None:
            return
        if is_problem(decided):
            problem = problem_of(decided, decided.service_id)
            self._problems[decided.service_id, decided.environment][decided.alert_id] = problem
        elif decided.cause_id is not None and decided.held_by:
            self._waiting[decided.cause_id].add(decided.alert_id)

    def _forget(self, decided: Candidate) -> None:
        if decided.service_id is not None:
            place = (decided.service_id, decided.environment)
            problems = self._problems.get(place, {})
            problems.pop(decided.alert_id, None)
            if not problems:
                self._problems.pop(place, None)
        if decided.cause_id is not None:
            waiting_for = self._waiting.get(decided.cause_id, set())
            waiting_for.discard(decided.alert_id)
            if not waiting_for:
                self._waiting.pop(decided.cause_id, None)

    def _forget_groups(self, at: datetime) -> None:
        """Drop the groups that no alert can join any more; seldom, since it looks at all."""
        if len(self._groups) < self._sweep_at:
            return
        stale = at - self._longest_window
        for base in [base for base, one in self._groups.items() if one.last_alert_at < stale]:
            del self._groups[base]
        self._sweep_at = 2 * len(self._groups) + _SWEEP_AT

    def _look(self, at: datetime) -> Context:
        """What the stages may look at, as of a moment."""
        known = self._configuration
        self._context = Context(
            integrations=known.integrations,
            services=known.services,
            services_by_slug={service.slug: service for service in known.services.values()},
            silences=tuple(s for s in known.silences if s.starts_at <= at < s.ends_at),
            maintenances=tuple(m for m in known.maintenances if m.starts_at <= at < m.ends_at),
            rules=known.rules,
            inhibitions=known.inhibitions,
            graph=known.graph,
            zone=known.zone,
            groups=self._groups,
            roles=self._roles,
            inhibitors=self._causes,
        )
        return self._context

    def _prepare(self, name: str, candidates: Sequence[Candidate], context: Context) -> Context:
        """The context is filled as alerts come: only what is new here is added.

        A stage that asks for anything else runs without it, and `LEFT_OUT` names it.
        """
        if name == "inhibitors" and context.inhibitions.rules:
            self._take_roles(candidates, context)
        if name == "causes" and context.graph.needs:
            asked = asked_of(candidates, context)
            standing = self._standing(asked, context.graph)
            return replace(context, findings=causes.findings(asked, standing, context.graph))
        return context

    def _standing(self, asked: Sequence[Asked], graph: ServiceGraph) -> Iterator[Problem]:
        """The oldest open problem of each place near these alerts, but for these."""
        calling = [one.problem for one in asked if one.calls]
        if not calling:
            return
        batch = {one.problem.alert_id for one in asked}
        since = min(one.opened_at for one in calling) - graph.window
        for place in _near(calling, graph):
            known = self._problems.get(place, {}).values()
            found = [p for p in known if p.opened_at >= since and p.alert_id not in batch]
            if found:
                yield min(found, key=lambda one: one.alert_id)

    def _take_roles(self, candidates: Iterable[Candidate], context: Context) -> None:
        for one in candidates:
            if one.alert_id in self._roles:
                continue
            roles = context.inhibitions.roles(pipeline.values_of(one))
            self._roles[one.alert_id] = roles
            for role in roles:
                met = (role.rule_id, role.key)
                self._causes.setdefault(met, [])
                if role.is_target:
                    self._symptoms[met].add(one.alert_id)
                if role.is_source:
                    cause = Inhibitor(
                        alert_id=one.alert_id, summary=one.summary, is_target=role.is_target
                    )
                    self._causes[met].append(cause)


def _near(problems: Iterable[Problem], graph: ServiceGraph) -> set[_Place]:
    return {
        (near, one.environment)
        for one in problems
        for way in (graph.below, graph.above)
        for near in way(one.service_id)
    }


def _again_at(at: datetime) -> Callable[[_Live], Candidate]:
    """A live alert as it is asked about at a later moment."""
    return lambda live: replace(
        live.life.candidate,
        at=at,
        opened_at=live.life.candidate.at,
        called=is_calling(live.decided),
    )


def _concerns(decided: Candidate, silences: set[Silence], windows: set[Maintenance]) -> bool:
    """Whether a live alert was held by what ended, or would be covered by what began."""
    if decided.silence_id in {one.id for one in silences}:
        return True
    if decided.maintenance_id in {one.id for one in windows}:
        return True
    values = pipeline.values_of(decided)
    # a beginning is looked at as of its own begin, whatever the moment of the alert
    return any(one.covers(values, one.starts_at) for one in silences) or any(
        one.covers(
            values,
            service_id=decided.service_id,
            environment=decided.environment,
            at=one.starts_at,
        )
        for one in windows
    )


def turn_of(
    decided: Candidate,
    *,
    at: datetime | None = None,
    is_first: bool = False,
    is_over: bool = False,
) -> Turn:
    return Turn(
        alert_id=decided.alert_id,
        at=at or decided.at,
        title=decided.summary,
        severity=decided.severity.value,
        environment=decided.environment,
        outcome=decided.outcome.value,
        urgency=decided.urgency.value,
        held_by=decided.held_by,
        group_key=decided.group.key if decided.group else "",
        service_id=decided.service_id,
        team_id=decided.team_id,
        policy_id=decided.policy_id,
        rule_id=decided.rule_id,
        is_first=is_first,
        is_over=is_over,
    )
