"""Pages, groups and components as those who look after them see them."""

import hmac
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents.ports import Sev
from evenfall.statuspages import errors
from evenfall.statuspages.logic.phrases import Language, known
from evenfall.statuspages.logic.uptime import Weights
from evenfall.statuspages.logic.words import Collapsed, Status, Visibility, worst
from evenfall.statuspages.models import Component, Group, Interval, StatusPage


class Gate(Struct, frozen=True, kw_only=True):
    """What must be known of a page before anything of it is shown; one cheap row."""

    id: int
    version: int
    changed_at: datetime
    visibility: Visibility
    languages: tuple[Language, ...]


class PageView(Struct, frozen=True, kw_only=True):
    """A page with its settings. `token` opens it where visibility is token.

    `prepare_from`: the mildest severity for which a first post is prepared; None: for none.
    """

    id: int
    slug: str
    title: str
    description: str
    team_id: int | None
    team: str
    visibility: Visibility
    token: str
    time_zone: str
    weight_major: Decimal
    weight_partial: Decimal
    weight_degraded: Decimal
    counts_maintenance: bool
    groups_need_all: bool
    prepare_from: Sev | None
    version: int
    changed_at: datetime

    @property
    def weights(self) -> Weights:
        return Weights(
            major=Fraction(self.weight_major),
            partial=Fraction(self.weight_partial),
            degraded=Fraction(self.weight_degraded),
        )


class GroupView(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    collapsed: Collapsed


class Part(Struct, frozen=True, kw_only=True):
    """A component: what it is now, and what people said by hand of it (`manual`)."""

    id: int
    name: str
    description: str
    group_id: int | None
    group: str
    shows_uptime: bool
    service_ids: tuple[int, ...]
    status: Status
    manual: Status


def gate(slug: str) -> Gate:
    """Raises StatusPageNotFound."""
    rows = StatusPage.objects.filter(slug=slug)
    names = ("id", "version", "changed_at", "visibility", "look__languages")
    found = rows.values_list(*names).first()
    if found is None:
        raise errors.StatusPageNotFound
    number, version, changed_at, visibility, languages = found
    return Gate(
        id=number,
        version=version,
        changed_at=changed_at,
        visibility=Visibility(visibility),
        languages=known(languages or ()),
    )


def opens(status_page_id: int, token: str) -> bool:
    """Whether this is the secret of the page."""
    row = StatusPage.objects.filter(id=status_page_id).first()
    return row is not None and hmac.compare_digest(row.token.encode(), token.encode())


def pages() -> list[PageView]:
    """Every page, by title; two queries."""
    return _views(StatusPage.objects.order_by("title", "id"))


def page(status_page_id: int) -> PageView:
    """Raises StatusPageNotFound."""
    found = _views(StatusPage.objects.filter(id=status_page_id))
    if not found:
        raise errors.StatusPageNotFound
    return found[0]


def groups(status_page_id: int) -> list[GroupView]:
    rows = Group.objects.filter(page_id=status_page_id).order_by("position", "id")
    return [_group(row) for row in rows]


def group(status_page_id: int, group_id: int) -> GroupView:
    """Raises GroupNotFound."""
    row = Group.objects.filter(page_id=status_page_id, id=group_id).first()
    if row is None:
        raise errors.GroupNotFound
    return _group(row)


def parts(status_page_id: int, *, now: datetime) -> list[Part]:
    """The components in the order of the page: those without a group first."""
    return _parts(Component.objects.filter(page_id=status_page_id), now)


def part(status_page_id: int, component_id: int, *, now: datetime) -> Part:
    """Raises ComponentNotFound."""
    found = _parts(Component.objects.filter(page_id=status_page_id, id=component_id), now)
    if not found:
        raise errors.ComponentNotFound
    return found[0]


def suggested(service_id: int | None) -> dict[int, list[int]]:
    """The components behind which a service stands, by page."""
    if service_id is None:
        return {}
    rows = Component.objects.filter(links__service_id=service_id, removed_at=None).order_by("id")
    found: dict[int, list[int]] = {}
    for component_id, page_id in rows.values_list("id", "page_id"):
        found.setdefault(page_id, []).append(component_id)
    return found


# by hand, since it is on the way of the page of an incident, and of each new one
_VISIBLE: Final = """
SELECT 'told', post.incident_id
  FROM statuspages_post post JOIN statuspages_statuspage page ON page.id = post.page_id
 WHERE post.incident_id = ANY(%(incidents)s) AND post.retracted_at IS NULL
   AND page.visibility <> %(not_public)s
UNION
SELECT 'shown', link.service_id
  FROM statuspages_componentservice link
  JOIN statuspages_component component ON component.id = link.component_id
  JOIN statuspages_statuspage page ON page.id = component.page_id
 WHERE link.service_id = ANY(%(services)s) AND component.removed_at IS NULL
   AND page.visibility <> %(not_public)s
"""


def visible_incidents(services: Mapping[int, int | None]) -> set[int]:
    """Which of these incidents (with the service each hits) a page shows, or would show."""
    wanted: dict[str, Any] = {
        "incidents": list(services),
        "services": [one for one in services.values() if one],
        "not_public": Visibility.SIGNED_IN.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VISIBLE, wanted)
        found = cursor.fetchall()
    known = {number for how, number in found if how == "shown"}
    return {
        *(number for how, number in found if how == "told"),
        *(number for number, service_id in services.items() if service_id in known),
    }


def _views(rows: Iterable[StatusPage]) -> list[PageView]:
    found = list(rows)
    wanted = {row.team_id for row in found if row.team_id}
    teams = {team.id: team.name for team in identity_queries.teams(wanted)} if wanted else {}
    return [_view(row, teams.get(row.team_id or 0, "")) for row in found]


def _view(row: StatusPage, team: str) -> PageView:
    return PageView(
        id=row.pk,
        slug=row.slug,
        title=row.title,
        description=row.description,
        team_id=row.team_id,
        team=team,
        visibility=Visibility(row.visibility),
        token=row.token,
        time_zone=row.time_zone,
        weight_major=row.weight_major,
        weight_partial=row.weight_partial,
        weight_degraded=row.weight_degraded,
        counts_maintenance=row.counts_maintenance,
        groups_need_all=row.groups_need_all,
        prepare_from=Sev(row.prepare_from) if row.prepare_from else None,
        version=row.version,
        changed_at=row.changed_at,
    )


def _group(row: Group) -> GroupView:
    return GroupView(id=row.pk, name=row.name, collapsed=Collapsed(row.collapsed))


def _parts(rows: QuerySet[Component], now: datetime) -> list[Part]:
    found = rows.filter(removed_at=None).select_related("group").prefetch_related("links")
    shown = sorted(found, key=_place)
    said = _open_intervals([row.pk for row in shown], now)
    return [_part(row, said.get(row.pk, [])) for row in shown]


def _place(row: Component) -> tuple[int, int, int, int]:
    """Components without a group first, then by group."""
    if row.group is None:
        return (-1, 0, row.position, row.pk)
    return (row.group.position, row.group.pk, row.position, row.pk)


def _open_intervals(component_ids: Collection[int], now: datetime) -> dict[int, list[Interval]]:
    rows = Interval.objects.filter(component_id__in=component_ids, starts_at__lte=now)
    found: dict[int, list[Interval]] = {}
    for row in rows.filter(Q(ends_at=None) | Q(ends_at__gt=now)):
        found.setdefault(row.component_id, []).append(row)
    return found


def _part(row: Component, said: list[Interval]) -> Part:
    by_hand = [Status(one.status) for one in said if one.source == "manual"]
    return Part(
        id=row.pk,
        name=row.name,
        description=row.description,
        group_id=row.group_id,
        group="" if row.group is None else row.group.name,
        shows_uptime=row.shows_uptime,
        service_ids=tuple(sorted(link.service_id for link in row.links.all())),
        status=worst([Status(one.status) for one in said]),
        manual=worst(by_hand),
    )
