"""The life of an incident in words."""

from typing import Any

import pytest
from tests.factories.identity import NOW

from evenfall.incidents.logic.sentences import Fact, Names, sentence

NAMES = Names(people={3: "Ana"}, actors={"user:3": "Ana"})


def said(kind: str, **data: Any) -> str:
    fact = Fact(
        id=1, at=NOW, kind=f"incidents.{kind}", actor="user:3", subjects=("incident:7",), data=data
    )
    words = sentence(fact, NAMES)
    return f"{words.text} | {words.why}"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("acknowledged", "fixing", "Ana is fixing it | "),
        ("fixing", "monitoring", "Ana put a fix in and watches it | "),
        ("paused", "acknowledged", "Ana goes on investigating | It was paused."),
        (
            "monitoring",
            "fixing",
            "Ana is fixing it | The fix did not hold, so the harm has not ended.",
        ),
        ("open", "odd", "Ana moved it to odd | "),
    ],
)
def test_a_move_says_where_to_and_what_it_undoes(before: str, after: str, words: str) -> None:
    assert said("incident_moved", before=before, after=after) == words


def test_a_pause_says_until_when() -> None:
    until = "2026-11-22T14:00:00Z"
    assert said("incident_paused", reason="{odd} supplier", resume_by=until) == (
        "Ana paused it until 22 Nov 14:00 UTC | {odd} supplier"
    )
    assert said("incident_paused", reason="x", resume_by="nonsense").startswith(
        "Ana paused it until …"
    )
    assert said("pause_over", user_id=3) == "The pause is over, told Ana | "
    assert said("pause_over", user_id=None) == "The pause is over | "


def test_a_correction_says_both_times_and_why() -> None:
    before, after = "2026-11-20T12:00:00Z", "2026-11-20T11:50:00Z"
    assert said("stamp_corrected", stamp="detected", before=before, after=after, why="the log") == (
        "Ana corrected when it was noticed | 20 Nov 11:50 UTC, it was 20 Nov 12:00 UTC: the log"
    )
    assert said("stamp_corrected", stamp="detected", before=before, after=None, why="a guess") == (
        "Ana corrected when it was noticed | not known, it was 20 Nov 12:00 UTC: a guess"
    )
    assert said("stamp_corrected", stamp="mitigated", before=None, after=after, why="graph") == (
        "Ana said when the harm ended | 20 Nov 11:50 UTC: graph"
    )


def test_a_recurrence_names_both() -> None:
    assert said("recurrence_linked", incident_id=7, of_id=5, of_title="Slow") == (
        "#7 is a recurrence of #5, says Ana | Slow"
    )
    assert said("recurrence_linked", incident_id=7, of_id=None, before_id=5) == (
        "Ana says that #7 is no recurrence of #5 | "
    )
