"""What may be the same incident, with the reasons why."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.suggesting import (
    HALF_LIFE,
    SUGGESTED_FROM,
    Candidate,
    Wanted,
    near_equal,
    suggest,
)

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
TEXTS = st.text(max_size=40)
CANDIDATES = st.builds(
    Candidate,
    incident_id=st.integers(1, 99),
    title=TEXTS,
    text=TEXTS,
    service_id=st.sampled_from([None, 1, 2]),
    ended_at=st.none() | st.integers(0, 900).map(lambda days: NOON - timedelta(days=days)),
    alert_titles=st.lists(TEXTS, max_size=3).map(tuple),
)


def candidate(
    number: int,
    title: str,
    *,
    service_id: int | None = None,
    ended_days_ago: float | None = None,
    alerts: tuple[str, ...] = (),
) -> Candidate:
    ago = None if ended_days_ago is None else NOON - timedelta(days=ended_days_ago)
    return Candidate(
        incident_id=number,
        title=title,
        text="",
        service_id=service_id,
        ended_at=ago,
        alert_titles=alerts,
    )


def ids(wanted: Wanted, *among: Candidate, limit: int = 5) -> list[int]:
    return [one.incident_id for one in suggest(wanted, among, now=NOON, limit=limit)]


def test_the_most_alike_comes_first_and_the_rest_not_at_all() -> None:
    found = ids(
        Wanted(title="checkout api down", service_id=7),
        candidate(1, "Mail queue grows"),
        candidate(2, "Checkout API is down"),
        candidate(3, "Checkout is slow"),
        candidate(4, "Something else entirely", service_id=7),
    )
    assert found == [2, 3, 4]


def test_the_reasons_say_why() -> None:
    (found,) = suggest(
        Wanted(title="Checkout fails with 5xx", service_id=7),
        [candidate(1, "Checkout slow", service_id=7, alerts=("Checkout answers 5xx",))],
        now=NOON,
        limit=5,
        service="Shop",
    )
    assert found.reasons == (
        "In common: checkout",
        "Same service: Shop",
        "Its alert says the same: Checkout answers 5xx",
    )


def test_a_typing_error_does_not_hide_it() -> None:
    (found,) = suggest(
        Wanted(title="Chekout is down"),
        [candidate(1, "Checkout is down")],
        now=NOON,
        limit=5,
    )
    assert (found.score, found.reasons) == (1.0, ("Almost the same title",))


def test_a_past_one_needs_more_than_the_same_service() -> None:
    wanted = Wanted(title="Pump leaks", service_id=7)
    assert ids(wanted, candidate(1, "Disk full", service_id=7)) == [1]
    assert ids(wanted, candidate(1, "Disk full", service_id=7, ended_days_ago=1)) == []


def test_what_ended_long_ago_counts_less() -> None:
    days = HALF_LIFE / timedelta(days=1)
    found = suggest(
        Wanted(title="Disk full"),
        [candidate(1, "Disk full", ended_days_ago=days), candidate(2, "Disk full")],
        now=NOON,
        limit=5,
    )
    assert [(one.incident_id, one.score) for one in found] == [(2, 1.0), (1, 0.5)]


def test_only_so_many_and_the_newest_first_among_equals() -> None:
    among = [candidate(number, "Disk full") for number in range(1, 9)]
    assert ids(Wanted(title="disk full"), *among, limit=2) == [8, 7]


def test_nothing_typed_suggests_nothing() -> None:
    assert ids(Wanted(title=""), candidate(1, "Disk full"), candidate(2, "")) == []
    assert not near_equal("", "")


@given(TEXTS, TEXTS, st.sampled_from([None, 1, 2]), st.lists(CANDIDATES, max_size=6))
def test_scores_are_shares_and_come_with_their_reason(
    title: str, text: str, service_id: int | None, among: list[Candidate]
) -> None:
    wanted = Wanted(title=title, text=text, service_id=service_id)
    found = suggest(wanted, among, now=NOON, limit=5, service="Shop")
    assert len(found) <= 5
    assert all(SUGGESTED_FROM <= one.score <= 1.0 + 1e-9 for one in found)
    assert all(one.reasons for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
