"""The subscribers of a page over the API, for its managers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.statuspages import errors, queries
from evenfall.statuspages.actions import subscribers as actions
from evenfall.statuspages.contexts import manager_of
from evenfall.statuspages.logic.subscribing import Kind, State
from evenfall.statuspages.queries import subscribers
from evenfall.statuspages.queries.subscribers import MailingView, SubscriberView

router = Router(tags=["statuspages"])
_MANAGE = api_auth(Permission.MANAGE)
_ALL = "/status-pages/{int:status_page_id}/subscribers"
_MAILING = "/status-pages/{int:status_page_id}/mailing"


class StatusSubscriberOut(Schema):
    """Who is told. Of a browser, `address` is only the push service."""

    id: int
    kind: Kind
    address: str
    state: State
    incidents: bool
    maintenance: bool
    component_ids: list[int]
    post_id: int | None
    language: str
    off_reason: str
    created_at: datetime
    confirmed_at: datetime | None

    @staticmethod
    def of(one: SubscriberView) -> "StatusSubscriberOut":
        return StatusSubscriberOut(
            id=one.id,
            kind=one.kind,
            address=one.shown,
            state=one.state,
            incidents=one.choice.incidents,
            maintenance=one.choice.works,
            component_ids=list(one.choice.component_ids),
            post_id=one.choice.post_id,
            language=one.language.value,
            off_reason=one.off_reason,
            created_at=one.created_at,
            confirmed_at=one.confirmed_at,
        )


class StatusSubscribersOut(Schema):
    items: list[StatusSubscriberOut]
    next: str | None


class StatusSubscriberQuery(Schema):
    text: str = Field("", max_length=200)
    """A part of the address."""
    state: State | None = None
    cursor: str | None = None


class StatusInviteIn(Schema):
    addresses: list[str] = Field(min_length=1, max_length=actions.MOST_AT_ONCE)
    """E-mail addresses; each is asked first, and told only when its owner confirms."""


class StatusInviteOut(Schema):
    asked: int
    """How many of them are new; known ones are left as they are."""


class StatusMailingIn(Schema):
    is_open: bool = True
    reminders: list[int] = Field(default_factory=lambda: [60], max_length=actions.MOST_REMINDERS)
    """Minutes before a maintenance starts."""


class StatusMailingOut(Schema):
    is_open: bool
    reminders: list[int]


@router.get(_ALL, response=StatusSubscribersOut, auth=_MANAGE)
def list_status_subscribers(
    request: HttpRequest, status_page_id: int, asked: Query[StatusSubscriberQuery]
) -> dict[str, Any]:
    """Who is told of what the page says, the newest first."""
    manager_of(request, status_page_id)
    state = asked.state.value if asked.state else ""
    found = subscribers.subscribers_page(
        status_page_id, text=asked.text, state=state, cursor=asked.cursor
    )
    items = [StatusSubscriberOut.of(one) for one in found.items]
    return {"items": items, "next": found.next_cursor}


@router.post(_ALL, response={202: StatusInviteOut}, auth=_MANAGE)
def invite_status_subscribers(
    request: HttpRequest, status_page_id: int, body: StatusInviteIn
) -> Status[dict[str, int]]:
    """Ask the owners of addresses whether they want to be told."""
    viewer, _ = manager_of(request, status_page_id)
    made = actions.import_addresses(
        status_page_id=status_page_id,
        addresses=body.addresses,
        language=queries.look(status_page_id).languages[0],
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(202, {"asked": made})


@router.delete(f"{_ALL}/{{int:subscriber_id}}", response={204: None}, auth=_MANAGE)
def erase_status_subscriber(
    request: HttpRequest, status_page_id: int, subscriber_id: int
) -> Status[None]:
    """Forget a subscriber with everything that was sent to it."""
    viewer, _ = manager_of(request, status_page_id)
    erased = actions.erase_subscribers(
        status_page_id=status_page_id,
        subscriber_ids=[subscriber_id],
        now=utc_now(),
        actor=viewer.actor,
    )
    if not erased:
        raise errors.SubscriberNotFound
    return Status(204, None)


@router.get(_MAILING, response=StatusMailingOut, auth=_MANAGE)
def get_status_mailing(request: HttpRequest, status_page_id: int) -> MailingView:
    """Whether readers can subscribe, and how long ahead they are reminded."""
    manager_of(request, status_page_id)
    return subscribers.mailing(status_page_id)


@router.put(_MAILING, response=StatusMailingOut, auth=_MANAGE)
def change_status_mailing(
    request: HttpRequest, status_page_id: int, body: StatusMailingIn
) -> MailingView:
    """Say whether readers can subscribe, and how long ahead they are reminded."""
    viewer, _ = manager_of(request, status_page_id)
    actions.change_mailing(
        status_page_id=status_page_id,
        is_open=body.is_open,
        reminders=body.reminders,
        now=utc_now(),
        actor=viewer.actor,
    )
    return subscribers.mailing(status_page_id)
