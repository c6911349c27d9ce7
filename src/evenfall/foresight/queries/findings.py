"""Findings as they stand."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from msgspec import Struct

from evenfall.foresight.errors import FindingNotFound
from evenfall.foresight.logic.findings import HEAVIEST_FIRST, Weight
from evenfall.foresight.logic.kinds import CHECK_WORDS, Check
from evenfall.foresight.logic.mends import Needs, Offer
from evenfall.foresight.models import Finding, Look, LookAsked, Mended
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import pages

MOST = 500
_ORDER: Final = ("rank", "id")
SHOWN_FOR: Final = timedelta(days=7)
_MENDED: Final = 20


class FindingView(Struct, frozen=True, kw_only=True):
    """`team` and `person` are names, empty where nobody owns it: then the site's managers do."""

    id: int
    check: Check
    check_words: str
    weight: Weight
    title: str
    why: str
    mend: str
    mend_url: str
    team_id: int | None
    team: str
    person_id: int | None
    person: str
    found_at: datetime
    dismissed_until: date | None
    dismissed_reason: str
    offer: Offer | None

    @property
    def offered(self) -> str:
        """What the button that mends it says; empty where only a form mends it."""
        return self.offer.label if self.offer else ""


class MendedView(Struct, frozen=True, kw_only=True):
    """A finding that one click mended, with the words of the button."""

    finding_id: int
    title: str
    label: str
    at: datetime
    by: str
    offer: Offer | None


class FindingFilter(Struct, frozen=True, kw_only=True):
    """`user_id`: only what that person or a team of theirs owns."""

    team_id: int | None = None
    check: Check | None = None
    is_dismissed: bool = False
    viewer: Viewer | None = None


def findings(asked: FindingFilter, *, today: date) -> list[FindingView]:
    """The heaviest first, then the oldest; at most 500. Two queries."""
    return _views(_ranked(_asked(asked, today)).order_by(*_ORDER)[:MOST])


def findings_page(
    asked: FindingFilter, *, today: date, cursor: str | None = None, size: int = 50
) -> pages.Page[FindingView]:
    """As `findings`, page by page. Two queries."""
    page = pages.keyset(_ranked(_asked(asked, today)), order=_ORDER, cursor=cursor, size=size)
    return page.holding(_views(page.items))


def _asked(asked: FindingFilter, today: date) -> QuerySet[Finding]:
    resting = Q(dismissed_until__gt=today)
    rows = Finding.objects.filter(gone_at=None)
    rows = rows.filter(resting) if asked.is_dismissed else rows.exclude(resting)
    if asked.team_id is not None:
        rows = rows.filter(team_id=asked.team_id)
    if asked.check is not None:
        rows = rows.filter(check_name=asked.check.value)
    if asked.viewer is not None:
        rows = rows.filter(_of(asked.viewer))
    return rows


def finding(finding_id: int) -> FindingView:
    """Raises FindingNotFound."""
    found = _views(Finding.objects.filter(id=finding_id, gone_at=None).select_related("team"))
    if not found:
        raise FindingNotFound(finding_id=finding_id)
    return found[0]


def open_findings(viewer: Viewer, *, today: date) -> QuerySet[Finding]:
    """Those that wait for the viewer: their own, those of teams they manage; for the navigation."""
    return Finding.objects.filter(_of(viewer), gone_at=None).exclude(dismissed_until__gt=today)


def weights(asked: FindingFilter, *, today: date) -> list[tuple[Weight, int]]:
    """How many there are of each weight, the heaviest first."""
    rows = _asked(asked, today).order_by("weight").values_list("weight").annotate(Count("id"))
    counts = dict(rows)
    return [(weight, counts[weight.value]) for weight in HEAVIEST_FIRST if counts.get(weight.value)]


def mended_lately(*, now: datetime) -> list[MendedView]:
    """What a click mended in the last days and nobody took back, the newest first; two queries."""
    rows = Mended.objects.filter(at__gte=now - SHOWN_FOR, undone_at=None).select_related("finding")
    found = list(rows.order_by("-at")[:_MENDED])
    names = identity_queries.actor_names(row.by for row in found)
    return [
        MendedView(
            finding_id=row.finding_id,
            title=row.finding.title,
            label=row.label,
            at=row.at,
            by=names.get(row.by, ""),
            offer=_offer(row.finding),
        )
        for row in found
    ]


def offer_of(finding_id: int) -> Offer | None:
    """What an open finding offers, or what a mended one was mended by. Raises FindingNotFound."""
    row = Finding.objects.filter(id=finding_id).first()
    if row is None:
        raise FindingNotFound(finding_id=finding_id)
    return _offer(row)


def may_mend(viewer: Viewer, offer: Offer) -> bool:
    """Whoever could do it by hand may have it done."""
    match offer.needs:
        case Needs.PERSON:
            return viewer.user_id == offer.owner_id
        case Needs.TEAM:
            return viewer.can(Permission.MANAGE, team_id=offer.owner_id)
        case Needs.RESPOND:
            return viewer.can(Permission.RESPOND)
        case Needs.SITE:
            return viewer.can(Permission.MANAGE)


def is_looking() -> bool:
    """Whether a change waits for its look."""
    return LookAsked.objects.exists()


def _offer(row: Finding) -> Offer | None:
    return None if row.offer is None else msgspec.convert(row.offer, Offer)


def last_look() -> datetime | None:
    """When everything was looked at last; None before the first time."""
    return Look.objects.values_list("looked_at", flat=True).first()


def _of(viewer: Viewer) -> Q:
    managed = [n for n in viewer.team_roles if viewer.can(Permission.MANAGE, team_id=n)]
    mine = Q(person_id=viewer.user_id) | Q(person_id=None, team_id__in=managed)
    if viewer.can(Permission.MANAGE):
        mine |= Q(person_id=None, team_id=None)
    return mine


def _ranked(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    order = [When(weight=weight.value, then=Value(n)) for n, weight in enumerate(HEAVIEST_FIRST)]
    heavy = Case(*order, default=Value(len(order)), output_field=IntegerField())
    return rows.annotate(rank=heavy).select_related("team")


def _views(rows: Iterable[Finding]) -> list[FindingView]:
    found = list(rows)
    names = identity_queries.names(row.person_id for row in found)
    return [
        FindingView(
            id=row.pk,
            check=Check(row.check_name),
            check_words=CHECK_WORDS[Check(row.check_name)],
            weight=Weight(row.weight),
            title=row.title,
            why=row.why,
            mend=row.mend,
            mend_url=row.mend_url,
            team_id=row.team_id,
            team=row.team.name if row.team else "",
            person_id=row.person_id,
            person=names.get(row.person_id or 0, ""),
            found_at=row.found_at,
            dismissed_until=row.dismissed_until,
            dismissed_reason=row.dismissed_reason,
            offer=_offer(row),
        )
        for row in found
    ]
