"""Which alerts are causes, which are symptoms, and who holds whom."""

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.inhibition import (
    InhibitionBook,
    InhibitionRule,
    Inhibitor,
    Role,
    inhibitor_of,
)
from evenfall.alerting.logic.matchers import accepts_all, parse_matchers


def rule(
    number: int = 1,
    source: str = 'alertname="DatabaseDown"',
    target: str = 'alertname=~".*Slow"',
    equal: tuple[str, ...] = ("cluster",),
) -> InhibitionRule:
    return InhibitionRule(
        id=number,
        name=f"rule {number}",
        source=parse_matchers(source),
        target=parse_matchers(target),
        equal=equal,
    )


DOWN = {"alertname": "DatabaseDown", "cluster": "eu"}
SLOW = {"alertname": "CheckoutSlow", "cluster": "eu"}


def roles(values: dict[str, str], *rules: InhibitionRule) -> tuple[Role, ...]:
    return InhibitionBook.of(rules or (rule(),)).roles(values)


def test_cause_and_symptom_meet_at_the_same_key() -> None:
    (cause,), (symptom,) = roles(DOWN), roles(SLOW)
    assert (cause.is_source, cause.is_target) == (True, False)
    assert (symptom.is_source, symptom.is_target) == (False, True)
    assert cause.key == symptom.key


def test_another_value_of_an_equal_label_is_another_key() -> None:
    (cause,), (symptom,) = roles(DOWN), roles({**SLOW, "cluster": "us"})
    assert cause.key != symptom.key


def test_a_label_that_both_lack_is_equal() -> None:
    (cause,), (symptom,) = roles({"alertname": "DatabaseDown"}), roles({"alertname": "ASlow"})
    assert cause.key == symptom.key


def test_values_never_run_into_each_other() -> None:
    both = rule(equal=("a", "b"))
    (one,) = roles({**DOWN, "a": "x", "b": "yz"}, both)
    (other,) = roles({**DOWN, "a": "xy", "b": "z"}, both)
    assert one.key != other.key


def test_what_fits_no_side_has_no_role() -> None:
    assert roles({"alertname": "Other"}) == ()


def held(alert_id: int, values: dict[str, str], *causes: Inhibitor, by: InhibitionRule) -> int:
    mine = roles(values, by)
    found = inhibitor_of(alert_id, mine, {(by.id, mine[0].key): causes})
    return found[1].alert_id if found else 0


def test_the_oldest_open_cause_holds() -> None:
    causes = [Inhibitor(alert_id=n, summary="", is_target=False) for n in (7, 3)]
    assert held(9, SLOW, *causes, by=rule()) == 3
    assert held(9, SLOW, by=rule()) == 0


def test_nothing_holds_itself_nor_two_each_other() -> None:
    """As in Alertmanager: what is both cause and symptom is held only by a pure cause."""
    every = rule(source='severity=~".+"', target='severity=~".+"')
    values = {"severity": "critical", "cluster": "eu"}
    other = Inhibitor(alert_id=5, summary="", is_target=True)
    assert held(5, values, Inhibitor(alert_id=5, summary="", is_target=True), by=every) == 0
    assert held(9, values, other, by=every) == 0
    assert held(9, values, Inhibitor(alert_id=5, summary="", is_target=False), by=every) == 5


def test_the_first_rule_that_holds_is_named() -> None:
    book = InhibitionBook.of([rule(1), rule(2)])
    mine = book.roles(SLOW)
    causes = {(2, mine[1].key): [Inhibitor(alert_id=4, summary="", is_target=False)]}
    found = inhibitor_of(9, mine, causes)
    assert found is not None
    assert (found[0], found[1].alert_id) == (2, 4)


MATCHER = st.builds(
    '{}{}"{}"'.format,
    st.sampled_from(["alertname", "cluster", "team"]),
    st.sampled_from(["=", "!=", "=~", "!~"]),
    st.sampled_from(["", "a", "b", "a|b", "[ab].*"]),
)
SIDE = st.lists(MATCHER, min_size=1, max_size=3).map("\n".join)
VALUES = st.dictionaries(
    st.sampled_from(["alertname", "cluster", "team"]), st.sampled_from(["", "a", "b", "c"])
)


@given(sides=st.lists(st.tuples(SIDE, SIDE), max_size=8), values=VALUES)
def test_the_index_finds_what_trying_every_rule_finds(
    sides: list[tuple[str, str]], values: dict[str, str]
) -> None:
    rules = [rule(n, source, target) for n, (source, target) in enumerate(sides, 1)]
    found = {(r.rule_id, r.is_source, r.is_target) for r in InhibitionBook.of(rules).roles(values)}
    wanted = {
        (one.id, accepts_all(one.source, values), accepts_all(one.target, values)) for one in rules
    }
    assert found == {entry for entry in wanted if entry[1] or entry[2]}
