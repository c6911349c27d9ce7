from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import at, layer_spec, rota_spec

from evenfall.oncall.logic import checks_ahead, schedule
from evenfall.oncall.logic.checks_ahead import Ahead, Finding, Stretch, Trouble, Weight
from evenfall.oncall.logic.spec import Gap, LieutenantKind, LieutenantRule, Role, Span

ADA, BEN = 1, 2
START, END = at("2027-01-04T08:00"), at("2027-02-15T08:00")


def span(user_id: int, starts: str, ends: str, role: Role = Role.PRIMARY) -> Span:
    return Span(user_id, role, at(starts), at(ends), "Turn.")


def found(
    *aheads: Ahead,
    absences: dict[int, list[Stretch]] | None = None,
    unreachable: set[int] | None = None,
) -> list[Finding]:
    rotas = dict(enumerate(aheads, start=1))
    return checks_ahead.findings(rotas, absences=absences or {}, unreachable=unreachable or set())


def test_nothing_is_wrong_with_a_covered_rota() -> None:
    assert found(Ahead(spans=[span(ADA, "2027-01-04", "2027-01-11")], gaps=[])) == []


def test_gap_is_critical_and_told_once_with_all_its_times() -> None:
    gaps = [
        Gap(at("2027-01-05"), at("2027-01-06"), "No layer covers this time."),
        Gap(at("2027-01-06"), at("2027-01-07"), "Override: taken off."),
        Gap(at("2027-01-09"), at("2027-01-10"), "No layer covers this time."),
    ]
    (one,) = found(Ahead(spans=[], gaps=gaps))
    assert (one.trouble, one.weight, one.user_id) == (Trouble.GAP, Weight.CRITICAL, None)
    assert one.times == (
        (at("2027-01-05"), at("2027-01-07")),
        (at("2027-01-09"), at("2027-01-10")),
    )
    assert (one.starts_at, one.ends_at) == one.times[0]


def test_empty_place_in_the_order_is_an_empty_shift() -> None:
    spec = rota_spec(layer_spec(ADA, None))
    ahead = Ahead(spans=[], gaps=schedule.gaps(spec, START, END))
    (one,) = found(ahead)
    assert one.trouble is Trouble.EMPTY_SHIFT
    assert len(one.times) == 3


def test_absent_person_planned_is_found_for_the_time_in_common() -> None:
    away = {ADA: [(at("2027-01-10"), at("2027-01-20"))]}
    spans = [
        span(ADA, "2027-01-04", "2027-01-11"),
        span(ADA, "2027-01-11", "2027-01-12"),
        span(ADA, "2027-01-19", "2027-01-21", Role.LIEUTENANT),
    ]
    primary, second = found(Ahead(spans=spans, gaps=[]), absences=away)
    assert (primary.trouble, primary.weight) == (Trouble.ABSENT, Weight.CRITICAL)
    assert primary.times == ((at("2027-01-10"), at("2027-01-12")),)
    assert (second.role, second.weight) == (Role.LIEUTENANT, Weight.WARNING)


def test_person_without_a_working_contact_method_is_found() -> None:
    spans = [span(ADA, "2027-01-04", "2027-01-11"), span(BEN, "2027-01-11", "2027-01-18")]
    (one,) = found(Ahead(spans=spans, gaps=[]), unreachable={BEN})
    assert (one.trouble, one.user_id, one.weight) == (Trouble.UNREACHABLE, BEN, Weight.CRITICAL)


def test_unreachable_lieutenant_is_a_warning() -> None:
    spans = [span(BEN, "2027-01-11", "2027-01-18", Role.LIEUTENANT)]
    (one,) = found(Ahead(spans=spans, gaps=[]), unreachable={BEN})
    assert one.weight is Weight.WARNING


def test_person_in_two_rotas_at_once_is_told_once_for_each_pair() -> None:
    first = Ahead(spans=[span(ADA, "2027-01-04", "2027-01-11")], gaps=[])
    second = Ahead(
        spans=[span(ADA, "2027-01-10", "2027-01-14"), span(BEN, "2027-01-04", "2027-01-10")],
        gaps=[],
    )
    backup = Ahead(spans=[span(ADA, "2027-01-04", "2027-01-11", Role.LIEUTENANT)], gaps=[])
    (one,) = found(first, second, backup)
    assert (one.trouble, one.rota_id, one.other_rota_id) == (Trouble.TWO_ROTAS, 1, 2)
    assert one.times == ((at("2027-01-10"), at("2027-01-11")),)


def test_one_after_the_other_in_two_rotas_is_no_clash() -> None:
    first = Ahead(spans=[span(ADA, "2027-01-04", "2027-01-11")], gaps=[])
    second = Ahead(spans=[span(ADA, "2027-01-11", "2027-01-14")], gaps=[])
    assert found(first, second) == []


def test_missing_lieutenant_is_found_where_the_rule_asks_for_one() -> None:
    spec = rota_spec(layer_spec(ADA), lieutenant=LieutenantRule(kind=LieutenantKind.NEXT))
    spans = schedule.final_schedule(spec, START, END)
    (one,) = found(Ahead(spans=spans, gaps=[], backed_up=[(START, END)]))
    assert (one.trouble, one.role) == (Trouble.NO_LIEUTENANT, Role.LIEUTENANT)
    assert one.times == ((START, END),)
    assert found(Ahead(spans=spans, gaps=[])) == []


def test_worst_and_soonest_come_first() -> None:
    gap = Ahead(spans=[], gaps=[Gap(at("2027-02-01"), at("2027-02-02"), "No layer.")])
    alone = Ahead(spans=[span(ADA, "2027-01-04", "2027-01-11")], gaps=[], backed_up=[(START, END)])
    assert [one.trouble for one in found(alone, gap)] == [Trouble.GAP, Trouble.NO_LIEUTENANT]


ZERO = datetime(2027, 1, 1, tzinfo=START.tzinfo)
stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(
        lambda pair: (ZERO + timedelta(hours=pair[0]), ZERO + timedelta(hours=sum(pair)))
    ),
    max_size=8,
).map(checks_ahead.joined)


def covered(spans: tuple[Stretch, ...] | list[Stretch]) -> set[int]:
    hour = timedelta(hours=1)
    return {
        number
        for low, high in spans
        for number in range((low - ZERO) // hour, (high - ZERO) // hour)
    }


@given(stretches, stretches)
def test_common_and_without_divide_the_first(
    first: tuple[Stretch, ...], second: tuple[Stretch, ...]
) -> None:
    both, rest = checks_ahead.common(first, second), checks_ahead.without(first, second)
    assert covered(both) == covered(first) & covered(second)
    assert covered(rest) == covered(first) - covered(second)


def test_touching_duties_are_one() -> None:
    spans = [span(ADA, "2027-01-04", "2027-01-11"), span(ADA, "2027-01-11", "2027-01-18")]
    (one,) = found(Ahead(spans=spans, gaps=[]), unreachable={ADA})
    assert one.times == ((at("2027-01-04"), at("2027-01-18")),)
