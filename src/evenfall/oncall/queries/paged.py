"""Who was paged, as the journal tells it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from evenfall.oncall.logic import pages
from evenfall.oncall.logic.pages import PagedFact
from evenfall.platform import journal
from evenfall.platform.journal import Entry

LONGEST_PAGE = timedelta(days=1)
"""How long after the window the end of a page is looked for; work on it is counted for less."""


def paged(
    user_ids: Collection[int], *, since: datetime, until: datetime
) -> dict[int, list[PagedFact]]:
    """The pages of high urgency that went to each of these people, by time. Two queries.

    A page that came to somebody in several steps counts once, from the first.
    """
    wanted = set(user_ids)
    steps = journal.about(
        [f"user:{user_id}" for user_id in wanted],
        kinds=[pages.PEOPLE_PAGED],
        since=since,
        until=until,
    )
    firsts: dict[tuple[int, int], datetime] = {}
    for step in steps:
        for one in step.data["people"]:
            if one["user_id"] in wanted:
                firsts.setdefault((one["user_id"], step.data["page_id"]), step.at)
    stories = _stories({page_id for _, page_id in firsts}, since, until)
    found: dict[int, list[PagedFact]] = {user_id: [] for user_id in wanted}
    for (user_id, page_id), at in sorted(firsts.items(), key=lambda item: (item[1], item[0])):
        if _is_high(stories[page_id]):
            found[user_id].append(_fact(user_id, page_id, at, stories[page_id]))
    return found


def _stories(page_ids: set[int], since: datetime, until: datetime) -> dict[int, list[Entry]]:
    """What else is known of the pages; they began, and ended, a little outside of the window."""
    told = journal.about(
        [f"page:{page_id}" for page_id in page_ids],
        kinds=[pages.STARTED, pages.ACKNOWLEDGED, pages.RESOLVED, pages.STOPPED],
        since=since - LONGEST_PAGE,
        until=until + LONGEST_PAGE,
    )
    stories: dict[int, list[Entry]] = defaultdict(list)
    for entry in told:
        stories[entry.data["page_id"]].append(entry)
    return stories


def _is_high(story: Iterable[Entry]) -> bool:
    """Whether the page was urgent; one whose start is long ago is taken to have been."""
    return all(
        entry.data["urgency"] == pages.HIGH for entry in story if entry.kind == pages.STARTED
    )


def _fact(user_id: int, page_id: int, at: datetime, story: list[Entry]) -> PagedFact:
    acknowledged = (
        entry.at
        for entry in story
        if entry.kind == pages.ACKNOWLEDGED and entry.data["user_id"] == user_id
    )
    ended = (entry.at for entry in story if entry.kind in {pages.RESOLVED, pages.STOPPED})
    return PagedFact(
        user_id=user_id,
        page_id=page_id,
        at=at,
        acknowledged_at=next(acknowledged, None),
        ended_at=next(ended, None),
    )
