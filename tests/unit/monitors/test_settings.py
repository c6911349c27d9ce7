"""Settings of kinds, lengths of time, uptimes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.monitors.logic import lengths
from evenfall.monitors.logic.fields import Field, FieldType, Flaw, sorted_settings
from evenfall.monitors.logic.inside import INSIDE
from evenfall.monitors.logic.uptime import Sum, added, uptime
from evenfall.platform import durations


@given(st.integers(0, int(lengths.MOST.total_seconds())))
def test_what_is_shown_is_read_again(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert lengths.read(durations.exact(length)) == length


@pytest.mark.parametrize("text", ["", "5", "m", "5 minutes", "-5m", "999999999w", "1h30"])
def test_what_is_no_length_is_none(text: str) -> None:
    assert lengths.read(text) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "-1"),
        ("number", "٣"),
        ("decimal", "inf"),
        ("decimal", "x"),
        ("duration", "0s"),
        ("url", "https://"),
        ("url", "https://a b"),
        ("url", "javascript:x"),
        ("choice", "z"),
        ("text", "a\nb"),
        ("text", "x" * 2001),
        ("text", ""),
    ],
)
def test_what_does_not_fit_its_field_is_a_flaw(kind: str, text: str) -> None:
    field = Field(name="it", label="It", type=FieldType(kind), choices=(("a", "A"),))
    with pytest.raises(Flaw):
        sorted_settings([field], {"it": text}, {})


def test_secrets_are_sorted_out_and_kept() -> None:
    fields = [Field(name="key", label="Key", type=FieldType.SECRET), Field(name="a", label="A")]
    found = sorted_settings(fields, {"a": " x\0 "}, {"key": "s3cret"})
    assert (found.settings, found.secrets) == ({"a": "x"}, {"key": "s3cret"})
    with pytest.raises(Flaw, match="b is no setting"):
        sorted_settings(fields, {"b": ""}, {})


@pytest.mark.parametrize(
    ("kind", "field", "given"),
    [
        ("heartbeat", "zone", {"zone": "Europe/Nowhere"}),
        ("heartbeat", "zone", {"zone": "../etc/passwd"}),
        ("heartbeat", "cron", {"schedule": "cron", "cron": "x"}),
        ("metric", "clear", {"source": "1", "query": "up", "limit": "9", "clear": "10"}),
        ("backup", "drill_age", {"longest_restore": "1h"}),
        ("drift", "ignored", {"ignored": "a\n" * 101}),
        ("configuration", "ignored", {"ignored": "a\n" * 101}),
    ],
)
def test_settings_that_cannot_work_together(kind: str, field: str, given: dict[str, str]) -> None:
    found = next(one for one in INSIDE if one.name == kind)
    settings = sorted_settings(found.fields, given, {}).settings
    with pytest.raises(Flaw) as raised:
        found.check(settings)
    assert raised.value.field == field


def test_a_percent_is_never_rounded_up() -> None:
    assert Sum(good=999_999, bad=1).percent == 99.99
    assert Sum(unknown=5).percent is None
    assert (Sum(unknown=1).unknown_percent, Sum().unknown_percent) == (100.0, 100.0)


def test_a_day_has_a_word() -> None:
    words = [Sum(5).word, Sum(9, 1).word, Sum(1, 9).word, Sum(1, 0, 9).word, Sum(0, 1, 9).word]
    assert words == ["good", "partly", "bad", "unknown", "partly"]
    assert Sum().word == "unknown"


def test_windows_are_whole_days_and_the_last_24_hours() -> None:
    today = date(2027, 3, 28)
    days = {today - timedelta(days=back): Sum(good=1, bad=back) for back in range(100)}
    found = uptime(Sum(7), days, today=today, bars=3)
    assert found.sums[1] == Sum(7)
    assert found.sums[7] == Sum(7, sum(range(7)))
    assert found.month == Sum(30, sum(range(30)))
    assert [bar.sum.bad for bar in found.bars] == [2, 1, 0]
    assert added([]) == Sum()


def test_times_are_said_in_the_unit_that_fits() -> None:
    said = [lengths.measured(ms) for ms in (0.4, 48, 9_999, 12_500, 60_000, 5_400_000)]
    assert said == ["0.4 ms", "48 ms", "9999 ms", "12.5 s", "1 min", "1 h 30 min"]
