"""What paging does when other domains report a fact."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.notifications.events import NoticeFailed
from evenfall.oncall import actions as oncall_actions
from evenfall.oncall.events import DutyPassed
from evenfall.paging import actions
from evenfall.paging.events import PageStepTaken
from evenfall.paging.logic.words import Urgency
from evenfall.platform.events import Recorded

PREFIX = "page:"


def go_on_after_failures(events: Sequence[Recorded[NoticeFailed]], *, now: datetime) -> None:
    """High-urgency notices that failed without another way left: the page goes on.

    Another contact method of the same person was already tried by notifications (`fallback_id`).
    """
    failures = {
        (int(failed.subject.removeprefix(PREFIX)), failed.user_id)
        for failed in (recorded.event for recorded in events)
        if failed.subject.startswith(PREFIX)
        and failed.fallback_id is None
        and failed.urgency == Urgency.HIGH
    }
    if failures:
        actions.go_on_where_unreachable(failures=failures, now=now)


def page_those_who_took_over(events: Sequence[Recorded[DutyPassed]], *, now: datetime) -> None:
    """Somebody fell ill or handed the pager over: the open pages they had go along."""
    passings = [
        actions.Passing(
            from_user_id=passed.from_user_id,
            to_user_id=passed.to_user_id,
            rota_id=passed.rota_id,
            rota_name=passed.rota_name,
            hands_over=passed.hands_over,
            is_away=passed.is_away,
        )
        for passed in (recorded.event for recorded in events)
        if passed.from_user_id is not None
    ]
    if passings:
        actions.page_those_who_took_over(passings=passings, now=now)


def close_screens(events: Sequence[Recorded[actions.Ending]], *, now: datetime) -> None:
    """A page was answered, or is over: it goes from the screens of everybody it was sent to."""
    actions.close_screens(endings=[recorded.event for recorded in events], now=now)


def offer_relief(events: Sequence[Recorded[PageStepTaken]], *, now: datetime) -> None:
    """People were paged: on-call decides whether any of them has too much by now."""
    paged = {one.user_id for recorded in events for one in recorded.event.people}
    if paged:
        oncall_actions.offer_relief(user_ids=paged, now=now)
