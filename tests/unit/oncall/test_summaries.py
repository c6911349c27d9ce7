from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from evenfall.oncall.logic.summaries import Cadence, cadence_of, next_summary

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cadence", "now", "due"),
    [
        (Cadence.DAILY, datetime(2026, 3, 3, 6, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)),
        (Cadence.DAILY, datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 4, 7, tzinfo=UTC)),
        (Cadence.WEEKLY, datetime(2026, 3, 3, 6, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (Cadence.WEEKLY, datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        # the clocks go forward in between: eight stays eight
        (
            Cadence.WEEKLY,
            datetime(2026, 3, 23, 7, tzinfo=UTC),
            datetime(2026, 3, 30, 6, tzinfo=UTC),
        ),
        (Cadence.OFF, datetime(2026, 3, 3, 6, tzinfo=UTC), None),
    ],
)
def test_summaries_come_at_eight_on_the_wall(
    cadence: Cadence, now: datetime, due: datetime | None
) -> None:
    assert next_summary(cadence, BERLIN, now) == due


def test_leads_get_the_week_unless_they_choose() -> None:
    assert cadence_of(None, leads=True) is Cadence.WEEKLY
    assert cadence_of(None, leads=False) is Cadence.OFF
    assert cadence_of(Cadence.OFF, leads=True) is Cadence.OFF
    assert cadence_of(Cadence.DAILY, leads=False) is Cadence.DAILY
