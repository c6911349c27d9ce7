"""From a batch of alerts to groups."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.grouping import Arrival, grouped
from evenfall.incidents.logic.severity import sev_of_alert

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

PROD = Environment.PROD


def arrival(
    alert_id: int,
    key: str | None = "g",
    *,
    title: str = "Disk full",
    severity: Severity = Severity.ERROR,
    urgency: Urgency = Urgency.HIGH,
    service_id: int | None = None,
    minutes: int = 0,
) -> Arrival:
    return Arrival(
        alert_id=alert_id,
        group_key=key,
        title=title,
        severity=severity,
        urgency=urgency,
        environment="PROD",
        at=NOON + timedelta(minutes=minutes),
        service_id=service_id,
    )


ARRIVALS = st.lists(
    st.builds(
        arrival,
        st.integers(1, 20),
        st.sampled_from(["a", "b", "c", None]),
        severity=st.sampled_from(Severity),
        urgency=st.sampled_from(Urgency),
    ),
    max_size=20,
)


@given(ARRIVALS)
def test_every_alert_is_in_a_group_and_keys_are_sorted(arrivals: list[Arrival]) -> None:
    groups = grouped(arrivals)
    keys = [group.key for group in groups]
    assert keys == sorted(set(keys))
    found = {(group.key, one.alert_id) for group in groups for one in group.arrivals}
    assert found == {(one.key, one.alert_id) for one in arrivals}
    assert sum(len(group.arrivals) for group in groups) == len(found)


@given(ARRIVALS)
def test_a_group_is_as_bad_and_as_urgent_as_its_worst_alert(arrivals: list[Arrival]) -> None:
    for group in grouped(arrivals):
        assert group.sev is min(sev_of_alert(one.severity, PROD) for one in group.arrivals)
        is_urgent = any(one.urgency is Urgency.HIGH for one in group.arrivals)
        assert (group.urgency is Urgency.HIGH) == is_urgent


def test_a_group_takes_what_its_first_alerts_know() -> None:
    late, early = arrival(1, minutes=5, title=" one "), arrival(2, minutes=1, service_id=7)
    (group,) = grouped([late, early])
    assert group.title(service="") == "one"
    assert group.opened_at == early.at
    assert group.service_id == 7
    assert group.team_id is None
    assert group.policy_id is None


def test_an_alert_without_a_key_is_a_group_of_its_own() -> None:
    groups = grouped([arrival(1, None), arrival(2, None)])
    assert [group.key for group in groups] == ["alert:1", "alert:2"]
