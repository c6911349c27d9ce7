"""First posts that were prepared. Those of incidents that whoever asks may not see are left out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.incidents import queries as incidents_queries
from evenfall.platform import markdown
from evenfall.statuspages import errors
from evenfall.statuspages.logic.words import Settled, Status
from evenfall.statuspages.models import Component, Prepared


class PreparedView(Struct, frozen=True, kw_only=True):
    """What could be told of an incident; `html` is safe to show. Times are aware UTC.

    `settled_how` is None while it waits. `statuses`: (component, status), without components that
    were removed meanwhile.
    """

    id: int
    page_id: int
    page: str
    team_id: int | None
    incident_id: int
    title: str
    text: str
    html: str
    statuses: tuple[tuple[str, Status], ...]
    status_ids: Mapping[int, Status]
    created_at: datetime
    changed_at: datetime | None
    changed_by: str
    settled_at: datetime | None
    settled_by: str
    settled_how: Settled | None
    reason: str
    post_id: int | None

    @property
    def waits(self) -> bool:
        return self.settled_how is None


def prepared(status_page_id: int, prepared_id: int) -> PreparedView:
    """Raises PreparedNotFound."""
    found = _views(_seen().filter(page_id=status_page_id, id=prepared_id))
    if not found:
        raise errors.PreparedNotFound
    return found[0]


def waiting(status_page_id: int) -> list[PreparedView]:
    """What waits on a page, the oldest first."""
    return _views(_seen().filter(page_id=status_page_id, settled_at=None))


def waiting_of_incident(incident_id: int) -> list[PreparedView]:
    """What waits to be told of an incident, on all pages, the oldest first."""
    return _views(_seen().filter(incident_id=incident_id, settled_at=None))


def waiting_counts() -> dict[int, int]:
    """How many posts wait, by page; pages on which none does are left out."""
    rows = _seen().filter(settled_at=None).order_by().values_list("page_id")
    return dict(rows.annotate(count=Count("id")))


def to_confirm(viewer: Viewer) -> QuerySet[Prepared]:
    """Posts that wait for this person: on pages of teams in which they respond, or of the site."""
    teams = [one for one in viewer.team_roles if viewer.can(Permission.RESPOND, team_id=one)]
    mine = Q(page__team__in=teams)
    if viewer.can(Permission.RESPOND):
        mine |= Q(page__team=None)
    return _seen().filter(mine, settled_at=None)


def _seen() -> QuerySet[Prepared]:
    return Prepared.objects.exclude(incident_id__in=incidents_queries.hidden()).order_by("id")


def _views(rows: QuerySet[Prepared]) -> list[PreparedView]:
    """Three queries however many rows."""
    found = list(rows.select_related("page"))
    if not found:
        return []
    named = _components(found)
    actors = {actor for row in found for actor in (row.changed_by, row.settled_by)} - {""}
    names = identity_queries.actor_names(actors)
    return [_view(row, named, names) for row in found]


def _components(rows: Sequence[Prepared]) -> dict[int, str]:
    ids = {int(number) for row in rows for number in row.statuses}
    left = Component.objects.filter(id__in=ids, removed_at=None)
    return dict(left.order_by("position", "id").values_list("id", "name"))


def _view(row: Prepared, named: Mapping[int, str], names: Mapping[str, str]) -> PreparedView:
    said = {int(number): Status(word) for number, word in row.statuses.items()}
    left = {number: said[number] for number in named if number in said}
    return PreparedView(
        id=row.pk,
        page_id=row.page_id,
        page=row.page.title,
        team_id=row.page.team_id,
        incident_id=row.incident_id,
        title=row.title,
        text=row.text,
        html=markdown.to_html(row.text),
        statuses=tuple((named[number], status) for number, status in left.items()),
        status_ids=left,
        created_at=row.created_at,
        changed_at=row.changed_at,
        changed_by=names.get(row.changed_by, row.changed_by),
        settled_at=row.settled_at,
        settled_by=names.get(row.settled_by, row.settled_by),
        settled_how=Settled(row.settled_how) if row.settled_how else None,
        reason=row.reason,
        post_id=row.post_id,
    )
