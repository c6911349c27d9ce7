"""What pages cost and what they were for: of everything, a team, a service, oneself."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.insights import queries
from evenfall.insights.contexts import noise as contexts
from evenfall.insights.logic.noise import FIGURES, Counts
from evenfall.insights.logic.proposals import State
from evenfall.insights.queries import NOISE_DAYS, By, PartCounts, Wanted, When
from evenfall.platform.clock import utc_now
from evenfall.platform.tables import csv_text

_COUNTS: Final = tuple(one.name for one in FIGURES)
COLUMNS: Final = (
    "kind",
    "key",
    "name",
    "detail",
    *_COUNTS,
    "real_problems",
    "acknowledged",
    "ack_median_s",
    "ack_p90_s",
)
_MOST_ROWS: Final = 10_000
_FEW: Final = 3
_SHOWN: Final = 20


@requires(Permission.VIEW)
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """GET /insights/noise/?days=28&by=problems&when=night"""
    return _page(request, contexts.wanted_of(request), {"title": "Noise"}, {})


@requires(Permission.VIEW)
@require_safe
def of_team(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /insights/noise/teams/payments/"""
    team = identity_queries.team_by_slug(slug)
    wanted = contexts.with_scope(contexts.wanted_of(request), team_id=team.id)
    about = {"title": f"Noise of {team.name}", "team": team}
    return _page(request, wanted, about, {"team": team.slug})


@requires(Permission.VIEW)
@require_safe
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /insights/noise/services/checkout/"""
    service = catalog_queries.service_by_slug(slug)
    wanted = contexts.with_scope(contexts.wanted_of(request), service_id=service.id)
    about = {"title": f"Noise of {service.name}", "service": service}
    return _page(request, wanted, about, {"service": service.slug})


@requires(Permission.OWN)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """GET /insights/noise/mine/: only ever of whoever asks."""
    wanted = contexts.with_scope(contexts.wanted_of(request), user_id=viewer_of(request).user_id)
    about = {"title": "What called you", "is_own": True}
    return _page(request, wanted, about, {"mine": 1})


@requires(Permission.VIEW)
@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """GET /insights/noise/pages/?figure=healed: the pages behind a figure."""
    wanted, more = _scoped(request)
    figure = request.GET.get("figure", "pages")
    shown = next((one for one in FIGURES if one.name == figure), FIGURES[0])
    context = {
        "page": queries.paged_page(wanted, shown.name, cursor=request.GET.get("cursor")),
        "figure": shown,
        "figures": [(one, contexts.query_of(wanted, figure=one.name, **more)) for one in FIGURES],
        "days": (wanted.until - wanted.since).days,
        "wanted": wanted,
    }
    return render(request, "insights/noise_pages.html", context)


@requires(Permission.VIEW)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """GET /insights/noise.csv: each team, service, rule and problem; unknown is empty."""
    wanted, _ = _scoped(request)
    rows = [
        _row(by.value, part)
        for by in By
        for part in queries.noise_parts(wanted, by, limit=_MOST_ROWS)
    ]
    answer = HttpResponse(csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="noise.csv"'
    return answer


def _scoped(request: HttpRequest) -> tuple[Wanted, dict[str, object]]:
    """What a list is about: of a team, of a service, or of whoever asks."""
    wanted, asked = contexts.wanted_of(request), request.GET
    if asked.get("mine"):
        user_id = viewer_of(request).user_id
        return contexts.with_scope(wanted, user_id=user_id), {"mine": 1}
    if team := asked.get("team"):
        found = identity_queries.team_by_slug(team)
        return contexts.with_scope(wanted, team_id=found.id), {"team": found.slug}
    if service := asked.get("service"):
        number = catalog_queries.service_by_slug(service).id
        return contexts.with_scope(wanted, service_id=number), {"service": service}
    return wanted, {}


def _page(
    request: HttpRequest, wanted: Wanted, about: dict[str, object], more: dict[str, object]
) -> HttpResponse:
    """The figures; with `part` what is fetched by them.

    `rhythm` is when people were called, `noisiest` what pages are summed by.
    """
    by, asked = contexts.by_of(request.GET.dict()), request.GET.get("part", "")
    keep, days = contexts.query_of(wanted, **more), (wanted.until - wanted.since).days
    about |= {"by": by, "keep": keep, "days": days, "when": wanted.when}
    if asked == "rhythm":
        return _rhythm(request, wanted, more)
    if asked == "noisiest":
        return _noisiest(request, wanted, by, about)
    report = queries.noise_report(wanted)
    context = {
        **about,
        "report": report,
        "figures": contexts.figures_of(report, **more),
        "all_days": NOISE_DAYS,
        "all_when": list(When),
        "rhythm_url": f"?{keep}&part=rhythm",
        "noisiest_url": f"?{keep}&by={by}&part=noisiest",
        "open_proposals": queries.proposals(State.OPEN, now=utc_now(), limit=_FEW)
        if not more
        else [],
    }
    return render(request, "insights/noise.html", context)


def _rhythm(request: HttpRequest, wanted: Wanted, more: dict[str, object]) -> HttpResponse:
    rhythm = queries.noise_rhythm(wanted)
    context = {
        "weeks": contexts.weeks_chart(rhythm, **more),
        "nights": contexts.nights_chart(rhythm),
        "hours": contexts.hours_map(rhythm),
        "hour_names": contexts.HOURS,
    }
    return render(request, "insights/parts/rhythm.html", context)


def _noisiest(
    request: HttpRequest, wanted: Wanted, by: By, about: dict[str, object]
) -> HttpResponse:
    parts = queries.noise_parts(wanted, by, limit=_SHOWN)
    context = {
        **about,
        "top": contexts.top_bands(parts),
        "parts": [(part, _link(part, by, wanted)) for part in parts],
        "all_by": list(By),
    }
    return render(request, "insights/parts/noisiest.html", context)


def _link(part: PartCounts, by: By, wanted: Wanted) -> str:
    """Where a part alone is shown."""
    days = {"days": (wanted.until - wanted.since).days}
    if by is By.TEAMS:
        return f"/insights/noise/teams/{part.key}/?{contexts.query_of(wanted)}"
    if by is By.SERVICES:
        return f"/insights/noise/services/{part.key}/?{contexts.query_of(wanted)}"
    name = "rule" if by is By.RULES else "problem"
    return f"/insights/noise/pages/?{contexts.query_of(wanted, **{name: part.key}, **days)}"


def _row(kind: str, part: PartCounts) -> list[str]:
    counts: Counts = part.counts
    return [
        kind,
        part.key,
        part.name,
        part.detail,
        *(str(getattr(counts, name)) for name in _COUNTS),
        str(counts.problems),
        str(counts.acknowledged),
        *("" if one is None else f"{one:.0f}" for one in (counts.ack_median_s, counts.ack_p90_s)),
    ]
