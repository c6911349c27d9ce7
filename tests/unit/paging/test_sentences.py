"""Policies and stories read as sentences."""

from datetime import time

import pytest
from msgspec.structs import replace

from evenfall.paging.logic import sentences
from evenfall.paging.logic.policy import DEFAULT_POLICY, StepSpec, TargetSpec
from evenfall.paging.logic.rules import Flaw, RuleWarning
from evenfall.paging.logic.sentences import Names
from evenfall.paging.logic.window import OpenHours, WeeklyWindow
from evenfall.paging.logic.words import AtEnd, Reason, TargetKind, Urgency

NAMES = Names(rotas={1: "Weekly"}, teams={2: "Payments"}, people={3: "Ada"})


def test_default_policy_reads_as_three_steps_and_an_end() -> None:
    assert sentences.policy_sentences(DEFAULT_POLICY, NAMES) == (
        "At once, page whoever is on call in the team's rota.",
        "After 5 min, page the lieutenant of the team's rota.",
        "After 10 min, page the lead of the team and the lieutenant of the team's rota.",
        (
            "After 20 min, start again, 3 rounds in all; then page the administrators "
            "every 15 min, until somebody answers."
        ),
    )


def test_end_of_a_repeating_policy() -> None:
    policy = replace(DEFAULT_POLICY, at_end=AtEnd.REPEAT)
    assert sentences.end_sentence(policy, after=20, names=NAMES) == (
        "After 20 min, start again, until somebody answers."
    )


def test_end_of_a_policy_with_one_round_and_a_person() -> None:
    policy = replace(DEFAULT_POLICY, rounds=1, catch_all_user_id=3)
    assert sentences.end_sentence(policy, after=1, names=NAMES) == (
        "After 1 min, page Ada every 15 min, until somebody answers."
    )


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (TargetSpec(kind=TargetKind.ROTA, id=1), "whoever is on call in Weekly"),
        (TargetSpec(kind=TargetKind.LIEUTENANT, id=9), "the lieutenant of a rota that is gone"),
        (TargetSpec(kind=TargetKind.NEXT, id=1), "whoever is next on call in Weekly"),
        (TargetSpec(kind=TargetKind.TEAM, id=2), "everybody in Payments"),
        (TargetSpec(kind=TargetKind.TEAM_LEAD, id=9), "the lead of a team that is gone"),
        (TargetSpec(kind=TargetKind.USER, id=3), "Ada"),
        (TargetSpec(kind=TargetKind.USER, id=9), "somebody who left"),
        (TargetSpec(kind=TargetKind.ADMINISTRATORS), "the administrators"),
    ],
)
def test_target_words(target: TargetSpec, words: str) -> None:
    assert sentences.target_words(target, NAMES) == words


def test_step_sentence_names_its_conditions() -> None:
    step = StepSpec(
        targets=(TargetSpec(kind=TargetKind.USER, id=3),),
        severities=frozenset({"error", "critical"}),
        window=OpenHours().window("Europe/Lisbon"),
    )
    assert sentences.step_sentence(step, after=0, names=NAMES) == (
        "At once, page Ada, only for critical and error and "
        "Monday to Friday, 09:00 to 17:00 (Europe/Lisbon)."
    )


def test_window_words_for_all_and_for_some_days() -> None:
    window = WeeklyWindow(zone="UTC", days=frozenset(range(7)), start=time(0), end=time(6))
    assert sentences.window_words(window) == "every day, 00:00 to 06:00 (UTC)"
    some = replace(window, days=frozenset({5, 0, 6}))
    assert sentences.window_words(some).startswith("Monday, Saturday and Sunday, ")


def test_move_sentence_names_people() -> None:
    assert sentences.move_sentence(Reason.STEP_TAKEN, ("Ada", "Ben")) == "Paged: Ada and Ben"
    assert sentences.move_sentence(Reason.SKIPPED_TIME, ()).startswith("Skipped")
    assert sentences.move_sentence("notices_failed", ()) == "Notices failed"


def test_missing_sentence_names_the_person_or_the_target() -> None:
    assert sentences.missing_sentence("rota_gap", "rota") == (
        "rota: nobody is on call now: the rota has a gap"
    )
    assert sentences.missing_sentence("no_method", "user", "Ada").startswith("Ada: no working")
    assert sentences.missing_sentence("new_reason", "team_lead") == "team lead: new_reason"
    told = sentences.missing_sentence("no_method", "rota", "Ada", "on call in Weekly (her shift)")
    assert told.startswith("Ada, on call in Weekly: no working contact method; only the inbox")


def test_nobody_sentence_says_when_an_inbox_was_told() -> None:
    assert sentences.nobody_sentence({"rota_gap"}) == "Nobody to reach; went on at once"
    told = sentences.nobody_sentence({"rota_gap", "no_method"})
    assert told == "Told only the inbox; went on at once"


@pytest.mark.parametrize("flaw", list(Flaw))
def test_every_flaw_has_a_sentence(flaw: Flaw) -> None:
    warning = RuleWarning(flaw=flaw, urgency=Urgency.HIGH)
    assert sentences.flaw_sentence(warning).endswith(".")


def test_short_why_leaves_out_the_shift() -> None:
    assert sentences.short_why("on call in Weekly (Turn in layer 1)") == "on call in Weekly"
    assert sentences.short_why("leads Payments") == "leads Payments"
