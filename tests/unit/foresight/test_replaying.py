"""A replay decides what the product decides, at the moments at which the product decides."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.candidate import Candidate, IntegrationFacts
from evenfall.alerting.logic.inhibition import InhibitionBook, InhibitionRule
from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.alerting.logic.proposals import (
    NEW,
    InhibitionChange,
    MaintenanceChange,
    OrderChange,
    RuleChange,
    RulesChange,
    SilenceChange,
    changed,
)
from evenfall.alerting.logic.quiet import Maintenance, Silence
from evenfall.alerting.logic.replaying import Configuration, Life, Replay, Turn
from evenfall.alerting.logic.rules import Effects, Rule, compile_rules
from evenfall.alerting.logic.updates import Outcome, Severity

T0 = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
DISK = (Matcher("alertname", Operator.EQUAL, "disk"),)
CPU = (Matcher("alertname", Operator.EQUAL, "cpu"),)


def life(number: int, name: str, *, opens: int, ends: int | None = None) -> Life:
    candidate = Candidate(
        alert_id=number,
        integration_id=1,
        dedup_key=f"{name}/{number}",
        at=T0 + opens * MINUTE,
        summary=name,
        severity=Severity.ERROR,
        told_severity=Severity.ERROR,
        labels={"alertname": name},
    )
    return Life(candidate=candidate, ends_at=None if ends is None else T0 + ends * MINUTE)


def configuration(
    *rules: Rule,
    silences: Sequence[Silence] = (),
    maintenances: Sequence[Maintenance] = (),
    inhibitions: Sequence[InhibitionRule] = (),
) -> Configuration:
    return Configuration(
        integrations={1: IntegrationFacts(1, "Prometheus", None, None, "PROD")},
        services={},
        rules=compile_rules(1, rules),
        all_rules=rules,
        silences=tuple(silences),
        maintenances=tuple(maintenances),
        inhibitions=InhibitionBook.of(inhibitions),
    )


def replayed(known: Configuration, *lives: Life) -> list[Turn]:
    replay = Replay(known, until=T0 + DAY)
    turns = [turn for one in lives for turn in replay.opened(one)]
    return [*turns, *replay.rest()]


def told(turns: Sequence[Turn]) -> list[tuple[int, int, str]]:
    """(alert, minute, what) of each turn."""
    return [
        (t.alert_id, int((t.at - T0) / MINUTE), "over" if t.is_over else t.held_by or t.outcome)
        for t in turns
    ]


def test_an_alert_opens_and_ends() -> None:
    turns = replayed(configuration(), life(1, "disk", opens=0, ends=5))
    assert told(turns) == [(1, 0, "page"), (1, 5, "over")]
    assert [turn.is_first for turn in turns] == [True, False]


def test_a_silence_holds_from_its_begin_to_its_end() -> None:
    quiet = Silence(id=7, matchers=DISK, starts_at=T0 + 2 * MINUTE, ends_at=T0 + 4 * MINUTE)
    turns = replayed(
        configuration(silences=[quiet]),
        life(1, "disk", opens=0, ends=9),
        life(2, "cpu", opens=0),
        life(3, "disk", opens=3, ends=3),
    )
    assert told(turns) == [
        (1, 0, "page"),
        (2, 0, "page"),
        (1, 2, "silence:7"),
        (3, 3, "silence:7"),
        (3, 3, "over"),
        (1, 4, "page"),
        (1, 9, "over"),
    ]


def test_maintenance_that_ends_decides_again() -> None:
    window = Maintenance(id=4, name="db", starts_at=T0 - DAY, ends_at=T0 + 3 * MINUTE)
    turns = replayed(configuration(maintenances=[window]), life(1, "disk", opens=0))
    assert told(turns) == [(1, 0, "maintenance:4"), (1, 3, "page")]


def test_a_cause_holds_symptoms_before_and_after_it_until_it_is_over() -> None:
    rule = InhibitionRule(id=2, name="cpu", source=CPU, target=DISK)
    turns = replayed(
        configuration(inhibitions=[rule]),
        life(1, "disk", opens=0, ends=9),
        life(2, "cpu", opens=1, ends=6),
        life(3, "disk", opens=2, ends=4),
    )
    assert told(turns) == [
        (1, 0, "page"),
        (2, 1, "page"),
        (1, 1, "alert:2"),
        (3, 2, "alert:2"),
        (3, 4, "over"),
        (2, 6, "over"),
        (1, 6, "page"),
        (1, 9, "over"),
    ]


def test_a_symptom_that_comes_with_its_cause_is_held_from_the_start() -> None:
    rule = InhibitionRule(id=2, name="cpu", source=CPU, target=DISK)
    replay = Replay(configuration(inhibitions=[rule]), until=T0 + DAY)
    turns = list(replay.opened(life(1, "disk", opens=0), life(2, "cpu", opens=0)))
    assert told(turns) == [(1, 0, "alert:2"), (2, 0, "page")]


def test_alerts_of_a_group_share_its_key() -> None:
    first, second, late = replayed(
        configuration(),
        life(1, "disk", opens=0),
        life(2, "disk", opens=20),
        life(3, "disk", opens=90),
    )
    assert first.group_key == second.group_key != late.group_key


def change(known: Configuration, *changes: object) -> Configuration:
    return changed(known, changes, since=T0, until=T0 + DAY)


QUIET = Effects(outcome=Outcome.RECORD)
FIRST = Rule(id=1, name="one", condition='labels.alertname == "disk"', effects=QUIET)
OFF = Rule(id=2, name="two", is_enabled=False)
LAST = Rule(id=3, name="last", is_catch_all=True)


def names(known: Configuration) -> list[str]:
    return [active.rule.name for active in known.rules.rules]


def test_rules_are_added_changed_and_deleted() -> None:
    known = configuration(FIRST, OFF, LAST)
    added = change(known, RuleChange(rule=Rule(id=0, name="new")))
    assert (names(added), added.all_rules[-1]) == (["one", "new"], LAST)
    assert added.rules.rules[-1].rule.id == NEW
    assert names(change(known, RuleChange(rule_id=2, rule=Rule(id=2, name="on")))) == ["one", "on"]
    assert names(change(known, RuleChange(rule_id=1))) == []
    assert names(change(known, RulesChange(rules=(OFF, Rule(id=9, name="only"))))) == ["only"]
    both = configuration(FIRST, Rule(id=2, name="two"))
    assert names(change(both, OrderChange(rule_ids=(2, 1)))) == ["two", "one"]


def test_the_catch_all_keeps_its_place() -> None:
    loud = Rule(id=0, name="Everything else", effects=QUIET)
    never_changed = change(configuration(FIRST), RuleChange(rule_id=0, rule=loud))
    assert never_changed.rules.catch_all.effects == QUIET
    changed_before = change(configuration(FIRST, LAST), RuleChange(rule_id=3, rule=loud))
    assert (changed_before.rules.catch_all.id, names(changed_before)) == (3, ["one"])


def test_quiet_is_added_and_taken_away() -> None:
    quiet = Silence(id=7, matchers=DISK, starts_at=T0, ends_at=T0 + DAY)
    window = Maintenance(id=4, name="db", starts_at=T0, ends_at=T0 + DAY)
    rule = InhibitionRule(id=2, name="cpu", source=CPU, target=DISK)
    known = configuration(silences=[quiet], maintenances=[window], inhibitions=[rule])
    added = change(
        known,
        SilenceChange(matchers=CPU),
        MaintenanceChange(name="x", environments=frozenset({"DEV"})),
        InhibitionChange(name="more", source=DISK, target=CPU),
        object(),
    )
    assert [one.id for one in added.silences] == [7, NEW]
    assert [one.id for one in added.maintenances] == [4, NEW]
    assert sorted(added.inhibitions.rules) == [NEW, 2]
    gone = change(
        known,
        SilenceChange(silence_id=7),
        MaintenanceChange(maintenance_id=4),
        InhibitionChange(inhibition_id=2),
    )
    assert (gone.silences, gone.maintenances, dict(gone.inhibitions.rules)) == ((), (), {})


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["disk", "cpu", "net"]),
            st.integers(0, 300),
            st.none() | st.integers(0, 200),
        ),
        max_size=25,
    ),
    st.integers(0, 200),
    st.integers(1, 100),
)
def test_every_alert_has_one_first_turn_and_at_most_one_end(
    drawn: list[tuple[str, int, int | None]], starts: int, length: int
) -> None:
    quiet = Silence(
        id=1,
        matchers=DISK,
        starts_at=T0 + starts * MINUTE,
        ends_at=T0 + (starts + length) * MINUTE,
    )
    rule = InhibitionRule(id=2, name="cpu", source=CPU, target=DISK)
    lives = [
        life(n, name, opens=opens, ends=None if after is None else opens + after)
        for n, (name, opens, after) in enumerate(sorted(drawn, key=lambda one: one[1]), start=1)
    ]
    turns = replayed(configuration(silences=[quiet], inhibitions=[rule]), *lives)
    assert [t.at for t in turns] == sorted(t.at for t in turns)
    for one in lives:
        mine = [t for t in turns if t.alert_id == one.alert_id]
        assert [t.is_first for t in mine] == [True, *[False] * (len(mine) - 1)]
        assert [t.is_over for t in mine].count(True) == int(one.ends_at is not None)
        # nobody is called for a symptom or under a silence as long as that holds
        for t in mine:
            covered = quiet.covers(one.candidate.labels, t.at)
            if covered and not t.is_over:
                assert t.held_by


def test_a_rule_that_waits_calls_for_what_is_open_then() -> None:
    rule = Rule(id=7, name="later", effects=Effects(wait=3 * MINUTE))
    replay = Replay(configuration(rule), until=T0 + DAY)
    turns = list(replay.opened(life(1, "cpu", opens=0, ends=2), life(2, "disk", opens=0, ends=9)))
    turns += replay.rest()
    calls = [(one.alert_id, one.at) for one in turns if one.outcome == "page" and not one.is_over]
    assert calls == [(2, T0 + 3 * MINUTE)]
