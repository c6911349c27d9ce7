"""Any right documents of OpenSLO v1."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from evenfall.slo.logic.openslo.durations import Duration, Unit
from evenfall.slo.logic.openslo.structs import (
    AlertPolicy,
    Budgeting,
    Condition,
    DataSource,
    Document,
    Indicator,
    Meta,
    Metric,
    Objective,
    Op,
    Ratio,
    RawType,
    Service,
    Slo,
    Target,
    Window,
)

names = st.from_regex(r"[a-z]([-a-z0-9]{0,20}[a-z0-9])?", fullmatch=True)
# What reads as a text again: YAML quotes whatever would be read as something else.
words = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "Sm")), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
texts = st.just("") | words
durations = st.builds(Duration, st.integers(1, 400), st.sampled_from(Unit))
exact = st.builds(
    Duration, st.integers(1, 400), st.sampled_from([Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK])
)
shares = st.integers(1, 99_999).map(lambda many: Decimal(many) / 100_000)
numbers = st.floats(0.001, 1e6, allow_nan=False)
opaque = st.dictionaries(words, words | st.integers(-5, 5) | st.booleans(), max_size=3)


def metas() -> st.SearchStrategy[Meta]:
    key = st.from_regex(r"(example\.org/)?[a-z]{1,10}", fullmatch=True)
    return st.builds(
        Meta,
        name=names,
        display_name=texts,
        labels=st.dictionaries(key, st.lists(words, min_size=1, max_size=2).map(tuple), max_size=2),
        annotations=st.dictionaries(key, words, max_size=2),
    )


def metrics() -> st.SearchStrategy[Metric]:
    return st.builds(Metric, source_ref=names, type=texts, spec=opaque)


def ratios() -> st.SearchStrategy[Ratio]:
    some = metrics()
    return st.one_of(
        st.builds(Ratio, good=some, total=some, counter=st.booleans()),
        st.builds(Ratio, bad=some, total=some, counter=st.booleans()),
        st.builds(Ratio, raw=some, raw_type=st.sampled_from(RawType)),
    )


def indicators(*, threshold: bool) -> st.SearchStrategy[Indicator]:
    inside: dict[str, Any] = {"threshold": metrics()} if threshold else {"ratio": ratios()}
    return st.builds(Indicator, meta=metas(), description=texts, **inside)


def targets() -> st.SearchStrategy[Target]:
    return st.builds(Target, meta=metas(), target=words, description=texts)


def conditions() -> st.SearchStrategy[Condition]:
    return st.builds(
        Condition,
        meta=metas(),
        severity=words,
        threshold=numbers,
        lookback=exact,
        op=st.sampled_from(Op),
        after=st.none() | durations,
        description=texts,
    )


def policies() -> st.SearchStrategy[AlertPolicy]:
    return st.builds(
        AlertPolicy,
        meta=metas(),
        description=texts,
        when_breaching=st.booleans(),
        when_resolved=st.booleans(),
        when_no_data=st.booleans(),
        condition=conditions(),
        targets=st.lists(targets() | names, max_size=2).map(tuple),
    )


def windows() -> st.SearchStrategy[Window]:
    starts = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat(sep=" "))
    return st.one_of(
        st.builds(Window, duration=durations, is_rolling=st.just(True)),
        st.builds(
            Window,
            duration=durations,
            is_rolling=st.just(False),
            starts_at=starts,
            zone=st.sampled_from(["UTC", "Europe/Vienna", "Asia/Kolkata"]),
        ),
    )


@st.composite
def objectives(
    draw: st.DrawFn, *, budgeting: Budgeting, threshold: bool, member: bool
) -> Objective:
    slices: dict[str, Any] = {}
    if budgeting is not Budgeting.OCCURRENCES:
        slices["slice_window"] = draw(exact)
    if budgeting is Budgeting.TIMESLICES:
        slices["slice_target"] = draw(shares)
    if threshold:
        slices |= {"op": draw(st.sampled_from(Op)), "value": draw(numbers)}
    if member:
        slices |= {"indicator": draw(indicators(threshold=threshold)), "weight": draw(numbers)}
    return Objective(target=draw(shares), display_name=draw(texts), **slices)


@st.composite
def slos(draw: st.DrawFn) -> Slo:
    budgeting = draw(st.sampled_from(Budgeting))
    threshold, composite = draw(st.booleans()), draw(st.booleans())
    one = objectives(budgeting=budgeting, threshold=threshold, member=composite)
    most = 1 if threshold and not composite else 3
    return Slo(
        meta=draw(metas()),
        service=draw(names),
        budgeting=budgeting,
        window=draw(windows()),
        objectives=tuple(draw(st.lists(one, min_size=1, max_size=most))),
        description=draw(texts),
        indicator=None if composite else draw(indicators(threshold=threshold)),
        policies=tuple(draw(st.lists(policies() | names, max_size=2))),
    )


def documents() -> st.SearchStrategy[Document]:
    return st.one_of(
        st.builds(DataSource, meta=metas(), type=words, description=texts, details=opaque),
        st.builds(Service, meta=metas(), description=texts),
        indicators(threshold=True),
        indicators(threshold=False),
        slos(),
        policies(),
        conditions(),
        targets(),
    )
