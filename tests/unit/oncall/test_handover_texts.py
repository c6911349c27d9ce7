from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from evenfall.oncall.logic import handover_texts as texts
from evenfall.oncall.logic import summary_texts
from evenfall.oncall.logic.handovers import NoticeKind, Tour
from evenfall.oncall.logic.readiness import Lack, Missing
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.logic.summary_texts import HandOver, RotaSummary, TeamSummary

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
TOUR = Tour(
    user_id=1, role=Role.PRIMARY, starts_at=MONDAY, ends_at=MONDAY + timedelta(weeks=1), after_id=2
)
SECOND = Tour(
    user_id=1,
    role=Role.LIEUTENANT,
    starts_at=MONDAY,
    ends_at=MONDAY + timedelta(days=1),
    ends=False,
)


@pytest.mark.parametrize(
    ("kind", "tour", "said"),
    [
        (NoticeKind.BEGINS, TOUR, "You are on call now: Payments"),
        (NoticeKind.ENDS, SECOND, "You are not lieutenant any more: Payments"),
        (NoticeKind.LOOK_AHEAD, TOUR, "You are on call from Mon 2026-03-02 09:00: Payments"),
        (
            NoticeKind.READY_HOUR,
            TOUR,
            "You cannot be reached for your shift from Mon 2026-03-02 09:00: Payments",
        ),
    ],
)
def test_titles_say_what_when_and_where(kind: NoticeKind, tour: Tour, said: str) -> None:
    assert texts.title(kind, tour, "Payments", BERLIN) == said


def test_leads_read_who_cannot_be_reached() -> None:
    said = texts.lead_title("Ada", TOUR, "Payments", BERLIN)
    assert said == "Ada cannot be reached, and is on call from Mon 2026-03-02 09:00: Payments"


def test_a_begin_says_until_when_from_whom_and_to_whom() -> None:
    assert texts.beginning(TOUR, BERLIN, before="Cy", after="Ben") == (
        "Until Mon 2026-03-09 09:00 (Europe/Berlin).",
        "You take over from Cy.",
        "After you: Ben.",
    )
    assert texts.beginning(SECOND, BERLIN, before="", after="Ben") == ()


def test_an_end_says_who_took_over() -> None:
    assert texts.ending(Role.PRIMARY, after="Ben") == ("Ben took over.",)
    assert texts.ending(Role.LIEUTENANT, after="") == ("Nobody took over.",)


def test_notes_parts_and_lacks_are_one_line_each() -> None:
    lack = Missing(lack=Lack.NO_METHOD, text="No method.", url="/x/")
    assert texts.mending([lack]) == ("No method.",)
    assert texts.notes([("Ada", "Look\n at db-2")]) == ("Ada leaves: Look at db-2",)
    assert texts.part("Silenced", ["a", "b"]) == ("Silenced: a", "Silenced: b")


def test_a_notice_has_room_for_so_much() -> None:
    lines = texts.fitted(["x" * 500] * 40)
    assert len(lines) == texts.MOST_LINES
    assert len(lines[0]) == texts.MOST_TEXT
    assert lines[0].endswith("…")
    assert texts.fitted(["short"]) == ("short",)


def _rota(**rest: object) -> RotaSummary:
    given = {
        "name": "Payments",
        "primary": "Ada",
        "lieutenant": "Ben",
        "until": MONDAY,
        "hand_overs": (HandOver(at=MONDAY, name="Ben"),),
        "gaps": (),
        **rest,
    }
    return RotaSummary(**given)  # type: ignore[arg-type] # passed on as given


def _summary(*rotas: RotaSummary, pages_days: int = 7) -> TeamSummary:
    away = (("Cy", MONDAY, MONDAY + timedelta(days=1)),)
    return TeamSummary(team="Core", rotas=rotas, absences=away, pages=3, pages_days=pages_days)


def test_a_summary_says_who_is_on_what_changes_who_is_away_and_the_pages() -> None:
    summary = _summary(_rota())
    assert summary_texts.title(summary, Cadence.WEEKLY) == "On call in Core this week"
    assert summary_texts.title(summary, Cadence.DAILY) == "On call in Core today"
    assert summary_texts.lines(summary, BERLIN) == (
        "Payments: Ada until Mon 2026-03-02 09:00, lieutenant Ben",
        "Payments, Mon 2026-03-02 09:00: Ben takes over",
        "Away: Cy, Mon 2026-03-02 09:00 to Tue 2026-03-03 09:00",
        "Pages in the last 7 days: 3",
    )


def test_a_summary_shouts_gaps_and_counts_what_it_leaves_out() -> None:
    gap = (MONDAY, MONDAY + timedelta(hours=8))
    rota = _rota(
        primary="",
        lieutenant="",
        until=None,
        hand_overs=(HandOver(at=MONDAY, name="Ben"),) * 9,
        gaps=(gap,) * 6,
    )
    lines = summary_texts.lines(_summary(rota, pages_days=1), BERLIN)
    assert lines[0] == "Payments: nobody"
    assert "… and 2 more hand-overs" in lines
    assert "Payments: NOBODY from Mon 2026-03-02 09:00 to Mon 2026-03-02 17:00" in lines
    assert "… and 1 more gaps" in lines
    assert lines[-1] == "Pages in the last day: 3"


def test_a_shadow_takes_nothing_over_and_hands_nothing_over() -> None:
    learning = replace(TOUR, role=Role.SHADOW)
    assert texts.title(NoticeKind.BEGINS, learning, "Payments", BERLIN) == (
        "You are shadow now: Payments"
    )
    assert texts.beginning(learning, BERLIN, before="Cy", after="Ben") == (
        "Until Mon 2026-03-09 09:00 (Europe/Berlin).",
        "You learn beside whoever is on call. Nobody waits for an answer from you.",
    )
    assert texts.ending(Role.SHADOW, after="Ben") == ()


def test_a_changed_shift_is_named_by_the_time_that_was_announced() -> None:
    taken = texts.changed_title(Role.PRIMARY, MONDAY, None, "Payments", BERLIN)
    assert taken == "You are not on call from Mon 2026-03-02 09:00 after all: Payments"
    later = MONDAY + timedelta(days=1)
    moved = texts.changed_title(Role.LIEUTENANT, MONDAY, later, "Payments", BERLIN)
    assert moved == (
        "You are lieutenant from Tue 2026-03-03 09:00, not from Mon 2026-03-02 09:00: Payments"
    )
    said = texts.changed(Role.PRIMARY, MONDAY, BERLIN, holder="")
    assert said[0] == "At Mon 2026-03-02 09:00 nobody is on call."
