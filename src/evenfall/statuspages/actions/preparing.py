"""First posts that wait for a person, kept in step with their incidents."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Sev
from evenfall.incidents.queries import IncidentView
from evenfall.platform.events import SYSTEM, publish
from evenfall.statuspages import events
from evenfall.statuspages.actions.asking import ask
from evenfall.statuspages.actions.settling import about, settle
from evenfall.statuspages.logic.drafting import Trouble, first_words, is_wanted, likely, withdrawn
from evenfall.statuspages.logic.phrases import known, phrases
from evenfall.statuspages.logic.words import COMES_BACK, Settled
from evenfall.statuspages.models import Component, Post, Prepared, StatusPage

_COMES_BACK: Final = frozenset(how.value for how in COMES_BACK)


class _Wanted(Struct, frozen=True):
    """One post to prepare: of an incident, for a page, about these of its components."""

    page: StatusPage
    view: IncidentView
    components: Sequence[Component]


def follow_incidents(*, incident_ids: Collection[int], now: datetime) -> None:
    """Prepare a first post where one is wanted, and settle those of incidents that are past.

    It goes by what the incidents are now, so that any fact about them may come late or twice.
    Locks the pages in the order of their ids, then reads the incidents again: whoever comes second
    sees what the first one saw, or newer.
    """
    if not _may_matter(incident_ids):
        return
    with transaction.atomic():
        pages = _locked(incidents_queries.incidents(incident_ids).values())
        if pages:
            views = incidents_queries.incidents(incident_ids)
            _settle(views, now)
            _prepare(_wanted(pages, views.values()), now)


def _may_matter(incident_ids: Collection[int]) -> bool:
    """Whether a page prepares posts, or one waits; else a storm of incidents is not even read."""
    linked = Component.objects.filter(links__isnull=False, removed_at=None)
    waiting = Prepared.objects.filter(incident_id__in=incident_ids, settled_at=None)
    return linked.exclude(page__prepare_from="").exists() or waiting.exists()


def trouble_of(view: IncidentView) -> Trouble:
    return Trouble(
        severity=view.severity,
        environment=view.environment,
        is_live=view.is_live,
        is_private=view.is_private,
        is_merged=view.merged_into_id is not None,
    )


def _locked(views: Iterable[IncidentView]) -> dict[int, StatusPage]:
    """The pages that show what these incidents hit, or on which a post about them waits."""
    by_id = {view.id: view for view in views}
    services = {view.service_id for view in by_id.values() if view.service_id is not None}
    shown = Component.objects.filter(links__service_id__in=services, removed_at=None)
    waiting = Prepared.objects.filter(incident_id__in=by_id, settled_at=None)
    rows = StatusPage.objects.select_for_update(of=("self",)).select_related("look")
    rows = rows.filter(
        (Q(id__in=shown.values("page_id")) & ~Q(prepare_from=""))
        | Q(id__in=waiting.values("page_id"))
    )
    return {row.pk: row for row in rows.order_by("id")}


def _settle(views: Mapping[int, IncidentView], now: datetime) -> None:
    rows = Prepared.objects.select_related("page").filter(incident_id__in=views, settled_at=None)
    by_end: dict[Settled, list[Prepared]] = {}
    for row in rows.order_by("id"):
        how = withdrawn(trouble_of(views[row.incident_id]), _least(row.page))
        if how is not None:
            by_end.setdefault(how, []).append(row)
    for how, ended in by_end.items():
        settle(ended, how, now=now, actor=SYSTEM)


def _least(page: StatusPage) -> Sev | None:
    """From which severity on the page prepares posts; None: it prepares none."""
    return Sev(page.prepare_from) if page.prepare_from else None


def _wanted(pages: Mapping[int, StatusPage], views: Iterable[IncidentView]) -> list[_Wanted]:
    parts = Component.objects.filter(page_id__in=pages, removed_at=None).order_by("position", "id")
    behind: dict[tuple[int, int], list[Component]] = {}
    for part in parts.prefetch_related("links"):
        for link in part.links.all():
            behind.setdefault((part.page_id, link.service_id), []).append(part)
    return [
        _Wanted(page, view, found)
        for view in views
        for page in pages.values()
        if (found := behind.get((page.pk, view.service_id or 0)))
        and is_wanted(trouble_of(view), _least(page))
    ]


def _prepare(wanted: Sequence[_Wanted], now: datetime) -> None:
    ids = {one.view.id for one in wanted}
    told = set(Post.objects.filter(incident_id__in=ids).values_list("page_id", "incident_id"))
    rows = Prepared.objects.filter(incident_id__in=ids)
    there = {(row.page_id, row.incident_id): row for row in rows}
    written: list[tuple[Prepared, IncidentView]] = []
    for one in wanted:
        place = (one.page.pk, one.view.id)
        row = there.get(place)
        if place not in told and (row is None or row.settled_how in _COMES_BACK):
            row = row or Prepared(page=one.page, incident_id=one.view.id)
            _write(row, one, now)
            written.append((row, one.view))
    asked = ask(written, now=now)
    facts = [
        events.PostPrepared(**about(row), user_ids=asked[row.pk], at=now, actor=SYSTEM)
        for row, _ in written
    ]
    if facts:
        publish(*facts)


def _write(row: Prepared, one: _Wanted, now: datetime) -> None:
    look = getattr(one.page, "look", None)
    language = known(look.languages if look else ())[0]
    said = first_words([part.name for part in one.components], phrases(language))
    row.page, row.title, row.text = one.page, said.title, said.text
    row.statuses = {part.pk: likely(one.view.severity).value for part in one.components}
    row.created_at, row.changed_at, row.changed_by = now, None, ""
    row.settled_at, row.settled_by, row.settled_how, row.reason = None, "", "", ""
    row.save()
