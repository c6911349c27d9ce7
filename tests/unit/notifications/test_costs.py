from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from evenfall.notifications.logic.costs import Budget, month_of, read_limit


@pytest.mark.parametrize(
    ("limit", "spent", "is_close", "is_reached", "percent"),
    [
        (None, "1000", False, False, 0),
        ("50", "0", False, False, 0),
        ("50", "39.99", False, False, 79),
        ("50", "40", True, False, 80),
        ("50", "49.99", True, False, 99),
        ("50", "50", True, True, 100),
        ("50", "70", True, True, 100),
        ("0", "0", True, True, 100),
    ],
)
def test_a_budget_knows_how_far_it_is_gone(
    limit: str | None, spent: str, is_close: bool, is_reached: bool, percent: int
) -> None:
    budget = Budget(limit=None if limit is None else Decimal(limit), spent=Decimal(spent))
    assert (budget.is_close, budget.is_reached, budget.percent) == (is_close, is_reached, percent)


@pytest.mark.parametrize(
    ("text", "limit"),
    [("", None), ("  ", None), ("50", "50"), ("12,50", "12.50"), (" 7.5 ", "7.5"), ("0", "0")],
)
def test_a_limit_is_an_amount_or_nothing(text: str, limit: str | None) -> None:
    assert read_limit(text) == (None if limit is None else Decimal(limit))


@pytest.mark.parametrize("text", ["much", "-1", "NaN", "Infinity", "1e99", "1 000"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_limit(text)


def test_a_month_begins_in_utc() -> None:
    east = timezone(timedelta(hours=9))
    assert month_of(datetime(2026, 4, 1, 3, 0, tzinfo=east)) == datetime(2026, 3, 1, tzinfo=UTC)
