"""Tell whoever has an item what happened to it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.triage.actions.recording import By, record
from evenfall.triage.logic.states import What
from evenfall.triage.models import Item

PURPOSE = "review"
_LONGEST_LINE = 300


def tell_of_comment(item: Item, said: str, *, now: datetime) -> None:
    """Plan notices for those who have the item; for who leads the team when nobody has it."""
    readers = {item.assignee_id, item.technical_contact_id} - {None} or leads(item.team_id)
    first = said.partition("\n")[0][:_LONGEST_LINE]
    tell(item, f"New word on “{item.title}”", first, readers=readers, now=now)


def tell(
    item: Item, title: str, line: str, *, readers: Collection[int | None], now: datetime
) -> None:
    """Tell these people about an item."""
    content = Content(title=title, lines=(line,), url=f"/triage/{item.pk}/", tag="review")
    notify(f"item:{item.pk}", content, readers=readers, now=now)


def notify(
    subject: str, content: Content, *, readers: Collection[int | None], now: datetime
) -> None:
    """Plan one low notice for each reader in each of the ways that reach them."""
    known = sorted({one for one in readers if one is not None})
    news = [News(user_id=user_id, subject=subject, content=content) for user_id in known]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)


def tell_of_original(original: Item, words: str, by: By) -> None:
    """Note on each duplicate what happens to the original, and tell its people."""
    rows = list(Item.objects.select_for_update().filter(duplicate_of=original).order_by("id"))
    for one in rows:
        record(one, What.COMMENTED, by, text=f"#{original.pk}, the original: {words}")
    people = contacts_by_item(rows)
    for one in rows:
        line = f"#{original.pk}, “{original.title}”: {words}"
        tell(one, f"News of “{one.title}”", line, readers=people[one.pk], now=by.at)


def contacts_of(items: Iterable[Item]) -> set[int | None]:
    """The people with an account who wait for these items: reporters and contacts."""
    return set[int | None]().union(*contacts_by_item(items).values())


def contacts_by_item(items: Iterable[Item]) -> dict[int, set[int | None]]:
    """The same of each item. Reporters and business contacts are known by their mail address."""
    rows = list(items)
    known = identity_queries.people_by_email({text for row in rows for text in _addresses(row)})
    return {
        row.pk: {row.technical_contact_id, row.technical_stand_in_id}
        | {known[text].id for text in _addresses(row) if text in known}
        for row in rows
    }


def _addresses(item: Item) -> set[str]:
    given = (item.reporter_contact, item.business_contact, item.business_stand_in)
    return {text.strip().lower() for text in given if "@" in text}


def leads(team_id: int) -> set[int | None]:
    team = identity_queries.team_people({team_id}).get(team_id)
    return set() if team is None else set(team.leading_ids)
