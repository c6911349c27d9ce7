"""Lines in order, echoes dropped, runs folded."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.sentences import SENTENCES, Fact, Names
from evenfall.incidents.logic.story import tell

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def fact(number: int, kind: str, seconds: int = 0, **data: Any) -> Fact:
    return Fact(
        id=number,
        at=NOON + timedelta(seconds=seconds),
        kind=kind,
        actor="system",
        subjects=("incident:17",),
        data=data,
    )


def test_tell_keeps_the_order_of_time_and_tells_a_fact_once() -> None:
    later, earlier = fact(2, "paging.page_started", 5), fact(1, "incidents.incident_opened")
    lines = tell([later, earlier, later], Names())
    assert [line.kind for line in lines] == ["incidents.incident_opened", "paging.page_started"]


def test_tell_drops_the_echo_that_says_less() -> None:
    lines = tell(
        [
            fact(1, "incidents.incident_acknowledged", user_id=3),
            fact(2, "paging.page_acknowledged", user_id=3, via="email"),
        ],
        Names(people={3: "Ana"}),
    )
    assert [line.text for line in lines] == ["Ana acknowledged by e-mail after 0 s"]


def test_tell_keeps_what_another_person_or_a_later_hour_said() -> None:
    lines = tell(
        [
            fact(1, "incidents.incident_acknowledged", user_id=3),
            fact(2, "paging.page_acknowledged", user_id=4),
            fact(3, "paging.page_acknowledged", 3600, user_id=3),
        ],
        Names(),
    )
    assert len(lines) == 3


def test_tell_drops_accepted_only_for_the_same_notice() -> None:
    lines = tell(
        [
            fact(1, "notifications.notice_accepted", user_id=3, notice_id=1),
            fact(2, "notifications.notice_accepted", user_id=3, notice_id=2),
            fact(3, "notifications.notice_delivered", user_id=3, notice_id=1),
        ],
        Names(),
    )
    assert [line.kind for line in lines] == [
        "notifications.notice_accepted",
        "notifications.notice_delivered",
    ]


def test_tell_folds_a_run_and_keeps_its_lines() -> None:
    joined = [
        fact(n, "incidents.alerts_joined", n * 60, count=1, title=str(n)) for n in range(1, 9)
    ]
    lines = tell(joined, Names())
    assert [line.text for line in lines] == ["6 times alerts joined", "2 times alerts joined"]
    assert [len(line.folded) for line in lines] == [6, 2]


def test_tell_leaves_a_lone_line_as_it_is() -> None:
    (line,) = tell([fact(1, "incidents.alerts_joined", count=1, title="x")], Names())
    assert (line.text, line.folded) == ("An alert joined", ())


def test_tell_folds_the_steps_that_led_to_nobody_and_leaves_out_what_is_told_already() -> None:
    facts = [fact(n, "paging.page_nobody_found", missing=[]) for n in range(1, 4)]
    lines = tell([*facts, fact(9, "paging.page_content_changed")], Names())
    assert [line.text for line in lines] == ["3 steps of the policy led to nobody"]


def test_tell_lets_the_incident_speak_before_its_page() -> None:
    lines = tell([fact(1, "paging.page_started"), fact(2, "incidents.more_paged")], Names())
    assert [line.kind for line in lines] == ["incidents.more_paged", "paging.page_started"]


FACTS = st.lists(
    st.builds(
        fact,
        st.integers(1, 1000),
        st.sampled_from(sorted(SENTENCES)),
        st.integers(0, 1000),
        user_id=st.sampled_from([None, 3, 4]),
    ),
    max_size=30,
)


@given(FACTS)
def test_tell_is_in_order_and_does_not_depend_on_the_order_of_reading(facts: list[Fact]) -> None:
    known = {one.id: one for one in facts}
    lines = tell(known.values(), Names())
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert lines == tell(list(known.values())[::-1], Names())
    assert sum(max(1, len(line.folded)) for line in lines) <= len(known)
