"""What people are told about requests: in their inbox, and by whatever else reaches them."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.oncall import queries
from evenfall.oncall.models import ShiftRequest
from evenfall.platform.wall_clock import reading, spoken

PURPOSE = "request"


def tell(
    row: ShiftRequest, user_ids: Collection[int], title: str, *more: str, now: datetime
) -> None:
    """Plan a notice of low urgency to each of these people; times are those of the reader."""
    people = identity_queries.people(user_ids)
    news = [_news(row, person, title, more) for person in people.values()]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)


def name_of(user_id: int) -> str:
    found = identity_queries.people([user_id])
    return found[user_id].name if user_id in found else "?"


def _news(
    row: ShiftRequest, person: identity_queries.Person, title: str, more: tuple[str, ...]
) -> News:
    return News(
        user_id=person.id,
        subject=f"oncall_request:{row.id}",
        content=Content(
            title=title,
            lines=(*more, *_about(row, ZoneInfo(person.time_zone))),
            url=f"/oncall/requests/{row.id}/",
            severity="info",
            tag=f"oncall_request:{row.id}",
        ),
    )


def _about(row: ShiftRequest, zone: ZoneInfo) -> tuple[str, ...]:
    lines = [f"{row.rota.name}, {row.role}: {_stretch(*queries.part_of_row(row), zone)}"]
    back = queries.back_part_of_row(row)
    if back and row.back_rota:
        lines.append(f"In return: {row.back_rota.name}, {row.back_role}: {_stretch(*back, zone)}")
    if row.note:
        lines.append(row.note)
    return tuple(lines)


def _stretch(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    starts, ends = (spoken(reading(at, zone)) for at in (starts_at, ends_at))
    return f"{starts} to {ends} ({zone.key})"
