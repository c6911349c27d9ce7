"""What status pages do when people tell of incidents, and what incidents learn of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from evenfall.incidents import actions as incidents_actions
from evenfall.incidents import events as incidents_events
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Audience, State
from evenfall.platform.events import Event, Recorded
from evenfall.statuspages import actions, queries
from evenfall.statuspages.actions import UpdateWish
from evenfall.statuspages.events import PostUpdated
from evenfall.statuspages.logic.words import PostState, Visibility
from evenfall.statuspages.queries import PostView

LIFE_EVENTS: tuple[type[Event], ...] = (
    incidents_events.IncidentOpened,
    incidents_events.SeverityChanged,
    incidents_events.PrivacyChanged,
    incidents_events.IncidentReopened,
    incidents_events.IncidentResolved,
    incidents_events.IncidentDeclined,
    incidents_events.IncidentMerged,
)
TOLD_EVENTS: tuple[type[Event], ...] = (incidents_events.UpdateTold, PostUpdated)

_STATES: Final = {
    State.OPEN: PostState.INVESTIGATING,
    State.ACKNOWLEDGED: PostState.INVESTIGATING,
    State.FIXING: PostState.IDENTIFIED,
    State.PAUSED: PostState.IDENTIFIED,
    State.MONITORING: PostState.MONITORING,
}
"""What readers see of a state; of any other one that it is resolved."""


def follow_updates(events: Sequence[Recorded[Event]], *, now: datetime) -> None:  # noqa: ARG001 - a reactor gets it
    """What incidents tell the public goes onto their posts; what posts say keeps their promises."""
    for recorded in events:
        match recorded.event:
            case incidents_events.UpdateTold() as told:
                _post(told)
            case PostUpdated(from_incident=False) as posted:
                _keep(posted)


def follow_lives(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Prepare first posts about incidents that are new or worse, and settle those of past ones."""
    facts = (recorded.event for recorded in events)
    ids = {fact.incident_id for fact in facts if isinstance(fact, incidents_events.IncidentEvent)}
    actions.follow_incidents(incident_ids=ids, now=now)


def show_lessons(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """What incidents taught is public, or not any more: pages that told of them show it.

    The facts are those of a domain beside this one; their subjects name the incidents.
    """
    subjects = [subject for recorded in events for subject in recorded.event.subjects()]
    ids = {int(one.partition(":")[2]) for one in subjects if one.startswith("incident:")}
    actions.refresh_posts_of(incident_ids=ids, now=now)


def _keep(posted: PostUpdated) -> None:
    """Somebody told readers here, so the incident need not ask for it any more."""
    if posted.incident_id is None:
        return
    incidents_actions.told_elsewhere(
        incident_id=posted.incident_id,
        audience=_readers(posted.status_page_id),
        where=f"the status page {posted.page}",
        now=posted.at,
        actor=posted.actor,
        next_update_at=posted.next_update_at,
        is_last=posted.state == PostState.RESOLVED.value,
    )


def _readers(status_page_id: int) -> Audience:
    """Who reads a page; one behind the sign-in is for colleagues."""
    page = queries.page(status_page_id)
    return Audience.STAFF if page.visibility is Visibility.SIGNED_IN else Audience.PUBLIC


def _post(told: incidents_events.UpdateTold) -> None:
    """Update each post about the incident that the public reads; without one nothing happens."""
    if not any(one.audience == Audience.PUBLIC.value for one in told.told):
        return
    update = incidents_queries.update(told.incident_id, told.update_id)
    said = update.text_for(Audience.PUBLIC)
    if said is None:
        return
    for post in queries.posts_of_incident(told.incident_id):
        if post.retracted_at is None and _readers(post.page_id) is Audience.PUBLIC:
            wish = UpdateWish(
                text=said.text,
                state=_STATES.get(update.state, PostState.RESOLVED),
                next_update_at=said.next_update_at,
                said_at=told.at,
            )
            _add(post, wish, told)


def _add(post: PostView, wish: UpdateWish, told: incidents_events.UpdateTold) -> None:
    actions.post_update(
        status_page_id=post.page_id,
        post_id=post.id,
        wish=wish,
        now=told.at,
        actor=told.actor,
        from_incident=True,
    )
