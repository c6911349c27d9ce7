"""Which public updates need a second person, what waits for one, and who that may be."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import errors
from evenfall.incidents.logic.approving import Decision, Seats, may_decide
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import ApprovalRule, ProposedText, RoleAssignment

_SEATS = {CrewRole.COMMANDER.value: "commander_id", CrewRole.DEPUTY.value: "deputy_id"}


class ProposedView(Struct, frozen=True, kw_only=True):
    """A text for the public that waits, or waited, for approval; `html` is safe to show.

    `decided_at` None: it waits. `seats`: who may decide, as roles are now.
    """

    id: int
    incident_id: int
    author: str
    author_id: int | None
    text: str
    html: str
    next_update_at: datetime | None
    written_at: datetime
    decision: Decision
    decided_at: datetime | None
    decided_by: str
    reason: str
    update_id: int | None
    seats: Seats

    @property
    def waits(self) -> bool:
        return self.decision is Decision.WAITING

    def may_be_decided_by(self, viewer: Viewer) -> bool:
        return self.waits and may_decide(
            viewer.user_id,
            author_id=self.author_id,
            seats=self.seats,
            administers=viewer.can(Permission.ADMINISTER),
        )


def approval_severities() -> list[Sev]:
    """The severities whose public updates need a second person, the worst first."""
    return [
        Sev(word)
        for word in ApprovalRule.objects.order_by("severity").values_list("severity", flat=True)
    ]


def seats_of(incident_id: int) -> Seats:
    """Who commands an incident now, and who is the deputy."""
    rows = RoleAssignment.objects.filter(
        incident_id=incident_id, ended_at=None, role__in=_SEATS
    ).values_list("role", "user_id")
    return Seats(**{_SEATS[role]: user_id for role, user_id in rows})


def proposed_of(incident_id: int, *, limit: int = 20) -> list[ProposedView]:
    """What was proposed for an incident, newest first. Three queries."""
    rows = ProposedText.objects.filter(incident_id=incident_id).order_by("-id")
    return _views(incident_id, rows[:limit])


def proposed_waiting(incident_id: int) -> ProposedView | None:
    """What waits for approval; None: nothing."""
    rows = ProposedText.objects.filter(incident_id=incident_id, decision=Decision.WAITING.value)
    return next(iter(_views(incident_id, rows)), None)


def proposed(incident_id: int, proposed_id: int) -> ProposedView:
    """Raises ProposedNotFound."""
    found = _views(
        incident_id, ProposedText.objects.filter(incident_id=incident_id, id=proposed_id)
    )
    if not found:
        raise errors.ProposedNotFound(incident_id=incident_id, proposed_id=proposed_id)
    return found[0]


def with_waiting_text(incident_ids: Collection[int]) -> frozenset[int]:
    """Those of these incidents of which a text waits for approval."""
    rows = ProposedText.objects.filter(
        incident_id__in=incident_ids, decision=Decision.WAITING.value
    )
    return frozenset(rows.values_list("incident_id", flat=True))


def _views(incident_id: int, rows: Iterable[ProposedText]) -> list[ProposedView]:
    found = list(rows)
    if not found:
        return []
    actors = {actor for row in found for actor in (row.actor, row.decided_by) if actor}
    names, seats = identity_queries.actor_names(actors), seats_of(incident_id)
    return [
        ProposedView(
            id=row.pk,
            incident_id=row.incident_id,
            author=names.get(row.actor, row.actor),
            author_id=row.author_id,
            text=row.text,
            html=row.html,
            next_update_at=row.next_update_at,
            written_at=row.written_at,
            decision=Decision(row.decision),
            decided_at=row.decided_at,
            decided_by=names.get(row.decided_by, row.decided_by),
            reason=row.reason,
            update_id=row.update_id,
            seats=seats,
        )
        for row in found
    ]
