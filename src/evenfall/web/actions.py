"""What a newcomer does in one step, although it belongs to several domains."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from evenfall.catalog import actions as catalog_actions
from evenfall.catalog.actions import ServiceFields
from evenfall.identity import actions as identity_actions
from evenfall.identity.permissions import Role
from evenfall.oncall import actions as oncall_actions
from evenfall.oncall.ports import LayerSpec, LieutenantRule, MemberSlot, ShiftPattern

_WEEK_HOURS = 7 * 24
_HAND_OVER = time(9)


@transaction.atomic
def begin_watch(
    *, team_name: str, service_name: str, user_id: int, time_zone: str, now: datetime, actor: str
) -> int:
    """Make a team of one manager, its service and a weekly rota; return the rota's id.

    The person is on call at once, in `time_zone`. All of it is made or, when a name is refused,
    nothing.
    """
    team_id = identity_actions.create_team(name=team_name, now=now, actor=actor)
    identity_actions.set_member(
        team_id=team_id, user_id=user_id, role=Role.MANAGER.value, now=now, actor=actor
    )
    fields = ServiceFields(name=service_name, team_id=team_id)
    catalog_actions.create_service(fields=fields, now=now, actor=actor)
    return oncall_actions.create_rota(
        team_id=team_id,
        name=team_name,
        zone=time_zone,
        layers=[_weekly(user_id, ZoneInfo(time_zone), now)],
        lieutenant=LieutenantRule(),
        now=now,
        actor=actor,
    )


def _weekly(user_id: int, zone: ZoneInfo, now: datetime) -> LayerSpec:
    """Weeks from Monday to Monday, the first of which has begun."""
    monday = _monday_before(now.astimezone(zone).date())
    return LayerSpec(
        name="Main",
        zone=zone,
        pattern=ShiftPattern(starts_at=datetime.combine(monday, _HAND_OVER), hours=(_WEEK_HOURS,)),
        members=(MemberSlot(user_id=user_id),),
    )


def _monday_before(day: date) -> date:
    """The Monday of the week before: early on a Monday this week's shift has not begun."""
    return day - timedelta(days=day.weekday() + 7)
