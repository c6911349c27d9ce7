"""From OpenSLO documents to drafts of our indicators and objectives, with notes on what differs.

Several objectives of one SLO become one each, named after their targets; a policy of one condition
becomes a pair of windows, of which the short one is a twelfth of the long one.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from evenfall.slo.logic import spec
from evenfall.slo.logic.openslo import alerting, annotations, queries
from evenfall.slo.logic.openslo.drafts import (
    DraftIndicator,
    DraftMember,
    DraftObjective,
    Drafts,
    NamedThing,
)
from evenfall.slo.logic.openslo.notes import Note, Severity
from evenfall.slo.logic.openslo.reading import Found, Reading
from evenfall.slo.logic.openslo.references import Names, indicator_of, names_of
from evenfall.slo.logic.openslo.structs import (
    Budgeting,
    DataSource,
    Document,
    Indicator,
    Kind,
    Objective,
    Service,
    Slo,
    Window,
)

SLUG_MOST: Final = 63


def translate(reading: Reading) -> Drafts:
    """Return the drafts of all SLOs that can be imported; notes of the reading come first."""
    work = _Work(names=names_of({one.number: one.document for one in reading.found}))
    for one in reading.found:
        if isinstance(one.document, Slo):
            _slo(work, one.number, one.document)
    work.notes += _unused(reading.found, work)
    if not work.objectives and not any(note.is_error for note in (*reading.notes, *work.notes)):
        work.notes.append(_note(0, "", Severity.ERROR, "There is no SLO.", "Add one."))
    _drop_unneeded(work)
    return Drafts(
        services=tuple(_services(work)),
        sources=tuple(_sources(work)),
        indicators=tuple(work.indicators.values()),
        objectives=tuple(work.objectives.values()),
        notes=(*reading.notes, *work.notes),
    )


class _Work(Struct, kw_only=True):
    """What has become of the documents so far, by slug."""

    names: Names
    indicators: dict[str, DraftIndicator] = field(default_factory=dict)
    objectives: dict[str, DraftObjective] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)


def _drop_unneeded(work: _Work) -> None:
    """Indicators of SLOs that have an error are not imported either."""
    needed = {
        slug
        for one in work.objectives.values()
        for slug in (one.indicator, *(member.indicator for member in one.members))
    }
    for slug in work.indicators.keys() - needed:
        del work.indicators[slug]


def _slo(work: _Work, number: int, slo: Slo) -> None:
    promises = [_promise(slo, one) for one in slo.objectives]
    notes = [*_slice_notes(number, slo), *_window_notes(number, slo)]
    indicators = [_indicator(work, number, slo, one, notes) for one in slo.objectives]
    alerts = alerting.rules(number, slo, work.names, notes)
    work.notes += notes
    if any(note.is_error for note in notes):
        return
    settings = annotations.settings(slo.meta, number, work.notes)
    promises = [replace(one, no_data=settings.no_data) for one in promises]
    drafts = (
        [_composite(slo, promises[0], indicators)]
        if slo.is_composite
        else [
            _single(slo, one, promise, indicator)
            for one, promise, indicator in zip(slo.objectives, promises, indicators, strict=True)
        ]
    )
    for draft in drafts:
        slug = _free(draft.slug, work.objectives)
        work.objectives[slug] = replace(
            draft,
            slug=slug,
            document=number,
            alerts=_reachable(settings.alerts(alerts), draft.promise),
            policy=settings.policy,
            environment=settings.environment,
        )
        work.notes += alerting.unreachable(number, slo, draft.promise, alerts)


def _single(
    slo: Slo, objective: Objective, promise: spec.Promise, indicator: DraftIndicator | None
) -> DraftObjective:
    several = len(slo.objectives) > 1
    percent = _percent(objective.target)
    slug = f"{slo.meta.name[:50]}-{percent.replace('.', '-')}" if several else slo.meta.name
    title = objective.display_name or f"{percent} %"
    return DraftObjective(
        slug=slug[:SLUG_MOST].rstrip("-"),
        name=(f"{slo.meta.title}: {title}" if several else slo.meta.title)[:120],
        document=0,
        service=slo.service,
        promise=promise,
        environment="",
        indicator=indicator.slug if indicator else "",
        description=slo.description,
        labels=slo.meta.labels,
    )


def _composite(
    slo: Slo, promise: spec.Promise, indicators: Iterable[DraftIndicator | None]
) -> DraftObjective:
    is_slices = promise.method.has_slices
    members = tuple(
        DraftMember(
            indicator=indicator.slug,
            weight=one.weight or 1.0,
            target=_other(one.target, promise.target) if not is_slices else None,
            slice_target=_other(one.slice_target, promise.slice_target),
        )
        for one, indicator in zip(slo.objectives, indicators, strict=True)
        if indicator is not None
    )
    return DraftObjective(
        slug=slo.meta.name,
        name=slo.meta.title[:120],
        document=0,
        service=slo.service,
        promise=promise,
        environment="",
        members=members,
        description=slo.description,
        labels=slo.meta.labels,
    )


def _reachable(alerts: spec.AlertRules | None, promise: spec.Promise) -> spec.AlertRules | None:
    return None if alerts is None else alerting.reachable(alerts, allowed=promise.allowed)


def _percent(share: Decimal) -> str:
    text = f"{share * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _other(share: Decimal | None, usual: float) -> float | None:
    return None if share is None or float(share) == usual else float(share)


def _promise(slo: Slo, one: Objective) -> spec.Promise:
    method = {
        Budgeting.OCCURRENCES: spec.Method.OCCURRENCES,
        Budgeting.TIMESLICES: spec.Method.TIMESLICES,
        Budgeting.RATIO_TIMESLICES: spec.Method.RATIO_TIMESLICES,
    }[slo.budgeting]
    minutes = one.slice_window.minutes if one.slice_window and method.has_slices else 1
    is_shared = method is spec.Method.TIMESLICES and one.slice_target is not None
    return spec.Promise(
        target=float(one.target),
        window=window_of(slo.window),
        method=method,
        slice_target=float(one.slice_target or 1) if is_shared else 1.0,
        slice_minutes=minutes,
    )


def window_of(window: Window) -> spec.Window:
    """The window in our own words."""
    span = spec.Span(window.duration.count, spec.Unit(window.duration.unit.value))
    if window.is_rolling:
        return spec.Window(span=span)
    return spec.Window(span=span, zone=window.zone, starts=datetime.fromisoformat(window.starts_at))


def _indicator(
    work: _Work, number: int, slo: Slo, objective: Objective, notes: list[Note]
) -> DraftIndicator | None:
    found = indicator_of(slo, objective, work.names)
    if found is None:  # pragma: no cover - such an SLO has an error and is not here
        return None
    owner = objective if objective.is_member else slo
    is_inline = owner.indicator is not None
    work.used.add(owner.indicator_ref)
    draft = DraftIndicator(
        slug=_indicator_slug(work, slo, found, is_inline=is_inline),
        name=found.meta.title[:120],
        service=found.meta.annotations.get(annotations.SERVICE, slo.service),
        source=queries.source_name(found),
        spec=queries.spec_of(found, objective, number, notes),
        environment=annotations.environment(found.meta, annotations.environment(slo.meta)),
        description=found.description,
        labels=found.meta.labels,
    )
    return _distinct(work, draft)


def _indicator_slug(work: _Work, slo: Slo, found: Indicator, *, is_inline: bool) -> str:
    """An inline indicator is its SLO's own: another with its name is another one."""
    is_taken = is_inline and found.meta.name in work.names[Kind.SLI]
    return f"{slo.meta.name[:30]}-{found.meta.name[:32]}" if is_taken else found.meta.name


def _distinct(work: _Work, draft: DraftIndicator) -> DraftIndicator:
    """The same name for the same measure; what measures differently (a limit) gets a number."""
    for slug in _numbered(draft.slug):
        known = work.indicators.get(slug)
        if known is None or known.spec == draft.spec:
            found = known or replace(draft, slug=slug)
            work.indicators[slug] = found
            return found
    raise AssertionError  # pragma: no cover - there is always another number


def _free(slug: str, taken: dict[str, DraftObjective]) -> str:
    return next(one for one in _numbered(slug) if one not in taken)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        ending = f"-{number}"
        yield f"{slug[: SLUG_MOST - len(ending)]}{ending}"
        number += 1


def _slice_notes(number: int, slo: Slo) -> Iterator[Note]:
    if slo.budgeting is Budgeting.OCCURRENCES:
        return
    lengths = [one.slice_window for one in slo.objectives]
    for index, length in enumerate(lengths):
        path = f"spec.objectives[{index}].timeSliceWindow"
        if length is not None and length.minutes not in spec.SLICES:
            choices = ", ".join(str(one) for one in spec.SLICES)
            text = "Slices here fill each hour."
            yield _note(number, path, Severity.ERROR, text, f"Choose one of {choices} minutes.")
        if slo.is_composite and length != lengths[0]:
            text = "All members of a composite have slices of one length here."
            yield _note(number, path, Severity.ERROR, text, "Write the same in all of them.")


def _window_notes(number: int, slo: Slo) -> Iterator[Note]:
    window = slo.window
    if window.is_rolling and not window.duration.is_exact:
        days = window.duration.length.days
        yield _note(
            number,
            "spec.timeWindow[0].duration",
            Severity.WARNING,
            f"A rolling {window.duration.text} has no length of its own; it is {days} days here.",
            f"Write {days}d.",
        )
    targets = {one.target for one in slo.objectives}
    if slo.is_composite and len(targets) > 1:
        yield _note(
            number,
            "spec.objectives",
            Severity.WARNING,
            "The members of this composite have several targets; the whole shows the first one.",
            "Look at it: slices count against the first one, events each against their own.",
        )


def _unused(found: Iterable[Found], work: _Work) -> Iterator[Note]:
    for one in found:
        if isinstance(one.document, Indicator) and one.document.meta.name not in work.used:
            text = "No SLO uses this SLI."
            todo = "It is left out; add an SLO that refers to it."
            yield _note(one.number, "", Severity.WARNING, text, todo)


def _services(work: _Work) -> Iterator[NamedThing]:
    known = work.names[Kind.SERVICE]
    named = [one.service for one in work.objectives.values()]
    named += [one.service for one in work.indicators.values()]
    for name in dict.fromkeys(named):
        found = known.get(name)
        title = found.meta.title if isinstance(found, Service) else name
        yield NamedThing(name=name, title=title)


def _sources(work: _Work) -> Iterator[NamedThing]:
    known = work.names[Kind.DATA_SOURCE]
    needed = (one.source for one in work.indicators.values() if one.source)
    for name in dict.fromkeys(needed):
        found: Document | None = known.get(name)
        if isinstance(found, DataSource):
            yield NamedThing(name=name, title=found.meta.title, type=found.type)
        else:
            yield NamedThing(name=name, title=name)


def _note(number: int, path: str, severity: Severity, text: str, todo: str) -> Note:
    return Note(document=number, path=path, severity=severity, text=text, todo=todo)
