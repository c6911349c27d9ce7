from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.grouping import Group, group_base, join

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=30)


def test_group_base_depends_on_owner_environment_and_values() -> None:
    one = group_base(owner="service:1", environment="PROD", keys={"a": "1", "b": "2"})
    same = group_base(owner="service:1", environment="PROD", keys={"b": "2", "a": "1"})
    others = {
        group_base(owner="service:2", environment="PROD", keys={"a": "1", "b": "2"}),
        group_base(owner="service:1", environment="UAT", keys={"a": "1", "b": "2"}),
        group_base(owner="service:1", environment="PROD", keys={"a": "1", "b": "3"}),
        group_base(owner="service:1", environment="PROD", keys={"a": "1=b", "": "2"}),
    }
    assert one == same
    assert one not in others
    assert len(others) == 4


def test_join_starts_a_group_at_once() -> None:
    group = join("base", None, at=NOW, window=WINDOW)
    assert group.base == "base"
    assert group.key.startswith("base.")
    assert join("base", None, at=NOW, window=WINDOW) == group


@given(minutes=st.integers(min_value=0, max_value=90))
def test_join_keeps_the_group_within_the_window(minutes: int) -> None:
    known = Group("base", "base.1", NOW)
    joined = join("base", known, at=NOW + timedelta(minutes=minutes), window=WINDOW)
    assert (joined.key == "base.1") is (minutes <= 30)
    assert joined.last_alert_at == NOW + timedelta(minutes=minutes)
