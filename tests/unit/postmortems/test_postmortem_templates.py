"""Templates read, chosen and refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Sev
from evenfall.postmortems.logic import filling, templates
from evenfall.postmortems.logic.filling import Changed, Facts, Fired, Moment, Told
from evenfall.postmortems.logic.templates import DEFAULTS, Fill, Kind, SectionDraft

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BARE = Facts(
    severity="error",
    environment="PROD",
    service="",
    opened_at=NOON,
    acknowledged_at=None,
    mobilised_at=None,
    resolved_at=None,
    alert_count=0,
)


@pytest.mark.parametrize(
    ("severity", "environment", "kind"),
    [
        (Sev.SEV1, Environment.PROD, Kind.FULL),
        (Sev.SEV2, Environment.PROD, Kind.FULL),
        (Sev.SEV3, Environment.PROD, Kind.LIGHT),
        (Sev.SEV3, Environment.UAT, Kind.UAT),
        (Sev.SEV5, Environment.DEV, Kind.DEV),
    ],
)
def test_a_template_for_each_incident(severity: Sev, environment: Environment, kind: Kind) -> None:
    assert templates.kind_for(severity, environment) is kind


@pytest.mark.parametrize("kind", Kind)
def test_what_comes_with_the_product_is_a_good_template(kind: Kind) -> None:
    assert templates.problems(DEFAULTS[kind]) == []
    found = templates.sections(DEFAULTS[kind])
    assert all(one.prompt for one in found)
    assert "Contributing factors" in {one.title for one in found}
    assert "root cause" not in DEFAULTS[kind].casefold()


def test_a_template_is_read() -> None:
    text = "above\n## One\nask this\nand that\n\n## Two {timeline}\n### small\n"
    assert templates.sections(text) == [
        SectionDraft("One", "ask this\nand that"),
        SectionDraft("Two", "### small", Fill.TIMELINE),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("nothing", "no section"),
        ("## One\n## one", "same title"),
        ("## One {weather}", "weather"),
        ("## " + "x" * 121, "too long"),
        ("\n".join(f"## {n}" for n in range(41)), "41 sections"),
    ],
)
def test_a_wrong_template_says_what_is_wrong(text: str, word: str) -> None:
    assert word in " ".join(templates.problems(text))


@given(st.text(alphabet="#ab {}\n"))
def test_any_text_can_be_read(text: str) -> None:
    assert len(templates.sections(text)) <= text.count("##")
    templates.problems(text)


def test_each_fill_says_something_even_of_nothing() -> None:
    assert all(filling.filled(fill, BARE) for fill in set(Fill) - {Fill.TIMELINE})
    assert filling.filled(None, BARE) == ""


def test_facts_become_lines() -> None:
    facts = Facts(
        severity="critical",
        environment="PROD",
        service="Till [1]",
        opened_at=NOON,
        acknowledged_at=NOON.replace(second=48),
        mobilised_at=NOON.replace(minute=5),
        resolved_at=NOON.replace(hour=14, minute=2),
        alert_count=1,
        timeline=[Moment(at=NOON, who="Ana", text="saw *it*")],
        participants=["Ana"],
        alerts=[Fired(title="5xx", severity="critical", at=NOON, ended_at=None)],
        changes=[Changed(summary="v2", source="ci", at=NOON)],
    )
    assert filling.filled(Fill.TIMELINE, facts) == "- 2026-03-02 12:00 UTC saw \\*it\\*"
    assert "- Service: Till \\[1\\]\n- Lasted: 2 h 2 min" in filling.filled(Fill.IMPACT, facts)
    durations = filling.filled(Fill.DURATIONS, facts)
    assert "Acknowledged after 48 s" in durations
    assert "worked on it after 5 min" in durations
    assert filling.filled(Fill.PARTICIPANTS, facts) == "- Ana"
    assert "5xx (still open)" in filling.filled(Fill.ALERTS, facts)
    assert "v2 (ci)" in filling.filled(Fill.CHANGES, facts)


def test_how_bad_it_was_and_how_people_were_told() -> None:
    hour = timedelta(hours=1)
    several = replace(BARE, severity="SEV2", severities=[("SEV1", hour / 3), ("SEV2", hour)])
    assert "- Severity: SEV2 (SEV1 for 20 min, SEV2 for 1 h)" in filling.filled(
        Fill.IMPACT, several
    )
    assert "- Severity: error\n" in filling.filled(
        Fill.IMPACT, replace(BARE, severities=[("error", hour)])
    )
    told = [
        Told(audience="the public", kept=3, late=1, broken=0),
        Told(audience="staff", kept=0, late=0, broken=1),
    ]
    assert filling.filled(Fill.COMMUNICATION, replace(BARE, told=told)) == (
        "- Updates for the public: 3 of 4 in time, 1 late\n"
        "- Updates for staff: 0 of 1 in time, 1 far too late or never"
    )
    assert filling.filled(Fill.COMMUNICATION, BARE).startswith("No update was promised")


def test_pinned_entries_stand_alone_and_a_long_timeline_is_cut() -> None:
    many = [Moment(at=NOON, who="", text=f"t{n}") for n in range(filling.MOST_LINES + 5)]
    text = filling.filled(Fill.TIMELINE, _with(many))
    assert text.endswith("- … 5 more on the page of the incident")
    pinned = [*many, Moment(at=NOON, who="", text="this", pinned=True)]
    assert filling.filled(Fill.TIMELINE, _with(pinned)).endswith("UTC this")


def _with(timeline: list[Moment]) -> Facts:
    return Facts(
        severity="error",
        environment="PROD",
        service="",
        opened_at=NOON,
        acknowledged_at=None,
        mobilised_at=None,
        resolved_at=None,
        alert_count=0,
        timeline=timeline,
    )
