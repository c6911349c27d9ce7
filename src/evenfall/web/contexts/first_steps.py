"""The three steps to the first real page, shown until each is done."""

from datetime import datetime

from django.conf import settings
from msgspec import Struct

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.actions import IntegrationDraft
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.notifications import queries as notifications_queries

_TOOLS = ("prometheus", "alertmanager", "grafana", "pagerduty")


class Example(Struct, frozen=True):
    """What to paste where, with the real key in it."""

    tool: str
    hint: str
    code: str


class Steps(Struct, frozen=True, kw_only=True):
    """What is done.

    may_begin: nobody made a team yet, so one form can make all that being on call needs.
    examples: ready to copy, while a key made here is kept for this browser.
    """

    reachable: bool
    on_call: bool
    signal: bool
    may_connect: bool
    may_begin: bool
    examples: tuple[Example, ...]

    @property
    def done(self) -> int:
        return sum((self.reachable, self.on_call, self.signal))

    @property
    def is_done(self) -> bool:
        return self.reachable and self.on_call and self.signal


def steps(viewer: Viewer, *, somebody_on_call: bool, key: str) -> Steps | None:
    """Where this installation and this person stand; None once all is done, and for readers."""
    if not viewer.can_somewhere(Permission.RESPOND):
        return None
    methods = notifications_queries.contact_methods(viewer.user_id)
    may_manage = viewer.can(Permission.MANAGE)
    signal = alerting_queries.has_signal()
    found = Steps(
        reachable=any(method.state == "verified" for method in methods),
        on_call=somebody_on_call,
        signal=signal,
        may_connect=may_manage,
        may_begin=may_manage and not somebody_on_call and not identity_queries.teams(),
        examples=_examples(key) if key and not signal else (),
    )
    return None if found.is_done else found


def make_key(viewer: Viewer, *, now: datetime) -> str:
    """Make an integration for the first try and return its key; raise `RoleTooLow`.

    What arrives is about the service, while there is only one.
    """
    viewer.check(Permission.MANAGE)
    services = list(catalog_queries.services())
    draft = IntegrationDraft(
        name="First alert",
        kind="json",
        service_id=services[0] if len(services) == 1 else None,
    )
    _, key = alerting_actions.create_integration(draft=draft, now=now, actor=viewer.actor)
    return key


def _examples(key: str) -> tuple[Example, ...]:
    url = settings.EVENFALL.public_url
    by_hand = alerting_queries.snippets_for("json", public_url=url, key=key)[0]
    tools = [
        Example(kind.label, f"{kind.hint} In: {snippet.where}.", snippet.text)
        for name in _TOOLS
        for kind in [alerting_queries.KINDS[name]]
        for snippet in alerting_queries.snippets_for(name, public_url=url, key=key)[:1]
    ]
    return (Example("curl", "Paste it into a terminal: you are paged.", by_hand.text), *tools)
