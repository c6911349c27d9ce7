"""Which version runs where, and what comes next: the board and the story of a release."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Role, Viewer, needed_role
from evenfall.platform import journal, pages
from evenfall.releases.logic.gates import TITLES
from evenfall.releases.logic.states import RUNNING, UNDER_WAY
from evenfall.releases.models import Passage
from evenfall.releases.queries.versions import PassageView, passage_views, running


class Cell(Struct, frozen=True, kw_only=True):
    """One stage of a service: what runs there and the newest that is on its way, None for none."""

    stage: str
    environment: Environment
    position: int
    runs: PassageView | None
    next: PassageView | None


class BoardRow(Struct, frozen=True, kw_only=True):
    service_id: int
    name: str
    slug: str
    team_id: int
    cells: tuple[Cell, ...]


class Told(Struct, frozen=True, kw_only=True):
    """One fact of a release in words."""

    at: datetime
    words: str
    who: str
    stage: str


def board(
    *, team_id: int | None = None, cursor: str | None = None, size: int = 50
) -> pages.Page[BoardRow]:
    """The services that have a release, of one team or of all, by name; a few queries."""
    deployed = Passage.objects.filter(state__in=[*RUNNING, *UNDER_WAY]).order_by("service_id")
    known = set(deployed.values_list("service_id", flat=True).distinct())
    wanted = [
        one
        for one in catalog_queries.services().values()
        if one.id in known and team_id in {None, one.team_id}
    ]
    page = pages.part(wanted, cursor=cursor, size=size)
    return page.holding(_rows({one.id: one for one in page.items}))


def to_sign(viewer: Viewer) -> QuerySet[Passage]:
    """What waits for a yes or no of this person's teams: passages that only lack sign-off."""
    needed = needed_role(Permission.RESPOND)
    mine = [team for team, role in viewer.team_roles.items() if Role(role) >= needed]
    return (
        Passage.objects.filter(
            state__in=("gated",),
            answers__contains=[{"name": "approvals", "verdict": "fail", "exception": ""}],
            service__team_id__in=mine,
        )
        .exclude(release__author=viewer.user_id)
        .exclude(sign_offs__user=viewer.user_id)
    )


def story(release_id: int, *, limit: int = 200) -> list[Told]:
    """What happened to a release, newest first."""
    found = journal.entries(subject=f"release:{release_id}", limit=limit)
    names = identity_queries.actor_names({one.actor for one in found})
    told = [
        Told(
            at=one.at,
            words=_words(one),
            who=names.get(one.actor, one.actor),
            stage=str(one.data.get("stage", "")),
        )
        for one in reversed(found)
    ]
    return [one for one in told if one.words]


def _rows(services: Mapping[int, ServiceView]) -> list[BoardRow]:
    there, coming = _by_stage(running(services.keys())), _by_stage(_coming(services.keys()))
    return [
        BoardRow(
            service_id=view.id,
            name=view.name,
            slug=view.slug,
            team_id=view.team_id,
            cells=_cells(there.get(view.id, {}), coming.get(view.id, {})),
        )
        for view in services.values()
    ]


def _coming(service_ids: Collection[int]) -> list[PassageView]:
    rows = Passage.objects.select_related("release").filter(
        service_id__in=service_ids, state__in=UNDER_WAY
    )
    newest = rows.order_by("service_id", "stage", "-release__created_at", "-id")
    return passage_views(newest.distinct("service_id", "stage"))


def _by_stage(passages: Iterable[PassageView]) -> dict[int, dict[str, PassageView]]:
    """The passages of each service by their stages."""
    found: dict[int, dict[str, PassageView]] = {}
    for one in passages:
        found.setdefault(one.service_id, {})[one.stage] = one
    return found


def _cells(there: Mapping[str, PassageView], coming: Mapping[str, PassageView]) -> tuple[Cell, ...]:
    found = [
        Cell(
            stage=stage,
            environment=one.environment,
            position=one.position,
            runs=there.get(stage),
            next=coming.get(stage),
        )
        for stage, one in {**coming, **there}.items()
    ]
    return tuple(sorted(found, key=lambda cell: (cell.position, cell.stage)))


def _words(entry: journal.Entry) -> str:
    data = entry.data
    said = {
        "releases.release_created": "Registered",
        "releases.release_changed": "Changed",
        "releases.passage_planned": "Planned",
        "releases.gates_answered": f"Gates: {data.get('after', '')}{_closed(data)}",
        "releases.deploy_begun": f"Deploy began{_past(data)}",
        "releases.version_deployed": "Deployed",
        "releases.version_proven": "Proven: the watch is over",
        "releases.release_failed": f"Failed: {data.get('reason', '')}",
        "releases.release_rolled_back": f"Rolled back: {data.get('reason', '')}",
        "releases.downtime_planned": f"Downtime planned: {data.get('minutes', 0)} min",
        "releases.passage_cancelled": f"Cancelled. {data.get('reason', '')}",
        "releases.signed_off": _sign_off(data),
        "releases.item_ticked": f"{_done(data)}: {str(data.get('item', '')).replace('-', ' ')}",
        "releases.result_pushed": f"{data.get('name', '')} {_good(data)}",
        "releases.exception_asked": f"Exception asked: {data.get('reason', '')}",
        "releases.exception_decided": f"Exception {_signed(data)}",
        "releases.exception_reviewed": "Looked back at the exception",
        "releases.train_saved": f"In the train {data.get('name', '')}",
    }
    return said.get(entry.kind, "").strip()


def _closed(data: Mapping[str, object]) -> str:
    names: Sequence[str] = data.get("closed") or ()  # type: ignore[assignment] # the event's own field
    return f" ({', '.join(TITLES.get(one, one) for one in names)})" if names else ""


def _past(data: Mapping[str, object]) -> str:
    names: Sequence[str] = data.get("past_gates") or ()  # type: ignore[assignment] # the event's own field
    said = ", ".join(TITLES.get(one, one) for one in names)
    return f", although these did not pass: {said}" if names else ""


def _sign_off(data: Mapping[str, object]) -> str:
    word = {True: "Said yes", False: "Said no", None: "Took the word back"}[data.get("is_yes")]  # type: ignore[index] # three values
    comment = data.get("comment")
    return f"{word}: {comment}" if comment else word


def _done(data: Mapping[str, object]) -> str:
    return "Done" if data.get("is_done") else "Not done"


def _good(data: Mapping[str, object]) -> str:
    return "is good" if data.get("is_good") else "failed"


def _signed(data: Mapping[str, object]) -> str:
    return "signed" if data.get("is_signed") else f"refused: {data.get('reason', '')}"
