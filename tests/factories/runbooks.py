"""Runbooks for tests. Times are `NOW` unless given."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from tests.factories.identity import NOW, make_team

from evenfall.identity.models import Team, User
from evenfall.runbooks import actions
from evenfall.runbooks.actions import RunbookWish
from evenfall.runbooks.models import Runbook
from evenfall.runbooks.ports import Owner

TEXT = "# Disk is full\n\n- [ ] free some\n- [ ] look again\n"


def make_runbook(  # the fields of a runbook
    title: str = "Disk is full",
    *,
    team: Team | None = None,
    person: User | None = None,
    text: str = TEXT,
    tags: Sequence[str] = (),
    now: datetime = NOW,
) -> Runbook:
    """A runbook of this person, or of this team (a new one unless given)."""
    if person is None:
        team = team or make_team(title)
    owner = Owner(user_id=person.pk) if person else Owner(team_id=team.pk if team else None)
    number = actions.create_runbook(
        wish=wish(title, text=text, owner=owner, tags=tags), now=now, actor="system"
    )
    return Runbook.objects.get(id=number)


def wish(
    title: str = "Disk is full", *, owner: Owner, text: str = TEXT, tags: Sequence[str] = ()
) -> RunbookWish:
    return RunbookWish(title=title, text=text, owner=owner, tags=tags)


def save(runbook: Runbook, text: str, *, base: int | None = None, now: datetime = NOW) -> int:
    """Save another text on its newest version, or on `base`."""
    runbook.refresh_from_db()
    owner = Owner(team_id=runbook.owner_team_id, user_id=runbook.owner_user_id)
    return actions.save_runbook(
        runbook_id=runbook.pk,
        base=runbook.number if base is None else base,
        wish=wish(runbook.title, text=text, owner=owner, tags=runbook.tags),
        now=now,
        actor="system",
    )


def link(
    runbook: Runbook,
    *,
    services: Sequence[int] = (),
    alerts: Sequence[str] = (),
    now: datetime = NOW,
) -> None:
    actions.set_links(
        runbook_id=runbook.pk, service_ids=services, alerts=alerts, now=now, actor="system"
    )


def folder(files: Mapping[str, str]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()
