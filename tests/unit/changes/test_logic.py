"""The decisions of the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.changes.logic.density import LEVELS, WEEKS, density, first_day
from evenfall.changes.logic.environments import LENGTH, environment_of
from evenfall.changes.logic.lifecycle import follows
from evenfall.changes.logic.reading import Unreadable, moment, sent, sent_objects
from evenfall.changes.logic.signing import has_digest, has_standard_signature, is_secret
from evenfall.changes.logic.words import DeployState

TODAY = date(2027, 1, 13)


@pytest.mark.parametrize(
    ("given_word", "known"),
    [
        ("production", "PROD"),
        ("Production/eu-1", "PROD"),
        ("eu-prod", "PROD"),
        ("staging", "UAT"),
        ("review/fix-typo", "DEV"),
        ("PROD", "PROD"),
        ("", ""),
        ("moonbase-alpha", "MOONBASE"),
    ],
)
def test_what_senders_call_an_environment(given_word: str, known: str) -> None:
    assert environment_of(given_word) == known


@given(st.text(max_size=50))
def test_every_word_fits_the_column(word: str) -> None:
    assert len(environment_of(word)) <= max(LENGTH * 3, LENGTH)


@pytest.mark.parametrize(
    ("before", "told", "moves"),
    [
        (DeployState.STARTED, DeployState.FINISHED, True),
        (DeployState.STARTED, DeployState.FAILED, True),
        (DeployState.FAILED, DeployState.FINISHED, True),
        (DeployState.FAILED, DeployState.STARTED, False),
        (DeployState.FINISHED, DeployState.FAILED, False),
        (DeployState.FINISHED, DeployState.STARTED, False),
        (DeployState.STARTED, DeployState.STARTED, False),
    ],
)
def test_a_late_report_moves_nothing_back(
    before: DeployState, told: DeployState, moves: bool
) -> None:
    assert follows(before, told) is moves


def test_the_calendar_is_whole_weeks_that_end_today() -> None:
    drawn = density({TODAY: 8, TODAY - timedelta(days=1): 1, date(2020, 1, 1): 99}, today=TODAY)
    assert first_day(TODAY).weekday() == 0
    assert drawn.cells[-1].day == TODAY
    assert len(drawn.cells) == (WEEKS - 1) * 7 + 3
    assert [cell.level for cell in drawn.cells[-2:]] == [1, LEVELS]
    assert (drawn.total, drawn.busiest and drawn.busiest.count) == (9, 8)


def test_a_calendar_of_nothing_has_no_busiest_day() -> None:
    drawn = density({}, today=TODAY)
    assert (drawn.total, drawn.busiest) == (0, None)
    assert {cell.level for cell in drawn.cells} == {0}


@given(st.dictionaries(st.dates(date(2026, 8, 1), TODAY), st.integers(0, 10_000)))
def test_more_changes_are_never_drawn_lighter(counts: dict[date, int]) -> None:
    cells = sorted(density(counts, today=TODAY).cells, key=lambda cell: cell.count)
    levels = [cell.level for cell in cells]
    assert levels == sorted(levels)
    assert all((cell.level == 0) == (cell.count == 0) for cell in cells)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2027-01-13T14:00:00Z", datetime(2027, 1, 13, 14, tzinfo=UTC)),
        ("2027-01-13 15:00:00 +0100", datetime(2027, 1, 13, 14, tzinfo=UTC)),
        ("2027-01-13 14:00:00 UTC", datetime(2027, 1, 13, 14, tzinfo=UTC)),
        ("2027-01-13T14:00:00", datetime(2027, 1, 13, 14, tzinfo=UTC)),
        (1799848800, datetime(2027, 1, 13, 14, tzinfo=UTC)),
        (1799848800000, datetime(2027, 1, 13, 14, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        (1e300, None),
    ],
)
def test_times_as_tools_write_them(value: object, at: datetime | None) -> None:
    assert moment(value) == at


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_time_is_worth_an_exception(value: object) -> None:
    found = moment(value)
    assert found is None or found.tzinfo is not None


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        found = sent_objects(body)
    except Unreadable:
        return
    assert found


def test_what_is_missing_or_of_another_type_reads_as_empty() -> None:
    told = sent(b'{"a": {"b": "\\u0000x"}, "c": [1, {"d": 2}], "e": 7, "f": "true", "g": true}')
    assert told.part("a").text("b") == "\N{REPLACEMENT CHARACTER}x"
    assert told.part("c").text("b") == ""
    assert [bool(one) for one in told.parts("c")] == [False, True]
    assert told.parts("a") == []
    assert (told.text("nothing", "e"), told.flag("f"), told.flag("e")) == ("7", True, False)
    assert told.text("g") == ""
    assert told.tree("c") == {}
    assert told.tree()["e"] == 7
    with pytest.raises(Unreadable):
        sent(b"[{}, {}]")


def test_a_signature_fits_one_body_and_one_secret_only() -> None:
    digest = "sha256=0ff1e4f3cd8ac1b4d9d8a8c3a14ed5f6c2a8d57dbb4a1b1d6c1b3e2c7c5d8f9a"
    assert not has_digest(digest, b"{}", "secret")
    assert not has_digest("sha1=aa", b"{}", "secret")
    assert not has_digest("", b"{}", "")
    assert is_secret("s3cret", "s3cret")
    assert not is_secret("", "")


def test_standard_webhooks_take_any_of_several_signatures() -> None:
    # The example of the specification.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    told = {"number": "msg_p5jXN8AQM9LWM0D4loKWxJek", "at": "1614265330", "body": body}
    assert has_standard_signature(f"v1,AAAA {right}", secret=secret, **told)  # type: ignore[arg-type]
    assert not has_standard_signature(right, secret="whsec_!", **told)  # type: ignore[arg-type]
    assert not has_standard_signature(right, secret="", **told)  # type: ignore[arg-type]
