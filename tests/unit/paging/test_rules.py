"""Personal rules: what is planned, and what is flagged."""

from datetime import UTC, datetime, timedelta

import pytest

from evenfall.paging.logic.rules import (
    DEFAULT_RULES,
    Flaw,
    PersonRule,
    Planned,
    default_rules,
    plan_notices_for,
    rules_for,
    warnings_for,
)
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.logic.words import Hours, Urgency

NIGHT = datetime(2026, 11, 16, 3, tzinfo=UTC)
NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)
BOTH = {"email", "webpush", "inbox"}


def plan(
    *,
    rules: tuple[PersonRule, ...] = DEFAULT_RULES,
    urgency: Urgency = Urgency.HIGH,
    minutes: int | None = 5,
    kinds: set[str] = BOTH,
) -> list[tuple[str, int]]:
    planned = plan_notices_for(
        rules,
        urgency=urgency,
        team_id=None,
        start=NIGHT,
        cut_off=None if minutes is None else NIGHT + timedelta(minutes=minutes),
        working=OpenHours().window("UTC"),
        kinds=kinds,
    )
    return [(p.kind, int((p.due_at - NIGHT).total_seconds() // 60)) for p in planned]


def test_default_high_uses_push_and_mail_at_once_and_again() -> None:
    assert plan() == [
        ("inbox", 0),
        ("email", 0),
        ("webpush", 0),
        ("email", 2),
        ("webpush", 2),
        ("email", 5),
        ("webpush", 5),
    ]


def test_rules_after_the_policy_moved_on_are_left_out() -> None:
    assert plan(minutes=3)[-1] == ("webpush", 2)


def test_default_low_waits_for_open_hours() -> None:
    assert plan(urgency=Urgency.LOW, minutes=None) == [("inbox", 0), ("email", 6 * 60)]


def test_person_with_only_an_inbox_gets_an_inbox_notice() -> None:
    assert plan(kinds={"inbox"}) == [("inbox", 0)]


def test_kinds_the_person_lacks_are_left_out() -> None:
    assert {kind for kind, _ in plan(kinds={"email"})} == {"inbox", "email"}


def test_rules_that_leave_nothing_fall_back_to_every_kind_at_once() -> None:
    only_webhook = (PersonRule(urgency=Urgency.HIGH, kind="webhook"),)
    assert plan(rules=only_webhook) == [("inbox", 0), ("email", 0), ("webpush", 0)]


def test_rules_that_are_all_too_late_fall_back_to_every_kind_at_once() -> None:
    late = (PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=30),)
    assert plan(rules=late, kinds={"email"}) == [("inbox", 0), ("email", 0)]


def test_fallback_of_low_urgency_waits_for_working_hours_too() -> None:
    assert plan(urgency=Urgency.LOW, minutes=None, kinds={"webpush"}) == [
        ("inbox", 0),
        ("webpush", 6 * 60),
    ]


def test_inbox_rule_is_planned_once() -> None:
    rules = (PersonRule(urgency=Urgency.HIGH, kind="inbox"),)
    assert plan(rules=rules, kinds={"inbox", "email"}).count(("inbox", 0)) == 1


def test_planned_is_in_utc_order() -> None:
    planned = plan_notices_for(
        DEFAULT_RULES,
        urgency=Urgency.LOW,
        team_id=None,
        start=NIGHT,
        cut_off=None,
        working=OpenHours().window("UTC"),
        kinds=BOTH,
    )
    assert planned == (Planned(kind="inbox", due_at=NIGHT), Planned(kind="email", due_at=NINE))


@pytest.mark.parametrize(
    ("rule", "flaw"),
    [
        (PersonRule(urgency=Urgency.HIGH, kind="webpush", delay_minutes=6), Flaw.TOO_LATE),
        (PersonRule(urgency=Urgency.HIGH, kind="webhook"), Flaw.NO_METHOD),
        (PersonRule(urgency=Urgency.HIGH, kind="webpush", hours=Hours.WORKING), Flaw.ASLEEP),
    ],
)
def test_warnings_name_the_rule_that_will_not_do(rule: PersonRule, flaw: Flaw) -> None:
    first = PersonRule(urgency=Urgency.HIGH, kind="email")
    warnings = warnings_for((first, rule), moves_on_after=timedelta(minutes=5), kinds=BOTH)
    assert [(w.flaw, w.position) for w in warnings] == [(flaw, 1)]


def test_low_urgency_and_unlimited_rules_are_never_too_late() -> None:
    low = PersonRule(urgency=Urgency.LOW, kind="email", delay_minutes=60)
    slow = PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=60)
    first = PersonRule(urgency=Urgency.HIGH, kind="email")
    assert warnings_for((first, low), moves_on_after=timedelta(minutes=5), kinds=BOTH) == ()
    assert warnings_for((first, slow), moves_on_after=None, kinds=BOTH) == ()


def test_warnings_say_when_nothing_happens_at_once() -> None:
    rules = (PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=2),)
    warnings = warnings_for(rules, moves_on_after=None, kinds=BOTH)
    assert [(w.flaw, w.position) for w in warnings] == [(Flaw.NOTHING_AT_ONCE, None)]


@pytest.mark.parametrize(
    "kinds", [BOTH, {"voice"}, {"sms", *BOTH}, {"sms", "voice", *BOTH}, {"telegram", "voice"}]
)
def test_default_rules_fit_the_default_policy(kinds: set[str]) -> None:
    rules = [rule for rule in default_rules(kinds) if rule.urgency is Urgency.HIGH]
    assert warnings_for(rules, moves_on_after=timedelta(minutes=5), kinds=kinds) == ()


def urgent(*kinds: str) -> list[tuple[str, int]]:
    rules = default_rules(kinds)
    return [(rule.kind, rule.delay_minutes) for rule in rules if rule.urgency is Urgency.HIGH]


def test_who_has_a_telephone_is_called_after_two_minutes_and_again_after_five() -> None:
    assert urgent("inbox", "sms", "voice", "webpush") == [
        ("sms", 0),
        ("webpush", 0),
        ("voice", 2),
        ("voice", 5),
    ]


def test_who_has_nothing_but_a_telephone_is_called_at_once() -> None:
    assert urgent("inbox", "voice") == [("voice", 0), ("voice", 2), ("voice", 5)]


def test_who_reads_text_messages_but_takes_no_calls_gets_two() -> None:
    assert [minutes for kind, minutes in urgent("sms") if kind == "sms"] == [0, 5]


def test_nothing_reachable_gives_the_plain_defaults() -> None:
    assert default_rules(()) == DEFAULT_RULES


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [((), "email"), (("email", "slack"), "email"), (("telegram", "slack"), "slack")],
)
def test_what_is_not_urgent_comes_by_mail_or_chat(kinds: tuple[str, ...], kind: str) -> None:
    assert default_rules(kinds)[-1] == PersonRule(
        urgency=Urgency.LOW, kind=kind, hours=Hours.WORKING
    )


@pytest.mark.parametrize(("kinds", "used"), [({"voice", "sms"}, {"sms"}), ({"voice"}, {"voice"})])
def test_what_is_not_urgent_rings_only_who_has_nothing_else(
    kinds: set[str], used: set[str]
) -> None:
    planned = plan_notices_for(
        default_rules(kinds),
        urgency=Urgency.LOW,
        team_id=None,
        start=NIGHT,
        cut_off=None,
        working=OpenHours().window("UTC"),
        kinds=kinds,
    )
    assert {one.kind for one in planned} == {"inbox", *used}


def test_rules_of_a_team_replace_the_general_ones_of_their_urgency() -> None:
    general = PersonRule(urgency=Urgency.HIGH, kind="email")
    own = PersonRule(urgency=Urgency.HIGH, kind="webpush", team_id=7)
    low = PersonRule(urgency=Urgency.LOW, kind="email")
    rules = (general, own, low)
    assert rules_for(rules, urgency=Urgency.HIGH, team_id=7) == (own,)
    assert rules_for(rules, urgency=Urgency.HIGH, team_id=8) == (general,)
    assert rules_for(rules, urgency=Urgency.HIGH, team_id=None) == (general,)
    assert rules_for(rules, urgency=Urgency.LOW, team_id=7) == (low,)


def test_silence_at_the_start_of_one_team_is_a_warning() -> None:
    rules = (
        PersonRule(urgency=Urgency.HIGH, kind="email"),
        PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=3, team_id=7),
    )
    found = warnings_for(rules, moves_on_after=None, kinds=BOTH)
    assert [warning.flaw for warning in found] == [Flaw.NOTHING_AT_ONCE]
