"""Post-mortems as others see them: plain values, so that a template can issue no SQL."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents.ports import Sev
from evenfall.platform import markdown, pages
from evenfall.platform.markdown import Finder
from evenfall.postmortems import errors
from evenfall.postmortems.logic import factors
from evenfall.postmortems.logic.action_life import SETTLED
from evenfall.postmortems.logic.states import EDITABLE, UNFINISHED, State, Step, possible
from evenfall.postmortems.logic.templates import Kind
from evenfall.postmortems.models import Comment, Factor, Postmortem, Section
from evenfall.postmortems.models.postmortems import SEARCHED, TITLE_SEARCHED
from evenfall.postmortems.queries.attachments import finder
from evenfall.postmortems.queries.sight import seen


class Someone(Struct, frozen=True, kw_only=True):
    id: int
    name: str


class PostmortemView(Struct, frozen=True, kw_only=True):
    """One post-mortem; times are aware UTC, None where it has not happened (yet)."""

    id: int
    incident_id: int
    title: str
    state: State
    kind: Kind
    severity: Sev
    environment: Environment
    service_id: int | None
    service: str
    team_id: int | None
    team: str
    owner: Someone | None
    reviewers: Sequence[Someone]
    tags: Sequence[str]
    factors: Sequence[str]
    reason: str
    is_public: bool
    approved_by: Someone | None
    approved_at: datetime | None
    created_at: datetime
    due_at: datetime
    published_at: datetime | None
    closed_at: datetime | None
    open_actions: int
    action_count: int

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def steps(self) -> tuple[Step, ...]:
        return possible(self.state)


class SectionView(Struct, frozen=True, kw_only=True):
    """`html` is safe to show; `version` is what a save has to name."""

    id: int
    postmortem_id: int
    title: str
    prompt: str
    text: str
    html: str
    version: int


class CommentView(Struct, frozen=True, kw_only=True):
    id: int
    author: str
    text: str
    html: str
    written_at: datetime
    section_id: int | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""


class LibraryFilters(Struct, frozen=True, kw_only=True):
    """What to look for; None and "" leave a field open."""

    text: str = ""
    tag: str = ""
    factor: str = ""
    state: State | None = None
    team_id: int | None = None


def postmortem(postmortem_id: int) -> PostmortemView:
    """Raises PostmortemNotFound."""
    rows = list(_counted(seen(Postmortem.objects.filter(id=postmortem_id))))
    if not rows:
        raise errors.PostmortemNotFound(postmortem_id=postmortem_id)
    return _views(rows)[0]


def postmortem_of(incident_id: int) -> PostmortemView | None:
    """That of an incident, None where there is none."""
    rows = list(_counted(seen(Postmortem.objects.filter(incident_id=incident_id))))
    return _views(rows)[0] if rows else None


def library(
    filters: LibraryFilters, *, cursor: str | None = None, size: int = 50
) -> pages.Page[PostmortemView]:
    """One page, newest first. The text is looked for in titles and in all sections."""
    rows = _counted(_matching(seen(Postmortem.objects.all()), filters))
    page = pages.keyset(rows, order=("-created_at", "-id"), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def sections(postmortem_id: int) -> list[SectionView]:
    """In their order."""
    rows = list(Section.objects.filter(postmortem_id=postmortem_id).order_by("position"))
    find = finder(postmortem_id, *(row.text for row in rows))
    return [_section_view(row, find) for row in rows]


def section_view(row: Section) -> SectionView:
    return _section_view(row, finder(row.postmortem_id, row.text))


def _section_view(row: Section, find: Finder | None) -> SectionView:
    return SectionView(
        id=row.pk,
        postmortem_id=row.postmortem_id,
        title=row.title,
        prompt=row.prompt,
        text=row.text,
        html=markdown.to_html(row.text, find),
        version=row.version,
    )


def comments(postmortem_id: int) -> list[CommentView]:
    """Oldest first."""
    rows = list(Comment.objects.filter(postmortem_id=postmortem_id).order_by("id"))
    names = identity_queries.actor_names({one for r in rows for one in (r.actor, r.resolved_by)})
    return [
        CommentView(
            id=row.pk,
            author=names.get(row.actor, row.actor),
            text=row.text,
            html=row.html,
            written_at=row.written_at,
            section_id=row.section_id,
            resolved_at=row.resolved_at,
            resolved_by=names.get(row.resolved_by, ""),
        )
        for row in rows
    ]


def factor_names() -> list[str]:
    """All that anybody named, most used first."""
    rows = Factor.objects.annotate(times=Count("uses")).order_by("-times", "name")
    return list(rows.values_list("name", flat=True)[:500])


def similar_factors(name: str) -> list[str]:
    """Known factors that may mean the same."""
    return factors.alike(name, factor_names())


def _counted(rows: QuerySet[Postmortem]) -> QuerySet[Postmortem]:
    settled = Q(actions__state__in=[state.value for state in SETTLED])
    return rows.annotate(
        all_actions=Count("actions", distinct=True),
        settled_actions=Count("actions", filter=settled, distinct=True),
    ).prefetch_related("reviewers", "factors__factor")


def _matching(rows: QuerySet[Postmortem], filters: LibraryFilters) -> QuerySet[Postmortem]:
    if filters.text.strip():
        wanted = SearchQuery(filters.text, search_type="websearch", config="english")
        inside = Section.objects.annotate(words=SEARCHED).filter(
            postmortem_id=OuterRef("pk"), words=wanted
        )
        rows = rows.annotate(words=TITLE_SEARCHED).filter(Q(words=wanted) | Exists(inside))
    if filters.tag:
        rows = rows.filter(tags__contains=[filters.tag])
    if filters.factor:
        rows = rows.filter(factors__factor__key=factors.key(filters.factor))
    if filters.state is not None:
        rows = rows.filter(state=filters.state.value)
    if filters.team_id is not None:
        rows = rows.filter(team_id=filters.team_id)
    return rows


def _views(rows: Sequence[Postmortem]) -> list[PostmortemView]:
    if not rows:
        return []
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    teams = identity_queries.teams({row.team_id for row in rows if row.team_id})
    team_names = {team.id: team.name for team in teams}
    ids = {i for row in rows for i in (row.owner_id, row.approved_by_id) if i}
    ids |= {one.user_id for row in rows for one in row.reviewers.all()}
    people = {
        number: Someone(id=number, name=name)
        for number, name in identity_queries.names(ids).items()
    }
    service_names = {service.id: service.name for service in services.values()}
    return [_view(row, people, service_names, team_names) for row in rows]


def _view(
    row: Postmortem, people: dict[int, Someone], services: dict[int, str], teams: dict[int, str]
) -> PostmortemView:
    total: int = row.all_actions  # type: ignore[attr-defined] # annotated
    settled: int = row.settled_actions  # type: ignore[attr-defined] # annotated
    reviewers = [people[one.user_id] for one in row.reviewers.all() if one.user_id in people]
    return PostmortemView(
        id=row.pk,
        incident_id=row.incident_id,
        title=row.title,
        state=State(row.state),
        kind=Kind(row.kind),
        severity=Sev(row.severity),
        environment=Environment(row.environment),
        service_id=row.service_id,
        service=services.get(row.service_id or 0, ""),
        team_id=row.team_id,
        team=teams.get(row.team_id or 0, ""),
        owner=people.get(row.owner_id or 0),
        reviewers=sorted(reviewers, key=lambda one: one.name),
        tags=tuple(row.tags),
        factors=sorted(one.factor.name for one in row.factors.all()),
        reason=row.reason,
        is_public=row.is_public,
        approved_by=people.get(row.approved_by_id or 0),
        approved_at=row.approved_at,
        created_at=row.created_at,
        due_at=row.due_at,
        published_at=row.published_at,
        closed_at=row.closed_at,
        open_actions=total - settled,
        action_count=total,
    )
