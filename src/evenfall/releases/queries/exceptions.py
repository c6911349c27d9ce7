"""Exceptions as others see them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Role, Viewer, needed_role
from evenfall.platform import pages
from evenfall.releases import errors
from evenfall.releases.logic.gates import TITLES
from evenfall.releases.logic.words import ExceptionKind, ExceptionState
from evenfall.releases.models import Passage, ReleaseException


class ExceptionView(Struct, frozen=True, kw_only=True):
    """Who asked, who signed, and what came of it; people are named, "" for nobody."""

    id: int
    passage_id: int
    release_id: int
    service_id: int
    team_id: int
    service: str
    version: str
    stage: str
    kind: ExceptionKind
    gates: tuple[str, ...]
    reason: str
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    expires_at: datetime
    review_on: date
    decided_by: str
    decided_at: datetime | None
    is_signed: bool
    decision: str
    used_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    review: str

    @property
    def gate_titles(self) -> list[str]:
        return [TITLES.get(name, name) for name in self.gates]

    @property
    def waits_for_review(self) -> bool:
        return self.used_at is not None and self.reviewed_at is None

    def state(self, now: datetime) -> ExceptionState:
        if self.decided_at is not None and not self.is_signed:
            return ExceptionState.REFUSED
        if self.expires_at <= now:
            return ExceptionState.EXPIRED
        return ExceptionState.SIGNED if self.is_signed else ExceptionState.ASKED


def exceptions(passage_id: int) -> list[ExceptionView]:
    """Those of one passage, newest first."""
    return _views(_newest_first().filter(passage_id=passage_id))


def exceptions_of_release(release_id: int) -> list[ExceptionView]:
    return _views(_newest_first().filter(passage__release_id=release_id))


def exception(exception_id: int) -> ExceptionView:
    """Raises ExceptionNotFound."""
    found = _views(ReleaseException.objects.filter(id=exception_id))
    if not found:
        raise errors.ExceptionNotFound(exception_id=exception_id)
    return found[0]


def exceptions_page(*, cursor: str | None = None, size: int = 50) -> pages.Page[ExceptionView]:
    """All of them, newest first."""
    rows = ReleaseException.objects.all()
    page = pages.keyset(rows, order=("-asked_at", "-id"), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def to_review(*, limit: int = 50) -> list[ExceptionView]:
    """Used, and nobody looked back yet; the oldest date first."""
    rows = ReleaseException.objects.filter(used_at__isnull=False, reviewed_at=None)
    return _views(rows.order_by("review_on", "id")[:limit])


def to_decide(viewer: Viewer, *, now: datetime) -> QuerySet[ReleaseException]:
    """What this person may sign or refuse and nobody did yet."""
    rows = ReleaseException.objects.filter(
        decided_at=None, expires_at__gt=now, passage__state__in=("planned", "gated", "approved")
    ).exclude(asked_by=viewer.user_id)
    if viewer.can(Permission.MANAGE):
        return rows
    needed = needed_role(Permission.MANAGE)
    mine = [team for team, role in viewer.team_roles.items() if Role(role) >= needed]
    return rows.filter(passage__service__team_id__in=mine)


def _newest_first() -> QuerySet[ReleaseException]:
    return ReleaseException.objects.order_by("-asked_at", "-id")


def _views(rows: Iterable[ReleaseException]) -> list[ExceptionView]:
    """The rows with what they are about and the people; two queries more where there are any."""
    rows = list(rows)
    if not rows:
        return []
    passages = Passage.objects.select_related("release", "service")
    about = passages.in_bulk({row.passage_id for row in rows})
    names = identity_queries.names(
        number
        for row in rows
        for number in (row.asked_by_id, row.decided_by_id, row.reviewed_by_id)
    )
    return [_view(row, about[row.passage_id], names) for row in rows]


def _view(row: ReleaseException, passage: Passage, names: Mapping[int, str]) -> ExceptionView:
    return ExceptionView(
        id=row.pk,
        passage_id=row.passage_id,
        release_id=passage.release_id,
        service_id=passage.service_id,
        team_id=passage.service.team_id,
        service=passage.service.name,
        version=passage.release.version,
        stage=passage.stage,
        kind=ExceptionKind(row.kind),
        gates=tuple(row.gates),
        reason=row.reason,
        asked_by=names[row.asked_by_id],
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        review_on=row.review_on,
        decided_by=names.get(row.decided_by_id or 0, ""),
        decided_at=row.decided_at,
        is_signed=row.is_signed,
        decision=row.decision,
        used_at=row.used_at,
        reviewed_by=names.get(row.reviewed_by_id or 0, ""),
        reviewed_at=row.reviewed_at,
        review=row.review,
    )
