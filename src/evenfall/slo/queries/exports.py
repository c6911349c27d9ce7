"""Our objectives as OpenSLO documents."""

from collections.abc import Mapping, Sequence

from django.utils.text import slugify

from evenfall.slo.logic.openslo.drafts import (
    DraftIndicator,
    DraftMember,
    DraftObjective,
    Drafts,
    Labels,
    NamedThing,
)
from evenfall.slo.logic.openslo.exporting import documents_of
from evenfall.slo.logic.openslo.writing import write
from evenfall.slo.queries.indicators import IndicatorView, indicators
from evenfall.slo.queries.objectives import ObjectiveView
from evenfall.telemetry import queries as telemetry_queries


def openslo_text(views: Sequence[ObjectiveView]) -> str:
    """These objectives with all that they need, as one YAML text; three queries."""
    found = indicators({number for view in views for number in _indicator_ids(view)})
    sources = _source_names()
    drafts = Drafts(
        services=_services(views, found),
        sources=_sources(found, sources),
        indicators=tuple(_indicator(one, sources) for one in found.values()),
        objectives=tuple(_objective(one, found) for one in views),
    )
    return write(documents_of(drafts))


def _indicator_ids(view: ObjectiveView) -> list[int]:
    single = [] if view.spec.indicator_id is None else [view.spec.indicator_id]
    return single or [member.indicator_id for member in view.spec.members]


def _services(
    views: Sequence[ObjectiveView], found: Mapping[int, IndicatorView]
) -> tuple[NamedThing, ...]:
    services = [one.service for one in views] + [one.service for one in found.values()]
    names = {one.slug: one.name for one in sorted(services, key=lambda one: one.slug)}
    return tuple(NamedThing(name=slug, title=name) for slug, name in names.items())


def _source_names() -> dict[int, NamedThing]:
    """Names as documents may have them, each once."""
    names: dict[int, NamedThing] = {}
    taken = set[str]()
    for source in telemetry_queries.sources():
        name = slugify(source.name)[:55].strip("-_") or f"source-{source.id}"
        name = name.replace("_", "-")
        if name in taken:
            name = f"{name}-{source.id}"
        taken.add(name)
        names[source.id] = NamedThing(name=name, title=source.name, type=source.kind)
    return names


def _sources(
    found: Mapping[int, IndicatorView], sources: Mapping[int, NamedThing]
) -> tuple[NamedThing, ...]:
    used = {one.spec.source_id for one in found.values()}
    return tuple(named for number, named in sources.items() if number in used)


def _indicator(view: IndicatorView, sources: Mapping[int, NamedThing]) -> DraftIndicator:
    source = sources.get(view.spec.source_id or 0)
    return DraftIndicator(
        slug=view.slug,
        name=view.name,
        service=view.service.slug,
        source=source.name if source else "",
        spec=view.spec,
        environment=view.environment.value,
        description=view.description,
        labels=_labels(view.labels),
    )


def _objective(view: ObjectiveView, found: Mapping[int, IndicatorView]) -> DraftObjective:
    spec = view.spec
    return DraftObjective(
        slug=view.slug,
        name=view.name,
        document=0,
        service=view.service.slug,
        promise=spec.promise,
        environment=spec.environment,
        indicator=found[spec.indicator_id].slug if spec.indicator_id else "",
        members=tuple(
            DraftMember(
                indicator=found[one.indicator_id].slug,
                weight=one.weight,
                target=one.target,
                slice_target=one.slice_target,
            )
            for one in spec.members
        ),
        description=spec.description,
        alerts=spec.alerts,
        policy=spec.policy,
        labels=_labels(view.labels),
    )


def _labels(labels: Mapping[str, object]) -> Labels:
    return {
        name: tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)
        for name, value in labels.items()
    }
