"""What updates make of components, whatever order they were written in."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.statuspages.logic import posts, sentences
from evenfall.statuspages.logic.posts import Span, Step
from evenfall.statuspages.logic.uptime import Weights
from evenfall.statuspages.logic.words import Impact, PostState, Status

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAYABLE = st.sampled_from([Status.OPERATIONAL, Status.DEGRADED, Status.PARTIAL, Status.MAJOR])


def step(hour: int, state: PostState = PostState.INVESTIGATING, **said: Status) -> Step:
    """At this hour; `c1=Status.MAJOR` is about component 1."""
    statuses = {int(name[1:]): status for name, status in said.items()}
    return Step(id=hour, said_at=START + hour * HOUR, state=state, statuses=statuses)


STEPS = st.lists(
    st.builds(
        Step,
        id=st.integers(1, 10**6),
        said_at=st.integers(0, 50).map(lambda hour: START + hour * HOUR),
        state=st.sampled_from(PostState),
        statuses=st.dictionaries(st.integers(1, 3), SAYABLE),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


def test_updates_set_change_and_take_back() -> None:
    found = posts.spans(
        [
            step(0, c1=Status.MAJOR, c2=Status.DEGRADED),
            step(1, PostState.IDENTIFIED, c1=Status.DEGRADED),
            step(2, PostState.MONITORING, c2=Status.OPERATIONAL),
            step(3, PostState.RESOLVED),
        ]
    )
    assert sorted(found, key=lambda one: (one.component_id, one.starts_at)) == [
        span(1, Status.MAJOR, 0, 1),
        span(1, Status.DEGRADED, 1, 3),
        span(2, Status.DEGRADED, 0, 2),
    ]


def test_an_update_that_names_nothing_changes_nothing() -> None:
    found = posts.spans([step(0, c1=Status.MAJOR), step(1), step(2, c1=Status.MAJOR)])
    assert found == [span(1, Status.MAJOR, 0, None)]


def test_two_updates_of_one_moment_leave_no_empty_span() -> None:
    first = Step(id=1, said_at=START, state=PostState.INVESTIGATING, statuses={1: Status.MAJOR})
    then = Step(id=2, said_at=START, state=PostState.IDENTIFIED, statuses={1: Status.DEGRADED})
    assert posts.spans([then, first]) == [span(1, Status.DEGRADED, 0, None)]


def span(component_id: int, status: Status, start: int, end: int | None) -> Span:
    return Span(
        component_id=component_id,
        status=status,
        starts_at=START + start * HOUR,
        ends_at=None if end is None else START + end * HOUR,
    )


@given(STEPS, st.randoms(use_true_random=False))
def test_spans_do_not_depend_on_the_order_of_writing(steps: list[Step], random: object) -> None:
    mixed = list(steps)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' Random
    assert posts.spans(mixed) == posts.spans(steps)


@given(STEPS)
def test_spans_of_a_component_do_not_overlap(steps: list[Step]) -> None:
    by_component: dict[int, list[Span]] = {}
    for one in posts.spans(steps):
        by_component.setdefault(one.component_id, []).append(one)
    for spans in by_component.values():
        ordered = sorted(spans, key=lambda one: one.starts_at)
        for before, after in itertools.pairwise(ordered):
            assert before.ends_at is not None
            assert before.ends_at <= after.starts_at


@given(STEPS)
def test_a_resolved_post_says_nothing_any_more(steps: list[Step]) -> None:
    end = Step(id=10**7, said_at=START + 60 * HOUR, state=PostState.RESOLVED)
    assert all(one.ends_at is not None for one in posts.spans([*steps, end]))


def test_impact_is_the_worst_ever_said() -> None:
    assert posts.impact([step(0, c1=Status.PARTIAL), step(1, c1=Status.DEGRADED)]) is Impact.MAJOR
    assert posts.impact([step(0)]) is Impact.NONE


def test_the_sentence_tells_all_from_some() -> None:
    good, bad = Status.OPERATIONAL, Status.MAJOR
    assert sentences.overall([good, good]) == (good, "All systems are operational")
    assert sentences.overall([good, bad]) == (bad, "Major outage of some systems")
    assert sentences.overall([bad, bad]) == (bad, "Major outage of all systems")
    assert sentences.overall([good, Status.UNKNOWN])[1].startswith("All systems that we watch")
    assert sentences.overall([]) == (Status.UNKNOWN, "Nothing is shown here yet")


def test_the_formula_names_each_weight() -> None:
    text = sentences.formula(Weights(), counts_maintenance=False, days=90)
    for words in ("1 * major outage", "0.3 * partial outage", "0 * degraded"):
        assert words.replace("*", "\N{MULTIPLICATION SIGN}") in text
    assert "left out" in text
    counted = sentences.formula(Weights(), counts_maintenance=True, days=90)
    assert "1 \N{MULTIPLICATION SIGN} maintenance" in counted
