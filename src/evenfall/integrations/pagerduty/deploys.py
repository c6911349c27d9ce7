"""Tools that send PagerDuty change events (Events API v2, `/v2/change/enqueue`) to a source.

The key is in the address, so that a tool whose host can be changed needs nothing else; the routing
key in the body is not looked at. Change events carry no id: the same body with the same time is the
same change.
"""

import hashlib
from collections.abc import Sequence

from evenfall.changes.ports import (
    ChangeKind,
    Deploy,
    Knock,
    Reading,
    Report,
    Signing,
    Snippet,
    Unreadable,
    sent,
)


class PagerDutyChanges:
    kind = "pagerduty"
    label = "PagerDuty change events"
    hint = "Whatever sends change events to PagerDuty, with this address instead."
    about = "text in payload.source"
    signing = Signing.NEVER

    def is_signed(self, knock: Knock, *, secret: str) -> bool:  # noqa: ARG002 - of the port
        return False  # PagerDuty's senders sign nothing, so a source of them has no secret

    def read(self, knock: Knock, *, names: frozenset[str]) -> Reading:  # noqa: ARG002 - of the port
        body = sent(knock.body)
        told = body.part("payload")
        extra = told.part("custom_details")
        summary, at = told.text("summary"), told.moment("timestamp")
        if not summary:
            raise Unreadable("A change event has a payload with a summary.")
        word = extra.text("kind", limit=40).lower()
        kind = ChangeKind(word) if word in set(ChangeKind) else ChangeKind.DEPLOY
        report = Report(
            summary=summary,
            about=told.text("source", limit=200),
            service=extra.text("service", limit=80),
            kind=kind,
            environment=extra.text("environment", "env", limit=100),
            external_id=hashlib.sha256(knock.body).hexdigest() if at else "",
            at=at,
            links=[
                {"href": link.text("href"), "text": link.text("text")}
                for link in body.parts("links")
            ],
            details=told.tree("custom_details"),
            deploy=Deploy(
                version=extra.text("version", "build_version", limit=200),
                commit=extra.text("commit", "sha", limit=64),
            ),
        )
        return Reading(reports=(report,))

    def snippets(self, *, address: str, secret: str) -> Sequence[Snippet]:  # noqa: ARG002 - of the port
        return (
            Snippet(
                where="Instead of https://events.pagerduty.com/v2/change/enqueue",
                text=f"{address}v2/change/enqueue",
            ),
        )


CHANGES = PagerDutyChanges()
