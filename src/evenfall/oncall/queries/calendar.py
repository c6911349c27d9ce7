"""The calendar: duties of many rotas or of one person, drawn; and one duty alone."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors
from evenfall.oncall.logic import calendar, schedule
from evenfall.oncall.logic.calendar import Entry, Frame, Shown, Week
from evenfall.oncall.logic.spec import Gap, Role, RotaSpec, Span
from evenfall.oncall.models import MOST_SHIFT_HOURS
from evenfall.oncall.queries.duties import check_times
from evenfall.oncall.queries.rotas import RotaView
from evenfall.oncall.queries.specs import specs

WHOLE = timedelta(hours=MOST_SHIFT_HOURS)
"""No shift is longer, so that a stretch wider by this much holds every shift whole."""


class CalendarView(Struct, frozen=True, kw_only=True):
    """The frame with what stands in it; `zone` tells the zone of all its days and hours."""

    frame: Frame
    weeks: tuple[Week, ...]
    zone: str


class DutyDetail(Struct, frozen=True, kw_only=True):
    """One duty, or a gap where `user_id` is None, whole (UTC)."""

    role: Role
    user_id: int | None
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str


def calendar_view(
    shown: Sequence[RotaView], frame: Frame, *, person_id: int | None = None, now: datetime
) -> CalendarView:
    """The duties of these rotas; with a person only theirs, and no gaps. Five queries or fewer."""
    midnights = frame.midnights
    starts_at, ends_at = midnights[0], midnights[-1]
    check_times(starts_at, ends_at)
    found = specs([rota.id for rota in shown], since=starts_at - WHOLE, until=ends_at + WHOLE)
    by_rota = {rota.id: _spans(found[rota.id], starts_at, ends_at, person_id) for rota in shown}
    people = {span.user_id for spans in by_rota.values() for span in spans if type(span) is Span}
    names = {one.id: one.name for one in identity_queries.people(people).values()}
    lanes = [Shown(rota.id, rota.name) for rota in shown if person_id is None or by_rota[rota.id]]
    entries = [_entry(lane, span, names) for lane in lanes for span in by_rota[lane.id]]
    return CalendarView(
        frame=frame,
        weeks=calendar.weeks(frame, lanes, entries, now=now),
        zone=calendar.zone_in_words(frame),
    )


def common_zone(shown: Collection[RotaView]) -> ZoneInfo | None:
    """The zone of all these rotas, None when they have several or there are none."""
    zones = {rota.time_zone for rota in shown}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


def duty_detail(rota_id: int, role: Role, *, at: datetime) -> DutyDetail:
    """Who has the role at the instant, or the gap. Raises `RotaNotFound`, `NoDuty`."""
    low, high = at - WHOLE, at + WHOLE
    check_times(low, high)
    found = specs([rota_id], since=low, until=high)
    if rota_id not in found:
        raise errors.RotaNotFound(rota_id=rota_id)
    spans = _spans(found[rota_id], low, high, None)
    for span in spans:
        if _role(span) is role and span.starts_at <= at < span.ends_at:
            return _detail(role, span)
    raise errors.NoDuty


def _detail(role: Role, span: Span | Gap) -> DutyDetail:
    user_id = span.user_id if isinstance(span, Span) else None
    named = identity_queries.people([user_id] if user_id else [])
    return DutyDetail(
        role=role,
        user_id=user_id,
        name=named[user_id].name if user_id else calendar.NOBODY,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        why=span.why,
    )


def _spans(
    spec: RotaSpec, starts_at: datetime, ends_at: datetime, person_id: int | None
) -> list[Span | Gap]:
    """What touches the stretch, whole: a duty cut at the edge of a page would show a wrong hour."""
    longest = timedelta(hours=max(_shift_hours(spec), default=0))
    low, high = starts_at - longest, ends_at + longest
    spans: list[Span | Gap] = list(schedule.final_schedule(spec, low, high))
    if person_id is not None:
        spans = [span for span in spans if isinstance(span, Span) and span.user_id == person_id]
    elif (since := max(low, spec.plans[0].starts_at)) < high:  # before a plan nobody was missing
        spans += schedule.gaps(spec, since, high)
    return [span for span in spans if span.starts_at < ends_at and span.ends_at > starts_at]


def _shift_hours(spec: RotaSpec) -> Iterator[int]:
    layers = (layer for plan in spec.plans for layer in (*plan.layers, *plan.lieutenant.layers))
    return (hours for layer in layers for hours in layer.pattern.hours)


def _entry(lane: Shown, span: Span | Gap, names: dict[int, str]) -> Entry:
    user_id = span.user_id if isinstance(span, Span) else None
    return Entry(
        rota=lane,
        role=_role(span),
        user_id=user_id,
        name=names.get(user_id, "?") if user_id else calendar.NOBODY,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        why=span.why,
    )


def _role(span: Span | Gap) -> Role:
    return span.role if isinstance(span, Span) else Role.PRIMARY
