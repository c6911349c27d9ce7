"""OpenSLO in: what a text would change, and doing it; the names of its documents are our slugs.

Importing the same text again changes nothing. What is refused is left out, with its reason; all
the rest is written in one transaction.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify
from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.errors import DomainError
from evenfall.slo.actions.indicators import (
    IndicatorWish,
    add_indicator,
    change_indicator,
    check_indicator,
)
from evenfall.slo.actions.loading import text_of
from evenfall.slo.actions.promising import ObjectiveWish, add_objective, change_objective
from evenfall.slo.logic.checks import objective_flaws
from evenfall.slo.logic.openslo.drafts import (
    DraftIndicator,
    DraftObjective,
    Drafts,
    Labels,
    NamedThing,
)
from evenfall.slo.logic.openslo.notes import Note
from evenfall.slo.logic.openslo.reading import read
from evenfall.slo.logic.openslo.translating import translate
from evenfall.slo.logic.spec import (
    AlertRules,
    IndicatorSpec,
    Measure,
    Member,
    ObjectiveSpec,
    Op,
    Origin,
)
from evenfall.slo.queries.indicators import IndicatorView
from evenfall.slo.queries.lookups import indicators_by_slug, objectives_by_slug
from evenfall.slo.queries.objectives import ObjectiveView
from evenfall.telemetry import queries as telemetry_queries
from evenfall.telemetry.queries import SourceView

_UNKNOWN: Final = 0


class StepKind(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    REFUSED = "refused"


class Mapped(Struct, frozen=True, kw_only=True):
    """What people chose: our ids by the names in the documents; others are matched by name."""

    services: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)


class Match(Struct, frozen=True, kw_only=True):
    """A service or source of the documents and ours; None: nothing fits, somebody has to choose."""

    thing: NamedThing
    own_id: int | None


class Step(Struct, frozen=True, kw_only=True):
    """What becomes of one draft. `changes` are the names of what differs; `why` it is refused."""

    what: str
    slug: str
    name: str
    kind: StepKind
    own_id: int | None = None
    changes: tuple[str, ...] = ()
    why: str = ""


class ImportPlan(Struct, frozen=True, kw_only=True):
    """What would be written; `notes` are what reading the text found."""

    services: tuple[Match, ...]
    sources: tuple[Match, ...]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]

    @property
    def has_work(self) -> bool:
        return any(step.kind in {StepKind.CREATE, StepKind.CHANGE} for step in self.steps)

    def count(self, kind: StepKind) -> int:
        return sum(step.kind is kind for step in self.steps)


def plan_import(*, text: str, mapped: Mapped, viewer: Viewer) -> ImportPlan:
    """What the text would change, for this viewer; writes nothing and never raises for a text."""
    return _planned(text, mapped, viewer).plan


@transaction.atomic
def import_objectives(*, text: str, mapped: Mapped, viewer: Viewer, now: datetime) -> ImportPlan:
    """Write what `plan_import` shows, all of it or nothing; what is refused is left out.

    Returns what was planned. Raises SomebodyChanged, SlugTaken when others write at the same time.
    """
    planned = _planned(text, mapped, viewer)
    ids = dict(planned.indicator_ids)
    for wish, view in planned.indicators:
        if view is None:
            ids[wish.slug] = add_indicator(wish=wish, now=now, actor=viewer.actor)
        else:
            change_indicator(
                indicator_id=view.id,
                wish=wish,
                version=view.version,
                now=now,
                actor=viewer.actor,
            )
    for draft, objective in planned.objectives:
        _write(draft, objective, ids, planned.service_ids, viewer, now)
    return planned.plan


class _Planned(Struct, kw_only=True):
    """The plan, and all that is needed to carry it out."""

    plan: ImportPlan
    service_ids: Mapping[str, int]
    indicator_ids: Mapping[str, int]
    indicators: list[tuple[IndicatorWish, IndicatorView | None]]
    objectives: list[tuple[DraftObjective, ObjectiveView | None]]


class _Planner:
    """Goes through the drafts once; reads our rows with a fixed number of queries."""

    def __init__(self, drafts: Drafts, mapped: Mapped, viewer: Viewer) -> None:
        self._drafts, self._viewer = drafts, viewer
        self._known = catalog_queries.services()
        sources = telemetry_queries.sources()
        self.services = tuple(_match_service(one, mapped, self._known) for one in drafts.services)
        self.sources = tuple(_match_source(one, mapped, sources) for one in drafts.sources)
        self._service_ids = {one.thing.name: one.own_id for one in self.services}
        self._source_ids = {one.thing.name: one.own_id for one in self.sources}
        self._old_indicators = indicators_by_slug([one.slug for one in drafts.indicators])
        self._old_objectives = objectives_by_slug([one.slug for one in drafts.objectives])
        self.steps: list[Step] = []
        self.indicators: list[tuple[IndicatorWish, IndicatorView | None]] = []
        self.objectives: list[tuple[DraftObjective, ObjectiveView | None]] = []
        self._usable: dict[str, int] = {}

    def run(self) -> _Planned:
        for indicator in self._drafts.indicators:
            self.steps.append(self._indicator(indicator))
        for objective in self._drafts.objectives:
            self.steps.append(self._objective(objective))
        return _Planned(
            plan=ImportPlan(
                services=self.services,
                sources=self.sources,
                steps=tuple(self.steps),
                notes=self._drafts.notes,
            ),
            service_ids={name: found for name, found in self._service_ids.items() if found},
            indicator_ids={slug: found for slug, found in self._usable.items() if found},
            indicators=self.indicators,
            objectives=self.objectives,
        )

    def _indicator(self, draft: DraftIndicator) -> Step:
        step = Step(what="indicator", slug=draft.slug, name=draft.name, kind=StepKind.CREATE)
        old = self._old_indicators.get(draft.slug)
        why = self._refusal(draft.service, old) or self._source_refusal(draft)
        if why:
            return replace(step, kind=StepKind.REFUSED, why=why, own_id=old.id if old else None)
        wish = self._indicator_wish(draft)
        service = self._known[wish.service_id]
        try:
            check_indicator(
                wish.spec, {"service": service.slug, "environment": wish.environment.value}
            )
        except DomainError as error:
            return replace(step, kind=StepKind.REFUSED, why=error.message)
        self._usable[draft.slug] = old.id if old else _UNKNOWN
        if old is None:
            self.indicators.append((wish, None))
            return step
        changes = tuple(_indicator_changes(wish, old))
        if changes:
            self.indicators.append((wish, old))
        kind = StepKind.CHANGE if changes else StepKind.SAME
        return replace(step, kind=kind, own_id=old.id, changes=changes)

    def _objective(self, draft: DraftObjective) -> Step:
        step = Step(what="objective", slug=draft.slug, name=draft.name, kind=StepKind.CREATE)
        old = self._old_objectives.get(draft.slug)
        needed = [draft.indicator] if draft.indicator else [m.indicator for m in draft.members]
        why = self._refusal(draft.service, old)
        if not why and not set(needed) <= self._usable.keys():
            why = "What it measures is refused."
        if why:
            return replace(step, kind=StepKind.REFUSED, why=why, own_id=old.id if old else None)
        spec = _objective_spec(draft, self._usable, self._service_ids, old)
        flaws = [reason for _, reason in objective_flaws(spec)]
        if flaws:
            return replace(step, kind=StepKind.REFUSED, why=flaws[0])
        if old is None:
            self.objectives.append((draft, None))
            return step
        changes = tuple(_objective_changes(draft, spec, old))
        if changes:
            self.objectives.append((draft, old))
        kind = StepKind.CHANGE if changes else StepKind.SAME
        return replace(step, kind=kind, own_id=old.id, changes=changes)

    def _refusal(self, service: str, old: IndicatorView | ObjectiveView | None) -> str:
        own_id = self._service_ids.get(service)
        if own_id is None:
            return f"Choose which of our services {service} is."
        teams = {self._known[own_id].team_id} | ({old.service.team_id} if old else set())
        if not all(self._viewer.can(Permission.MANAGE, team_id=team) for team in teams):
            return "You may not manage the team of its service."
        if old is not None and old.is_archived:
            return "It is archived here. Give it another name."
        return ""

    def _source_refusal(self, draft: DraftIndicator) -> str:
        if draft.spec.origin is not Origin.METRICS or self._source_ids.get(draft.source):
            return ""
        return f"Choose which of our metric sources {draft.source or 'this'} is."

    def _indicator_wish(self, draft: DraftIndicator) -> IndicatorWish:
        service_id = self._service_ids[draft.service] or _UNKNOWN
        source_id = self._source_ids.get(draft.source)
        return IndicatorWish(
            name=draft.name,
            service_id=service_id,
            spec=replace(draft.spec, source_id=source_id),
            environment=Environment(draft.environment),
            description=draft.description,
            slug=draft.slug,
            labels=_plain_labels(draft.labels),
        )


def _planned(text: str, mapped: Mapped, viewer: Viewer) -> _Planned:
    return _Planner(translate(read(text)), mapped, viewer).run()


def _write(
    draft: DraftObjective,
    old: ObjectiveView | None,
    indicator_ids: Mapping[str, int],
    service_ids: Mapping[str, int],
    viewer: Viewer,
    now: datetime,
) -> None:
    wish = ObjectiveWish(
        spec=_objective_spec(draft, indicator_ids, service_ids, old),
        slug=draft.slug,
        labels=_plain_labels(draft.labels),
    )
    if old is None:
        add_objective(wish=wish, by=viewer.user_id, now=now, actor=viewer.actor)
        return
    change_objective(
        objective_id=old.id,
        wish=wish,
        version=old.version,
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )


def _objective_spec(
    draft: DraftObjective,
    indicator_ids: Mapping[str, int],
    service_ids: Mapping[str, int | None],
    old: ObjectiveView | None,
) -> ObjectiveSpec:
    """The draft with our ids; alerts that it does not speak of stay as they are."""
    kept = old.spec.alerts if old else AlertRules()
    return ObjectiveSpec(
        name=draft.name,
        service_id=service_ids[draft.service] or _UNKNOWN,
        promise=draft.promise,
        indicator_id=indicator_ids[draft.indicator] if draft.indicator else None,
        members=tuple(
            Member(
                indicator_id=indicator_ids[one.indicator],
                weight=one.weight,
                target=one.target,
                slice_target=one.slice_target,
            )
            for one in draft.members
        ),
        description=text_of(draft.description),
        environment=draft.environment,
        alerts=draft.alerts or kept,
        policy=draft.policy,
    )


def _indicator_changes(wish: IndicatorWish, old: IndicatorView) -> Iterator[str]:
    if text_of(wish.name) != old.name:
        yield "name"
    if text_of(wish.description) != old.description:
        yield "description"
    if wish.service_id != old.service.id:
        yield "service"
    if wish.environment is not old.environment:
        yield "environment"
    if wish.labels != dict(old.labels):
        yield "labels"
    new, before = _meant(wish.spec), _meant(old.spec)
    for name in new.__struct_fields__:
        if getattr(new, name) != getattr(before, name):
            yield name.removesuffix("_id").removeprefix("is_")


def _meant(spec: IndicatorSpec) -> IndicatorSpec:
    """The spec without what means nothing for its way to measure."""
    if not spec.measure.has_total:
        spec = replace(spec, total="", created="", is_counter=False)
    if spec.measure is not Measure.THRESHOLD:
        spec = replace(spec, op=Op.LTE, limit=0.0)
    if spec.origin is not Origin.METRICS:
        spec = replace(spec, source_id=None, query="", total="", created="", is_counter=False)
    return spec


def _objective_changes(
    draft: DraftObjective, spec: ObjectiveSpec, old: ObjectiveView
) -> Iterator[str]:
    if _plain_labels(draft.labels) != dict(old.labels):
        yield "labels"
    for name in spec.__struct_fields__:
        if name == "promise":
            yield from _promise_changes(spec, old.spec)
        elif getattr(spec, name) != getattr(old.spec, name):
            yield name.removesuffix("_id")


def _promise_changes(spec: ObjectiveSpec, old: ObjectiveSpec) -> Iterator[str]:
    for name in spec.promise.__struct_fields__:
        if getattr(spec.promise, name) != getattr(old.promise, name):
            yield name.replace("_", " ")


def _plain_labels(labels: Labels) -> dict[str, Any]:
    return {name: list(values) for name, values in labels.items()}


def _match_service(thing: NamedThing, mapped: Mapped, known: Mapping[int, ServiceView]) -> Match:
    chosen = mapped.services.get(thing.name)
    if chosen in known:
        return Match(thing=thing, own_id=chosen)
    words = {thing.name, slugify(thing.title)}
    exact = [one.id for one in known.values() if one.slug == thing.name]
    alike = [one.id for one in known.values() if one.slug in words or slugify(one.name) in words]
    return Match(thing=thing, own_id=_only(exact, alike))


def _match_source(thing: NamedThing, mapped: Mapped, known: list[SourceView]) -> Match:
    """By name; else the only source of its type, or the only one there is."""
    chosen = mapped.sources.get(thing.name)
    if chosen in {one.id for one in known}:
        return Match(thing=thing, own_id=chosen)
    words = {thing.name, slugify(thing.title)}
    named = [one.id for one in known if slugify(one.name) in words]
    kind = (thing.type or thing.name).lower()
    alike = [one.id for one in known if one.kind == kind]
    return Match(thing=thing, own_id=_only(named, alike))


def _only(*ways: list[int]) -> int | None:
    """What the first way finds that finds exactly one."""
    return next((fits[0] for fits in ways if len(fits) == 1), None)
