"""What a page shows, and what people say by hand of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.statuspages import errors, events
from evenfall.statuspages.actions.pages import locked, touch
from evenfall.statuspages.logic.words import BY_HAND, Collapsed, Source, Status
from evenfall.statuspages.models import Component, ComponentService, Group, Interval, StatusPage


class GroupWish(Struct, frozen=True, kw_only=True):
    name: str
    collapsed: Collapsed = Collapsed.OPEN


class ComponentWish(Struct, frozen=True, kw_only=True):
    """What is said about a component; `group_id` is of the same page."""

    name: str
    description: str = ""
    group_id: int | None = None
    shows_uptime: bool = True
    service_ids: Collection[int] = ()


def add_group(*, status_page_id: int, wish: GroupWish, now: datetime, actor: str) -> int:
    """Add a group at the end; returns its id. Raises StatusPageNotFound, ComponentNotUsable."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = Group(page=page, position=_next(Group, page))
        _fill_group(row, wish)
        _tell(page, f"group:{row.pk}", {}, {"name": row.name}, now=now, actor=actor)
    return row.pk


def change_group(
    *, status_page_id: int, group_id: int, wish: GroupWish, now: datetime, actor: str
) -> None:
    """Raises GroupNotFound, ComponentNotUsable."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = _group(page, group_id)
        before = {"name": row.name, "collapsed": row.collapsed}
        _fill_group(row, wish)
        after = {"name": row.name, "collapsed": row.collapsed}
        _tell(page, f"group:{row.pk}", before, after, now=now, actor=actor)


def remove_group(*, status_page_id: int, group_id: int, now: datetime, actor: str) -> None:
    """Its components stay, without a heading. Raises GroupNotFound."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = _group(page, group_id)
        _tell(page, f"group:{row.pk}", {"name": row.name}, {}, now=now, actor=actor)
        row.delete()


def add_component(*, status_page_id: int, wish: ComponentWish, now: datetime, actor: str) -> int:
    """Show a component from now on, operational; before that there is no data of it.

    Raises StatusPageNotFound, GroupNotFound, ComponentNotUsable.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = Component(page=page, position=_next(Component, page), created_at=now)
        _fill(row, wish)
        _say(row, Status.OPERATIONAL, now)
        _tell(page, f"component:{row.pk}", {}, _snapshot(row), now=now, actor=actor)
    return row.pk


def change_component(
    *, status_page_id: int, component_id: int, wish: ComponentWish, now: datetime, actor: str
) -> None:
    """Raises ComponentNotFound, GroupNotFound, ComponentNotUsable."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = component_of(page, component_id)
        before = _snapshot(row)
        _fill(row, wish)
        _tell(page, f"component:{row.pk}", before, _snapshot(row), now=now, actor=actor)


def move_component(
    *, status_page_id: int, component_id: int, up: bool, now: datetime, actor: str
) -> None:
    """Swap its place with its neighbour's in the group. Raises ComponentNotFound."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = component_of(page, component_id)
        shown = list(page.components.filter(removed_at=None, group=row.group).order_by(*ORDER))
        here = shown.index(row)
        there = here + (-1 if up else 1)
        if not 0 <= there < len(shown):
            return
        shown[here], shown[there] = shown[there], shown[here]
        for position, one in enumerate(shown):
            one.position = position
        Component.objects.bulk_update(shown, ["position"])
        order = {"order": [one.name for one in shown]}
        _tell(page, f"component:{row.pk}", {}, order, now=now, actor=actor)


def remove_component(*, status_page_id: int, component_id: int, now: datetime, actor: str) -> None:
    """Show it no more; what posts said of it stays. Raises ComponentNotFound."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = component_of(page, component_id)
        _tell(page, f"component:{row.pk}", _snapshot(row), {}, now=now, actor=actor)
        row.removed_at = now
        row.save()


def set_status(
    *, status_page_id: int, component_id: int, status: Status, now: datetime, actor: str
) -> None:
    """Say by hand how a component is from now on. Posts and maintenance speak for themselves.

    Raises ComponentNotFound, ComponentNotUsable.
    """
    if status not in BY_HAND:
        reason = "plan a maintenance instead: it is announced, and ends."
        raise errors.ComponentNotUsable(reason=reason, field="status")
    with transaction.atomic():
        page = locked(status_page_id)
        row = component_of(page, component_id)
        before = _say(row, status, now)
        if before == status.value:
            return
        touch(page.pk, now=now)
        publish(
            events.ComponentStatusSet(
                status_page_id=page.pk,
                component_id=row.pk,
                component=row.name,
                before=before,
                after=status.value,
                at=now,
                actor=actor,
            )
        )


ORDER = ("position", "id")


def component_of(page: StatusPage, component_id: int) -> Component:
    """The component, if this page shows it. Raises ComponentNotFound."""
    row = page.components.filter(id=component_id, removed_at=None).first()
    if row is None:
        raise errors.ComponentNotFound
    return row


def _say(row: Component, status: Status, now: datetime) -> str:
    """Close what was said by hand and say this; returns what was said before."""
    said = row.intervals.filter(source=Source.MANUAL.value, ends_at=None).first()
    if said is not None and said.status == status.value:
        return said.status
    if said is not None and said.starts_at < now:
        said.ends_at = now
        said.save()
    elif said is not None:
        said.delete()
    Interval.objects.create(
        component=row, status=status.value, source=Source.MANUAL.value, starts_at=now
    )
    return "" if said is None else said.status


def _group(page: StatusPage, group_id: int) -> Group:
    row = page.groups.filter(id=group_id).first()
    if row is None:
        raise errors.GroupNotFound
    return row


def _next(model: type[Group | Component], page: StatusPage) -> int:
    last = model.objects.filter(page=page).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _fill_group(row: Group, wish: GroupWish) -> None:
    row.name, row.collapsed = _named(wish.name), wish.collapsed.value
    row.save()


def _fill(row: Component, wish: ComponentWish) -> None:
    row.name, row.description = _named(wish.name), wish.description.strip()
    row.shows_uptime = wish.shows_uptime
    row.group = None if wish.group_id is None else _group(row.page, wish.group_id)
    row.save()
    wanted = set(wish.service_ids)
    if wanted - catalog_queries.services(wanted).keys():
        raise errors.ComponentNotUsable(reason="a service is unknown.", field="service_ids")
    row.links.exclude(service_id__in=wanted).delete()
    links = [ComponentService(component=row, service_id=number) for number in sorted(wanted)]
    ComponentService.objects.bulk_create(links, ignore_conflicts=True)


def _named(name: str) -> str:
    if not name.strip():
        raise errors.ComponentNotUsable(reason="it needs a name.", field="name")
    return name.strip()


def _snapshot(row: Component) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": row.description,
        "group_id": row.group_id,
        "shows_uptime": row.shows_uptime,
        "service_ids": sorted(row.links.values_list("service_id", flat=True)),
    }


def _tell(  # one line of the audit
    page: StatusPage,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    touch(page.pk, now=now)
    publish(
        events.StatusPageChanged(
            status_page_id=page.pk, what=what, before=before, after=after, at=now, actor=actor
        )
    )
