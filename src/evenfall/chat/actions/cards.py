"""What messages say: made when they are sent, so they are never older than that."""

from collections.abc import Mapping, Sequence
from typing import Final

from evenfall.chat.models import Post, PostKind
from evenfall.chat.ports import Button, Card
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.notifications import queries as notifications_queries
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PageView

_ACKNOWLEDGE: Final = Button(name="acknowledge", label="Acknowledge")
_ON_IT: Final = Button(name="on_it", label="On it")
_ESCALATE: Final = Button(name="escalate", label="Escalate")
_GET_HELP: Final = Button(name="need_help", label="Get help")
_RESOLVE: Final = Button(name="resolve", label="Resolve")
_BUTTONS: Final[Mapping[str, tuple[Button, ...]]] = {
    "open": (_ACKNOWLEDGE, _ON_IT, _ESCALATE, _GET_HELP, _RESOLVE),
    "acknowledged": (_ON_IT, _ESCALATE, _GET_HELP, _RESOLVE),
    "fixing": (_ESCALATE, _GET_HELP, _RESOLVE),
    "monitoring": (_ESCALATE, _GET_HELP, _RESOLVE),
    "paused": (_RESOLVE,),
}
_WORKING: Final[Mapping[str, str]] = {
    "acknowledged": "Acknowledged by {who}.",
    "mobilised": "On it: {who}.",
    "fixing": "Being fixed by {who}.",
    "monitoring": "A fix is in, watched by {who}.",
}
_AFTERWARDS: Final[Mapping[str, tuple[str, ...]]] = {
    "review": ("It is in review.",),
    "closed": ("It is closed.",),
}
SHOWN: Final = 20
TEST: Final = Card(
    subject="test",
    title="Evenfall can write here",
    lines=("Incidents will show up in this room. This message was a test.",),
)


def cards(posts: Sequence[Post]) -> dict[int, Card]:
    """The card of each post by its id; a fixed number of queries."""
    listed = _listed([post.id for post in posts if post.kind == PostKind.LIST.value])
    own = {post.incident_id for post in posts if post.incident_id is not None}
    inside = {number for numbers in listed.values() for number in numbers}
    views = incidents_queries.incidents(own | inside)
    pages = _pages([views[number] for number in own])
    made: dict[int, Card] = {}
    for post in posts:
        if post.incident_id is not None:
            made[post.id] = incident_card(views[post.incident_id], pages.get(post.incident_id))
        elif post.kind == PostKind.LIST.value:
            made[post.id] = list_card([views[number] for number in listed[post.id]])
        else:
            made[post.id] = TEST
    return made


def incident_card(view: IncidentView, page: PageView | None) -> Card:
    if view.is_private:
        return _private_card(view)
    return Card(
        subject=view.subject,
        title=f"#{view.id} {view.headline}",
        lines=tuple(_lines(view, page)),
        facts=tuple(_facts(view)),
        url=notifications_queries.absolute(f"/incidents/{view.id}/"),
        severity=view.loudness.value,
        state=view.state.value,
        buttons=_BUTTONS.get(view.state.value, ()),
    )


def _private_card(view: IncidentView) -> Card:
    """What a room may still show of an incident that became private: that it has nothing to say."""
    return Card(
        subject=view.subject,
        title=f"#{view.id} is private now",
        lines=("Whoever is named sees it in Evenfall.",),
        url=notifications_queries.absolute(f"/incidents/{view.id}/"),
        state=view.state.value,
    )


def list_card(views: Sequence[IncidentView]) -> Card:
    """One message for many incidents: those that are open come first."""
    live = [view for view in views if view.is_live]
    order = sorted(views, key=lambda view: (not view.is_live, view.id))
    lines = [f"#{view.id} {_named(view)} ({view.state.value})" for view in order[:SHOWN]]
    if len(order) > SHOWN:
        lines.append(f"and {len(order) - SHOWN} more")
    return Card(
        subject="list",
        title=f"{len(views)} more incidents, {len(live)} of them open",
        lines=tuple(lines),
        url=notifications_queries.absolute("/incidents/"),
        severity=live[0].loudness.value if live else "",
        state="open" if live else "resolved",
    )


def _named(view: IncidentView) -> str:
    return "is private now" if view.is_private else view.headline


def _lines(view: IncidentView, page: PageView | None) -> list[str]:
    if view.has_ended:
        by = f" by {view.resolved_by.name}" if view.resolved_by else ", its alerts ended"
        return [f"Resolved{by}.", *_AFTERWARDS.get(view.state.value, ())]
    if view.merged_into_id is not None:
        return [f"Merged into #{view.merged_into_id}."]
    return [_work(view, page)] if view.is_live else [f"Declined: {view.state_reason}"]


def _work(view: IncidentView, page: PageView | None) -> str:
    if view.resume_by is not None:
        return f"Paused until {view.resume_by:%Y-%m-%d %H:%M} UTC: {view.state_reason}"
    if view.word in _WORKING:
        somebody = "its alerts" if view.word == "acknowledged" else "somebody"
        who = view.holder.name if view.holder else somebody
        return _WORKING[view.word].format(who=who)
    if page is not None and page.people:
        return f"Called so far: {', '.join(page.people)}."
    return "Nobody is called for it yet."


def _facts(view: IncidentView) -> list[tuple[str, str]]:
    rows = {
        "Severity": view.severity.value,
        "State": view.state.value,
        "Service": view.service.name if view.service else "",
        "Team": view.team.name if view.team else "",
        "Environment": view.environment.value,
        "Opened": f"{view.opened_at:%Y-%m-%d %H:%M} UTC",
    }
    return [(label, value) for label, value in rows.items() if value]


def _listed(list_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {number: [] for number in list_ids}
    if list_ids:
        rows = Post.objects.filter(listed_in_id__in=list_ids).order_by("id")
        for list_id, incident_id in rows.values_list("listed_in_id", "incident_id"):
            found[list_id].append(incident_id)
    return found


def _pages(views: Sequence[IncidentView]) -> dict[int, PageView]:
    """The newest page of each open incident."""
    subjects = {view.subject: view.id for view in views if view.state.value == "open"}
    found: dict[int, PageView] = {}
    for page in paging_queries.pages_for(subjects) if subjects else ():
        found.setdefault(subjects[page.subject], page)
    return found
