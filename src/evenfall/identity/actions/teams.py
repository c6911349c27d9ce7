"""Changes of teams and of who is in them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify

from evenfall.identity import errors, events
from evenfall.identity.actions import checks
from evenfall.identity.models import Membership, Team, User, as_dict
from evenfall.platform.events import publish

_SHOWN = ("slug", "name", "description")


@transaction.atomic
def create_team(
    *, name: str, slug: str = "", description: str = "", now: datetime, actor: str
) -> int:
    """Return the id of a new team, whose slug is made of its name unless given.

    Raises `NameMissing` and `TeamNameTaken`.
    """
    name = checks.clean_name(name)
    slug = slugify(slug or name)[:60] or "team"
    if slug == "new":  # /teams/new/ is the form
        slug = "new-team"
    try:
        with transaction.atomic():
            team = Team.objects.create(
                slug=slug, name=name, description=description.strip(), created_at=now
            )
    except IntegrityError as error:
        raise errors.TeamNameTaken(slug=slug) from error
    publish(events.TeamCreated(team_id=team.id, after=as_dict(team, *_SHOWN), at=now, actor=actor))
    return team.id


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


@transaction.atomic
def set_member(*, team_id: int, user_id: int, role: str, now: datetime, actor: str) -> None:
    """Put somebody into a team, or change the role there. Raises `UnknownRole`, …."""
    new_role = checks.clean_role(role, in_team=True)
    _lock(team_id)
    if not User.objects.filter(id=user_id).exists():
        raise errors.UserNotFound(user_id=user_id)
    row, is_new = Membership.objects.get_or_create(
        team_id=team_id, user_id=user_id, defaults={"role": new_role.value, "created_at": now}
    )
    before = {} if is_new else {"role": row.role}
    if not is_new and row.role == new_role:
        return
    row.role = new_role.value
    row.save(update_fields=["role"])
    _announce(team_id, user_id, before, {"role": row.role}, now=now, actor=actor)


@transaction.atomic
def remove_member(*, team_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Take somebody out of a team. Doing it twice does nothing."""
    _lock(team_id)
    row = Membership.objects.filter(team_id=team_id, user_id=user_id).first()
    if row is None:
        return
    row.delete()
    _announce(team_id, user_id, {"role": row.role}, {}, now=now, actor=actor)


def _announce(
    team_id: int,
    user_id: int,
    before: dict[str, str],
    after: dict[str, str],
    *,
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.MembershipChanged(
            team_id=team_id, user_id=user_id, before=before, after=after, at=now, actor=actor
        )
    )


def _lock(team_id: int) -> Team:
    """The row, locked: two changes of one team's members come one after the other."""
    team = Team.objects.select_for_update().filter(id=team_id).first()
    if team is None:
        raise errors.TeamNotFound(team=team_id)
    return team
