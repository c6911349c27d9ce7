"""The journal in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.events.alerts import _AboutAlert
from evenfall.incidents.events import IncidentEvent
from evenfall.incidents.logic.sentences import (
    SENTENCES,
    Fact,
    Names,
    Sentence,
    Tone,
    sentence,
)
from evenfall.notifications.events import NoticeEvent
from evenfall.paging.events import PageEvent
from evenfall.platform.events import Event

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = Names(people={3: "Ana", 4: "Ben"}, actors={"user:3": "Ana"})


def say(kind: str, actor: str = "user:3", **data: Any) -> Sentence:
    fact = Fact(id=1, at=NOON, kind=kind, actor=actor, subjects=("incident:17",), data=data)
    return sentence(fact, NAMES)


@pytest.mark.parametrize(
    ("kind", "data", "text", "why"),
    [
        ("incidents.incident_opened", {"title": "Down"}, "Opened by an alert", "Down"),
        (
            "incidents.incident_opened",
            {"title": "Down", "declared": True},
            "Ana declared it",
            "Down",
        ),
        ("incidents.alerts_joined", {"count": 1, "title": "x"}, "An alert joined", "x"),
        ("incidents.alerts_joined", {"count": 9, "title": "x"}, "9 alerts joined", "x, …"),
        (
            "incidents.alerts_recovered",
            {"count": 1, "open_count": 0, "title": "x"},
            "An alert ended, none is open any more",
            "x",
        ),
        (
            "incidents.alerts_recovered",
            {"count": 2, "open_count": 3, "title": "x"},
            "2 alerts ended, 3 still open",
            "x",
        ),
        (
            "incidents.incident_acknowledged",
            {"user_id": 4, "seconds": 48.2},
            "Ben acknowledged after 48 s",
            "",
        ),
        (
            "incidents.incident_acknowledged",
            {"user_id": None, "seconds": 1},
            "Acknowledged where the alert came from",
            "",
        ),
        (
            "incidents.incident_resolved",
            {"by_itself": True, "seconds": 300},
            "Resolved after 5 min",
            "All its alerts ended.",
        ),
        ("incidents.incident_resolved", {"seconds": 7500}, "Ana resolved it after 2 h 5 min", ""),
        ("incidents.incident_reopened", {"by_alert": True, "why": "again"}, "Reopened", "again"),
        ("incidents.incident_reopened", {"why": ""}, "Ana reopened it", ""),
        (
            "incidents.severity_changed",
            {"before": "SEV3", "after": "SEV2", "by_person": True},
            "Ana set the severity to SEV2",
            "It was SEV3.",
        ),
        (
            "incidents.severity_changed",
            {"before": "SEV3", "after": "SEV2"},
            "The severity is SEV2 now",
            "It was SEV3; its open alerts say so.",
        ),
        (
            "incidents.marked_not_actionable",
            {},
            "Ana marked it as not actionable",
            "The noise audit will name its rule.",
        ),
        (
            "incidents.marked_not_actionable",
            {"withdrawn": True},
            "Ana took back “not actionable”",
            "",
        ),
        (
            "paging.page_step_taken",
            {
                "reason": "step_taken",
                "people": [{"user_id": 3, "why": "on call"}, {"user_id": 4}],
                "missing": [],
            },
            "Paged Ana (on call) and Ben",
            "",
        ),
        (
            "paging.page_step_taken",
            {"reason": "skipped_time", "people": []},
            "A step was skipped: not at this time",
            "",
        ),
        (
            "paging.page_step_taken",
            {"reason": "step_taken", "missing": [{"reason": "rota_gap"}, {"reason": "odd_word"}]},
            "A step of the policy led to nobody",
            "Nobody is on call; odd word.",
        ),
        (
            "paging.page_nobody_found",
            {"missing": [{"reason": "rota_gap"}]},
            "Nobody was found to page",
            "Nobody is on call.",
        ),
        (
            "paging.page_nobody_found",
            {"missing": [{"reason": "no_method", "user_id": 3}]},
            "Only an inbox was told",
            "There is no way to reach them but the inbox.",
        ),
        (
            "paging.page_resolved",
            {"user_id": 3, "via": "email", "actionable": True},
            "Ana resolved the page by e-mail",
            "",
        ),
        (
            "paging.page_resolved",
            {"user_id": 3, "via": "link", "actionable": False},
            "Ana answered “not actionable” by a link",
            "",
        ),
        (
            "paging.ack_expired",
            {"user_id": 4},
            "The acknowledgement ran out, paging again",
            "Ben gave it.",
        ),
        ("paging.ack_expired", {"user_id": None}, "The acknowledgement ran out, paging again", ""),
        (
            "paging.page_handed_on",
            {"user_id": 4},
            "Ben handed the duty over, and this with it",
            "",
        ),
        (
            "notifications.notice_failed",
            {"user_id": 9, "channel": "pager", "reason": "gone"},
            "Somebody: not reached by pager",
            "gone",
        ),
    ],
)
def test_sentence_says_the_fact(kind: str, data: dict[str, Any], text: str, why: str) -> None:
    said = say(kind, **data)
    assert (said.text, said.why) == (text, why)


def test_sentence_names_the_system_when_nobody_did_it() -> None:
    assert say("incidents.incident_renamed", actor="system", after="x").text == (
        "Evenfall renamed it"
    )


def test_an_unknown_kind_is_said_by_its_name() -> None:
    assert say("runbooks.step_run") == Sentence("Step run", Tone.QUIET)
    assert say("odd").text == "Odd"


_DATA = st.dictionaries(
    st.sampled_from(["title", "why", "count", "reason", "user_id", "text", "via", "before"]),
    st.one_of(st.none(), st.integers(), st.text(max_size=20), st.booleans()),
)


@given(st.sampled_from(sorted(SENTENCES)), _DATA)
def test_no_fact_is_too_old_or_odd_to_be_told(kind: str, data: dict[str, Any]) -> None:
    said = say(kind, **data)
    assert said.text
    assert said.tone in set(Tone)


def kinds_under(root: type[Event]) -> set[str]:
    own = {root.__dict__["kind"]} if "kind" in root.__dict__ else set()
    return own.union(*(kinds_under(child) for child in root.__subclasses__()))


@pytest.mark.parametrize(
    "root", [IncidentEvent, PageEvent, NoticeEvent, _AboutAlert], ids=lambda root: root.__name__
)
def test_every_fact_a_story_can_hold_has_a_sentence(root: type[Event]) -> None:
    assert kinds_under(root) <= SENTENCES.keys()


def test_what_the_ledger_says_of_a_cause_is_told_in_words() -> None:
    said = say("changes.harm_said", summary="Deploy 2.19.0")
    assert said.text == "“Deploy 2.19.0” is in the ledger as what caused an incident"
    back = say("changes.harm_said", summary="Deploy 2.19.0", withdrawn=True)
    assert back.text == "“Deploy 2.19.0” is no longer in the ledger as what caused an incident"
