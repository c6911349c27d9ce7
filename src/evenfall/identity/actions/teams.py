"""Changes of teams and of who is in them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from msgspec import Struct

from evenfall.identity import errors, events
from evenfall.identity.actions import checks
from evenfall.identity.models import Membership, Team, User, as_dict
from evenfall.platform.events import publish
from evenfall.platform.locks import locked
from evenfall.platform.slugs import first_taken

_SHOWN = ("slug", "name", "description")


class NewTeam(Struct, frozen=True, kw_only=True):
    """A team to make; its slug is made of its name unless given."""

    name: str
    slug: str = ""
    description: str = ""


class Place(Struct, frozen=True, kw_only=True):
    """Who is to be in a team, and as what; without a role, who is to be out of it."""

    team_id: int
    user_id: int
    role: str | None


def create_team(
    *, name: str, slug: str = "", description: str = "", now: datetime, actor: str
) -> int:
    """Return the id of a new team; raises as `create_teams`."""
    wanted = [NewTeam(name=name, slug=slug, description=description)]
    return create_teams(wanted=wanted, now=now, actor=actor)[0]


@transaction.atomic
def create_teams(*, wanted: Sequence[NewTeam], now: datetime, actor: str) -> list[int]:
    """Make all of these teams or none; return their ids in this order.

    The number of statements is the same however many. Raises `NameMissing` and `TeamNameTaken`.
    """
    rows = [_row(one, now) for one in wanted]
    try:
        with transaction.atomic():
            Team.objects.bulk_create(rows)
    except IntegrityError as error:
        if (slug := first_taken(Team, [row.slug for row in rows])) is None:
            raise
        raise errors.TeamNameTaken(slug=slug) from error
    publish(
        *(
            events.TeamCreated(team_id=row.id, after=as_dict(row, *_SHOWN), at=now, actor=actor)
            for row in rows
        )
    )
    return [row.id for row in rows]


def _row(one: NewTeam, now: datetime) -> Team:
    name = checks.clean_name(one.name)
    slug = slugify(one.slug or name)[:60] or "team"
    if slug == "new":  # /teams/new/ is the form
        slug = "new-team"
    return Team(slug=slug, name=name, description=one.description.strip(), created_at=now)


@transaction.atomic
def change_team(*, team_id: int, name: str, description: str, now: datetime, actor: str) -> None:
    """Rename or describe a team; its slug stays, links to it keep working."""
    team = _lock(team_id)
    before = as_dict(team, *_SHOWN)
    team.name = checks.clean_name(name)
    team.description = description.strip()
    after = as_dict(team, *_SHOWN)
    if before == after:
        return
    team.save(update_fields=["name", "description"])
    publish(events.TeamChanged(team_id=team_id, before=before, after=after, at=now, actor=actor))


@transaction.atomic
def delete_team(*, team_id: int, now: datetime, actor: str) -> None:
    """Remove a team that owns nothing any more; raises `TeamInUse` otherwise."""
    team = _lock(team_id)
    try:
        with transaction.atomic():
            team.delete()
    except (ProtectedError, IntegrityError) as error:
        raise errors.TeamInUse(team=team.name) from error
    publish(events.TeamDeleted(team_id=team_id, before=as_dict(team, *_SHOWN), at=now, actor=actor))


def set_member(*, team_id: int, user_id: int, role: str, now: datetime, actor: str) -> None:
    """Put somebody into a team, or change the role there. Raises `UnknownRole`, …."""
    place = Place(team_id=team_id, user_id=user_id, role=role)
    place_members(wanted=[place], now=now, actor=actor)


def remove_member(*, team_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Take somebody out of a team. Doing it twice does nothing."""
    place = Place(team_id=team_id, user_id=user_id, role=None)
    place_members(wanted=[place], now=now, actor=actor)


@transaction.atomic
def place_members(*, wanted: Collection[Place], now: datetime, actor: str) -> None:
    """Put people into teams and take them out, all or nothing; each of them once for a team.

    The number of statements is the same however many. Raises `UnknownRole`, `TeamNotFound`,
    `UserNotFound`.
    """
    roles = {one: checks.clean_role(one.role, in_team=True) for one in wanted if one.role}
    _lock_all({one.team_id for one in wanted})
    _refuse_unknown({one.user_id for one in roles})
    rows = Membership.objects.filter(team_id__in={one.team_id for one in wanted})
    there = {(row.team_id, row.user_id): row for row in rows}
    was = {one: there.get((one.team_id, one.user_id)) for one in wanted}
    said = [one for one, role in roles.items() if (old := was[one]) is None or old.role != role]
    gone = {one: row.id for one, row in was.items() if not one.role and row is not None}
    if gone:
        Membership.objects.filter(id__in=gone.values()).delete()
    Membership.objects.bulk_create(
        [
            Membership(
                team_id=one.team_id, user_id=one.user_id, role=roles[one].value, created_at=now
            )
            for one in said
        ],
        update_conflicts=True,
        unique_fields=["team", "user"],
        update_fields=["role"],
    )
    changed = [one for one in wanted if one in gone or one in said]
    publish(
        *(
            events.MembershipChanged(
                team_id=one.team_id,
                user_id=one.user_id,
                before={"role": old.role} if (old := was[one]) else {},
                after={"role": roles[one].value} if one in roles else {},
                at=now,
                actor=actor,
            )
            for one in changed
        )
    )


def _refuse_unknown(user_ids: Collection[int]) -> None:
    known = set(User.objects.filter(id__in=user_ids).values_list("id", flat=True))
    for user_id in user_ids:
        if user_id not in known:
            raise errors.UserNotFound(user_id=user_id)


def _lock(team_id: int) -> Team:
    """The row, locked: two changes of one team's members come one after the other."""
    return _lock_all([team_id])[team_id]


def _lock_all(team_ids: Collection[int]) -> dict[int, Team]:
    """Raises `TeamNotFound` for the first that is lost."""
    return locked(Team.objects.all(), team_ids, lost=lambda lost: errors.TeamNotFound(team=lost))
