"""The three steps to the first real page, shown until each is done."""

from dataclasses import dataclass

from django.conf import settings

from evenfall.identity.permissions import Permission, Viewer
from evenfall.notifications import queries as notifications_queries
from evenfall.web.logic.snippets import Snippet, snippets


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is done. snippets: ready to copy, with the real key, while one is shown."""

    reachable: bool
    on_call: bool
    signal: bool
    may_connect: bool
    snippets: tuple[Snippet, ...]

    @property
    def done(self) -> int:
        return sum((self.reachable, self.on_call, self.signal))


def steps(viewer: Viewer, *, somebody_on_call: bool, shown_key: str) -> Steps | None:
    """Where this installation and this person stand; None once all three are done."""
    methods = notifications_queries.contact_methods(viewer.user_id)
    found = Steps(
        reachable=any(method.state == "verified" for method in methods),
        on_call=somebody_on_call,
        signal=False,
        may_connect=viewer.can_somewhere(Permission.MANAGE),
        snippets=snippets(public_url=settings.EVENFALL.public_url, key=shown_key)
        if shown_key
        else (),
    )
    return None if found.done == len(("reachable", "on_call", "signal")) else found
