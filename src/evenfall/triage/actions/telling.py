"""Tell whoever has an item what happened to it."""

from collections.abc import Collection
from datetime import datetime

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Content, NewNotice, Urgency
from evenfall.triage.models import Item

PURPOSE = "review"
_LONGEST_LINE = 300


def tell_of_comment(item: Item, said: str, *, now: datetime) -> None:
    """Plan notices for those who have the item; for who leads the team when nobody has it."""
    readers = {item.assignee_id, item.technical_contact_id} - {None} or _leads(item.team_id)
    first = said.partition("\n")[0][:_LONGEST_LINE]
    tell(item, f"New word on “{item.title}”", first, readers=readers, now=now)


def tell(
    item: Item, title: str, line: str, *, readers: Collection[int | None], now: datetime
) -> None:
    """Plan one low notice for each reader in each of the ways that reach them."""
    kinds = notifications_queries.reachable_kinds({one for one in readers if one is not None})
    content = Content(title=title, lines=(line,), url=f"/triage/{item.pk}/", tag="review")
    notices = [
        NewNotice(
            user_id=user_id,
            subject=f"item:{item.pk}",
            purpose=PURPOSE,
            kind=kind,
            urgency=Urgency.LOW.value,
            due_at=now,
            content=content,
        )
        for user_id, ways in kinds.items()
        for kind in ways
    ]
    if notices:
        notifications_actions.plan_notices(notices=notices, now=now)


def _leads(team_id: int) -> set[int | None]:
    team = identity_queries.team_people({team_id}).get(team_id)
    return set() if team is None else {*(team.lead_ids or team.member_ids)}
