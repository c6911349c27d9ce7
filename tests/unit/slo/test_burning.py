"""Which alerts fire, and what keeps them quiet."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.slo.logic.burning import (
    AlertKind,
    PairBurn,
    Traffic,
    absent_after,
    firing,
    is_absent,
    others,
    pair_burn,
)
from evenfall.slo.logic.pairs import DEFAULT_PAIRS, Fitted, Scaling, fit
from evenfall.slo.logic.spec import AlertRules, LowTraffic
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.logic.tallies import Part, Tally
from evenfall.slo.logic.words import alert_words

PAIRS = fit(DEFAULT_PAIRS, scaling=Scaling.FIXED, period=timedelta(days=30), allowed=0.001)
PLAIN = LowTraffic(least_bad=0)
MANY = Traffic(expected=[1e9])


def parts(bad: float, total: float) -> list[Part]:
    return [Part(tally=Tally(total - bad, total), allowed=0.001)]


def look(
    long: Sequence[Part],
    short: Sequence[Part],
    *,
    rules: LowTraffic = PLAIN,
    traffic: Traffic = MANY,
    fitted: Fitted = PAIRS[0],
) -> PairBurn:
    windows = {fitted.pair.long: long, fitted.pair.short: short}
    return pair_burn(fitted, windows, rules=rules, traffic=traffic)


def test_both_windows_have_to_burn() -> None:
    assert look(parts(15, 1000), parts(15, 1000)).fires
    assert look(parts(14.4, 1000), parts(14.4, 1000)).fires
    assert not look(parts(15, 1000), parts(14, 1000)).fires
    assert not look(parts(14, 1000), parts(15, 1000)).fires


def test_no_data_concludes_nothing_unless_one_window_is_enough() -> None:
    assert look(parts(15, 1000), parts(0, 0)).fires is None
    assert look(parts(1, 1000), parts(0, 0)).fires is False
    assert look(parts(0, 0), parts(0, 0)).fires is None


def test_false_pages_at_night_complaint_5() -> None:
    """Complaint 5: one error of ten requests is no proof; each rule keeps it quiet."""
    night = parts(2, 10)
    assert look(night, night).fires
    held = look(night, night, rules=LowTraffic())
    assert (held.fires, held.held_back) == (False, "few events")
    assert look(parts(3, 10), night, rules=LowTraffic()).fires
    assert look(night, night, rules=LowTraffic(least_bad=0, least_total=11)).held_back
    share = LowTraffic(least_bad=0, budget_share=True)
    held = look(night, night, rules=share, traffic=Traffic(expected=[1_000_000]))
    assert held.held_back == "small share of the budget"
    assert look(night, night, rules=share, traffic=Traffic(expected=[1000])).fires


def test_the_exact_rule_wants_proof() -> None:
    exact = LowTraffic(least_bad=0, exact=True)
    held = look(parts(1, 20), parts(1, 20), rules=exact)
    assert held.held_back == "may be chance"
    assert look(parts(5, 20), parts(5, 20), rules=exact).fires
    assert look(parts(0.4, 0.4), parts(1, 1), rules=exact).held_back == "may be chance"


def test_slices_are_never_too_few() -> None:
    few = Traffic(expected=[10], has_events=False)
    assert look(parts(1, 12), parts(1, 1), rules=LowTraffic(), traffic=few).fires


def burns(*fires: bool | None) -> list[PairBurn]:
    return [
        PairBurn(fitted=fitted, long=20.0, short=30.0, fires=one)
        for fitted, one in zip(PAIRS, fires, strict=True)
    ]


def test_the_alert_says_which_windows_fired_complaint_6() -> None:
    """Complaint 6: which pair it was is recorded and said."""
    found = firing(burns(False, True, False, False), {})
    pair = found[AlertKind.PAGE]
    assert pair is not None
    assert pair.pair.name == "page slow"
    said = alert_words("Checkout", AlertKind.PAGE, pair, last_data_at=None)
    assert said == (
        "Checkout: the error budget burns 20.0 times as fast as it may over 6 h, 30.0 times over"
        " 30 min (page slow: from 6 on)"
    )


def test_a_ticket_is_quiet_while_a_page_fires() -> None:
    assert set(firing(burns(True, False, True, True), {})) == {AlertKind.PAGE}
    assert set(firing(burns(False, False, True, True), {})) == {AlertKind.TICKET}
    held = firing(burns(None, False, True, True), {AlertKind.PAGE: "page quick"})
    assert held == {AlertKind.PAGE: None}


def test_for_want_of_data_nothing_begins_and_nothing_ends() -> None:
    unknown = burns(None, None, None, None)
    assert firing(unknown, {}) == {}
    assert firing(unknown, {AlertKind.TICKET: "ticket slow"}) == {AlertKind.TICKET: None}
    assert firing(burns(False, False, False, False), {AlertKind.PAGE: "page quick"}) == {}


@given(st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4))
def test_page_and_ticket_never_fire_together(fires: list[bool | None]) -> None:
    before = {AlertKind.PAGE: "page quick", AlertKind.TICKET: "ticket slow"}
    assert len(firing(burns(*fires), before)) <= 1


def test_no_data_is_told_as_soon_as_an_outage_would_be() -> None:
    """A full outage at 99.9 % pages after 52 s; with half of five minutes more: 4 minutes."""
    assert absent_after(PAIRS, allowed=0.001) == timedelta(minutes=4)
    assert absent_after([], allowed=0.001) == timedelta(minutes=5)
    loose = fit(DEFAULT_PAIRS, scaling=Scaling.FIXED, period=timedelta(days=30), allowed=0.01)
    assert absent_after(loose, allowed=0.01) == timedelta(minutes=12)


def test_what_never_had_data_is_absent_too() -> None:
    after, long_ago = timedelta(minutes=4), NOW - timedelta(days=1)
    for last, counts_from, absent in (
        (None, long_ago, True),
        (None, NOW - timedelta(minutes=3), False),
        (NOW - timedelta(minutes=3), long_ago, False),
        (NOW - timedelta(minutes=4), long_ago, True),
    ):
        assert is_absent(last, counts_from=counts_from, until=NOW, after=after) is absent


def test_the_other_alerts_can_be_switched_off() -> None:
    frozen = BudgetState.FROZEN
    assert others(AlertRules(), state=frozen, absent=True) == {
        AlertKind.ABSENT,
        AlertKind.EXHAUSTED,
    }
    off = AlertRules(absent=False, exhausted=False)
    assert others(off, state=frozen, absent=True) == set()
    assert others(AlertRules(), state=BudgetState.OK, absent=False) == set()


def test_what_the_other_alerts_say() -> None:
    said = alert_words("A", AlertKind.ABSENT, None, last_data_at=NOW)
    assert said == "A: no data since 2026-03-02 12:00 UTC"
    assert "no data has come" in alert_words("A", AlertKind.ABSENT, None, last_data_at=None)
    assert "used up" in alert_words("A", AlertKind.EXHAUSTED, None, last_data_at=None)
    assert "too fast" in alert_words("A", AlertKind.PAGE, None, last_data_at=None)
