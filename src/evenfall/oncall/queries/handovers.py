"""Hand-overs: the tours of rotas, what is handed over, and how people want to be told."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import queries as changes_queries
from evenfall.identity import queries as identity_queries
from evenfall.oncall import ports
from evenfall.oncall.logic import handovers
from evenfall.oncall.logic.handovers import HORIZON, LATE, REST, LookAhead, Reader, Tour
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.models import HandoverNote, NoticeWish, ShiftNotice
from evenfall.oncall.ports import Briefing, BriefingLine
from evenfall.oncall.queries.boards import DutyView, duty_views
from evenfall.oncall.queries.duties import final_schedule, on_call_at, schedules
from evenfall.oncall.queries.rotas import RotaView

NOTES_FOR = timedelta(days=14)
NOTES_SHOWN = 5
BRIEFED_FOR = timedelta(days=7)
CHANGES_SHOWN = 5
NOTICES_SHOWN = 50


class NoticeWishView(Struct, frozen=True, kw_only=True):
    """`summary` None: nothing chosen, so that those who lead a team get it every week."""

    look_ahead: LookAhead = LookAhead.DAY
    summary: Cadence | None = None


class NoticeLine(Struct, frozen=True, kw_only=True):
    """A notice about a shift that is planned, or was told or dropped with its reason."""

    rota_id: int
    rota: str
    role: str
    kind: str
    happens_at: datetime
    due_at: datetime
    state: str
    reason: str


class HandoverNoteView(Struct, frozen=True, kw_only=True):
    author_id: int
    author: str
    text: str
    written_at: datetime
    tour_starts_at: datetime


class HandoverView(Struct, frozen=True, kw_only=True):
    """Who hands over to whom, and what; `happens_at` None where nobody follows.

    `tour_starts_at` is the begin of the shift that runs, or of the last one.
    """

    leaver: DutyView | None
    taker: DutyView | None
    happens_at: datetime | None
    tour_starts_at: datetime
    briefings: list[Briefing]
    notes: list[HandoverNoteView]

    def note_of(self, user_id: int) -> str:
        """What this person left with this shift; empty where nothing."""
        mine = (
            note.text
            for note in self.notes
            if (note.author_id, note.tour_starts_at) == (user_id, self.tour_starts_at)
        )
        return next(mine, "")


def tours_of(rota_ids: Collection[int], *, now: datetime) -> dict[int, tuple[Tour, ...]]:
    """The tours of these rotas, deleted ones too, as far as notices are planned ahead."""
    starts_at, ends_at = now - LATE - REST, now + HORIZON + REST
    found = schedules(rota_ids, starts_at=starts_at, ends_at=ends_at)
    return {i: handovers.tours(spans, starts_at, ends_at) for i, spans in found.items()}


def notice_wishes(user_ids: Collection[int]) -> dict[int, NoticeWishView]:
    """What each of these people chose, or the defaults."""
    rows = NoticeWish.objects.filter(user_id__in=user_ids)
    found = {row.user_id: _wish(row) for row in rows}
    return {user_id: found.get(user_id, NoticeWishView()) for user_id in user_ids}


def readers(user_ids: Collection[int]) -> dict[int, Reader]:
    wishes = notice_wishes(user_ids)
    people = identity_queries.people(user_ids)
    return {
        user_id: Reader(
            zone=ZoneInfo(people[user_id].time_zone), look_ahead=wishes[user_id].look_ahead
        )
        for user_id in user_ids
    }


def notices_of(user_id: int, *, now: datetime) -> list[NoticeLine]:
    """What a person will be told, and was told or not during the last two weeks, newest first."""
    rows = ShiftNotice.objects.filter(user_id=user_id, due_at__gt=now - NOTES_FOR)
    return [
        NoticeLine(
            rota_id=row.rota_id,
            rota=row.rota.name,
            role=row.role,
            kind=row.kind,
            happens_at=row.happens_at,
            due_at=row.due_at,
            state=row.state,
            reason=row.reason,
        )
        for row in rows.select_related("rota").order_by("-due_at", "-id")[:NOTICES_SHOWN]
    ]


def handover(rota: RotaView, *, now: datetime) -> HandoverView:
    """The hand-over that comes next by a rota that exists."""
    found = on_call_at([rota.id], at=now)[rota.id]
    leaver, taker = (
        duty_views([span])[0] if span else None for span in (found.primary, found.next_primary)
    )
    starts_at = tour_start(rota.id, now=now)
    return HandoverView(
        leaver=leaver,
        taker=taker,
        happens_at=taker.starts_at if taker else None,
        tour_starts_at=starts_at,
        briefings=handover_briefings(rota.team_id, since=starts_at, now=now),
        notes=handover_notes(rota.id, since=now - NOTES_FOR),
    )


def tour_start(rota_id: int, *, now: datetime) -> datetime:
    """When the primary duty that runs began, or the last one did; now where there was none."""
    running = on_call_at([rota_id], at=now, with_next=False)[rota_id].primary
    if running is not None:
        return running.starts_at
    spans = final_schedule(rota_id, starts_at=now - BRIEFED_FOR, ends_at=now)
    return max((s.starts_at for s in spans if s.role is Role.PRIMARY), default=now)


def handover_notes(rota_id: int, *, since: datetime) -> list[HandoverNoteView]:
    """The notes left since, newest first."""
    rows = HandoverNote.objects.filter(rota_id=rota_id, written_at__gte=since)
    return [
        HandoverNoteView(
            author_id=row.author_id,
            author=row.author.name,
            text=row.text,
            written_at=row.written_at,
            tour_starts_at=row.tour_starts_at,
        )
        for row in rows.select_related("author").order_by("-written_at", "-id")[:NOTES_SHOWN]
    ]


def handover_briefings(team_id: int, *, since: datetime, now: datetime) -> list[Briefing]:
    """What the team should know: what upper domains tell, and changes recent and planned."""
    since = max(since, now - BRIEFED_FOR)
    service_ids = [service.id for service in catalog_queries.services_of_team(team_id)]
    told = ports.briefings(team_id=team_id, service_ids=service_ids, since=since, now=now)
    return [*told, *_changes(service_ids, since, now)]


def _changes(service_ids: Sequence[int], since: datetime, now: datetime) -> list[Briefing]:
    found = changes_queries.changes_between(
        service_ids, since=since, until=now + BRIEFED_FOR, limit=2 * CHANGES_SHOWN
    )
    planned = [change for change in found if change.at > now]
    recent = [change for change in found if change.at <= now]
    parts = (("Planned changes", planned), ("Recent changes", recent))
    return [
        Briefing(
            title=title,
            lines=tuple(BriefingLine(text=c.summary) for c in changes[:CHANGES_SHOWN]),
        )
        for title, changes in parts
        if changes
    ]


def _wish(row: NoticeWish) -> NoticeWishView:
    return NoticeWishView(
        look_ahead=LookAhead(row.look_ahead),
        summary=Cadence(row.summary) if row.summary else None,
    )
