"""A whole day of 20,000 alerts ends in exactly the incidents and pages that were planted."""

import pytest
from tests import documentation
from tests.day.generator import SIGNALS, make_day
from tests.day.playing import play
from tests.day.publishing import tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


def test_a_day_ends_in_exactly_the_planted_incidents_and_pages() -> None:
    day = make_day()
    played = play(day)
    assert played.wrong == []
    calls = sum(len(one.calls) for one in day.incidents)
    assert len(day.signals) == SIGNALS
    assert len(played.found.incidents) == len(day.incidents)
    assert sum(len(one.calls) for one in played.found.incidents) == calls
    assert played.found.people_called == sum(
        call.is_urgent for one in day.incidents for call in one.calls
    ), "nobody was called who was not the first on call"
    page = documentation.pages()["docs/explanation/a-day-of-alerts.md"]
    for name, table in tables(day, played.scores).items():
        assert table in page, f"{name}: write them anew with `python -m tests.day --docs`"
