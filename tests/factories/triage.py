"""Items for review in tests. Times are `NOW` unless given."""

from datetime import datetime
from typing import Any

from tests.factories.identity import NOW, make_team

from evenfall.identity.models import Team
from evenfall.triage import actions
from evenfall.triage.actions import NewItem
from evenfall.triage.models import Item
from evenfall.triage.ports import Source


def make_item(
    title: str = "The export has wrong dates",
    *,
    team: Team | None = None,
    now: datetime = NOW,
    **known: Any,
) -> Item:
    """A new item; `impact` and `urgency` medium make it P3."""
    new = NewItem(title=title, source=Source.FORM, team_id=(team or make_team()).id, **known)
    return Item.objects.get(id=actions.report_item(new=new, now=now, actor="system"))


def make_accepted(team: Team, *, title: str = "Wrong dates", now: datetime = NOW) -> Item:
    item = make_item(title, team=team, now=now)
    actions.accept(item_id=item.pk, now=now, actor="system")
    return item
