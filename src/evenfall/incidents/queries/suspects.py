"""What incidents may have come from: ranked, with what people say about it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import queries as changes_queries
from evenfall.changes.ports import Afterwards, ChangeKind
from evenfall.changes.queries import Before, ChangeView, Trace
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.incidents.logic import suspects as rating
from evenfall.incidents.logic.suspects import LIKELY, Candidate, Part, Scene, Scored
from evenfall.incidents.models import Incident, SuspectVerdict
from evenfall.incidents.queries.details import services_of
from evenfall.incidents.queries.sight import seen, sees_all
from evenfall.incidents.queries.views import IncidentView, incident_views

MOST_SHOWN: Final = 8
_EACH: Final = 20
"""So many changes of each service are looked at: the ones before were long ago, or many at once."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What somebody says about a suspect."""

    is_confirmed: bool
    at: datetime
    who: str


class Suspect(Struct, frozen=True, kw_only=True):
    """A change with its rating; one that people named without being a suspect has no parts."""

    change: ChangeView
    service: str
    score: float
    parts: tuple[Part, ...]
    verdict: Verdict | None = None

    @property
    def percent(self) -> int:
        return round(self.score * 100)


class SuspectBoard(Struct, frozen=True, kw_only=True):
    """`cause` is what people confirmed; `open` nobody judged yet, the most likely first."""

    cause: Suspect | None
    open: Sequence[Suspect]
    ruled_out: Sequence[Suspect]

    @property
    def is_empty(self) -> bool:
        return self.cause is None and not self.open and not self.ruled_out


def suspect_board(view: IncidentView) -> SuspectBoard:
    """All suspects of an incident with what people say; a fixed number of queries."""
    verdicts = {row.change_id: row for row in SuspectVerdict.objects.filter(incident_id=view.id)}
    found = {one.change.id: one for one in ranked_suspects([view])[view.id]}
    named = changes_queries.changes([number for number in verdicts if number not in found])
    unrated = [Suspect(change=one, service="", score=0.0, parts=()) for one in named.values()]
    names = identity_queries.actor_names({row.decided_by for row in verdicts.values()})
    judged = [
        _judged(one, verdicts.get(one.change.id), names) for one in [*found.values(), *unrated]
    ]
    return SuspectBoard(
        cause=next((one for one in judged if one.verdict and one.verdict.is_confirmed), None),
        open=[one for one in judged if one.verdict is None][:MOST_SHOWN],
        ruled_out=[one for one in judged if one.verdict and not one.verdict.is_confirmed],
    )


def suspected_changes(view: IncidentView, *, limit: int = 5) -> list[ChangeView]:
    """Return the likeliest changes that nobody ruled out, newest first."""
    board = suspect_board(view)
    likely = [*([board.cause] if board.cause else []), *board.open][:limit]
    return sorted((one.change for one in likely), key=lambda one: one.at, reverse=True)


def ranked_suspects(views: Sequence[IncidentView]) -> dict[int, list[Suspect]]:
    """The suspects of each incident, the most likely first; five queries however many incidents."""
    if not views:
        return {}
    services = services_of({view.id: view.service_id for view in views})
    ways = _ways(services.values())
    scenes = {view.id: _scene(view, rating.neighbours(services[view.id], ways)) for view in views}
    candidates = _candidates(views, scenes)
    named = {one.service_id for found in candidates.values() for one in found if one.service_id}
    names = {number: one.name for number, one in catalog_queries.services(named).items()}
    return {view.id: _ranked(scenes[view.id], candidates.get(view.id, []), names) for view in views}


def likely_causes(incident_ids: Collection[int]) -> dict[int, int]:
    """The change that each incident most likely came from, by incident; people's word comes first.

    Without it the best suspect counts if it is rated `LIKELY` and nobody ruled it out. What has
    neither is left out, rather than pinned on anything. Five queries however many incidents.
    """
    verdicts = SuspectVerdict.objects.filter(incident_id__in=incident_ids)
    confirmed = {row.incident_id: row.change_id for row in verdicts if row.is_confirmed}
    ruled_out = {(row.incident_id, row.change_id) for row in verdicts if not row.is_confirmed}
    scenes = _scenes(set(incident_ids) - confirmed.keys())
    guessed = {}
    for number, traces in _likely_traces(scenes).items():
        rated = [
            (scored.value, one.at, one.id)
            for one in traces
            if (number, one.id) not in ruled_out
            and (scored := rating.score(_candidate(one), scenes[number])) is not None
        ]
        if rated and max(rated)[0] >= LIKELY:
            guessed[number] = max(rated)[2]
    return guessed | confirmed


def _scenes(incident_ids: Collection[int]) -> dict[int, Scene]:
    """Where and when these incidents began, without all else that there is to say of them."""
    rows = Incident.objects.filter(id__in=incident_ids).values_list(
        "id", "service_id", "environment", "impact_started_at", "detected_at", "opened_at"
    )
    known = {row[0]: row for row in rows}
    services = services_of({number: row[1] for number, row in known.items()})
    ways = _ways(services.values())
    return {
        number: Scene(
            began_at=_earliest(*row[3:]),
            environment=row[2],
            near=rating.neighbours(services[number], ways),
        )
        for number, row in known.items()
    }


def _likely_traces(scenes: Mapping[int, Scene]) -> dict[int, list[Trace]]:
    """What changed so near that it may be rated `LIKELY`, by incident; one statement."""
    asked = [
        (number, (service, scene.began_at + rating.GRACE))
        for number, scene in scenes.items()
        for service, near in scene.near.items()
        if near.factor >= LIKELY
    ]
    moments = [moment for _, moment in asked]
    within = rating.LIKELY_AGE + rating.GRACE
    found: dict[int, list[Trace]] = {}
    for (number, _), traces in zip(
        asked, changes_queries.traces_before(moments, within=within, each=_EACH), strict=True
    ):
        found.setdefault(number, []).extend(traces)
    return found


def confirmed_causes(incident_ids: Collection[int]) -> dict[int, int]:
    """The change that people say each incident came from, by incident; others are left out."""
    rows = SuspectVerdict.objects.filter(incident_id__in=incident_ids, is_confirmed=True)
    return dict(rows.values_list("incident_id", "change_id"))


def secret_harms(change_ids: Collection[int]) -> set[int]:
    """Those of these changes of which only incidents that whoever asks may not see came.

    See `changes.ports.register_secrets`. One query, none for those who see everything.
    """
    rows = SuspectVerdict.objects.filter(change_id__in=change_ids, is_confirmed=True)
    if sees_all():
        return set()
    is_seen = Exists(seen(Incident.objects.filter(id=OuterRef("incident_id"))))
    told: dict[int, bool] = {}
    for change_id, one in rows.annotate(seen=is_seen).values_list("change_id", "seen"):
        told[change_id] = told.get(change_id, False) or one
    return {number for number, is_told in told.items() if not is_told}


def caused_by(change_ids: Collection[int]) -> dict[int, list[IncidentView]]:
    """The incidents that people say came from each of these changes, as far as one may see them."""
    rows = SuspectVerdict.objects.filter(change_id__in=change_ids, is_confirmed=True)
    pairs = list(rows.values_list("change_id", "incident_id"))
    ids = {incident_id for _, incident_id in pairs}
    views = {one.id: one for one in incident_views(list(seen(Incident.objects.filter(id__in=ids))))}
    found: dict[int, list[IncidentView]] = {}
    for change_id, incident_id in pairs:
        if incident_id in views:
            found.setdefault(change_id, []).append(views[incident_id])
    return found


def incidents_after(change: ChangeView, viewer: Viewer) -> list[Afterwards]:
    """What the page of a change shows: incidents of the day after it, and those that it caused.

    See `changes.ports.register_afterwards`; `seen` knows who asks.
    """
    del viewer
    caused = {one.id: one for one in caused_by([change.id]).get(change.id, [])}
    near: dict[int, rating.Near] = {}
    if change.service_id is not None:
        needers = [(b, a) for a, b in catalog_queries.dependency_edges()]
        near = rating.neighbours([change.service_id], rating.ways(needers))
    until = change.at + rating.MAX_AGE
    rows = seen(Incident.objects.filter(opened_at__gte=change.at, opened_at__lte=until))
    wanted = rows.filter(service_id__in=near).order_by("opened_at")[:_EACH] if near else []
    found = {one.id: one for one in incident_views(list(wanted))} | caused
    return [_afterwards(one, is_caused=one.id in caused) for one in found.values()]


def _afterwards(view: IncidentView, *, is_caused: bool) -> Afterwards:
    return Afterwards(
        at=view.opened_at,
        title=f"#{view.id} {view.headline}",
        href=f"/incidents/{view.id}/",
        icon="incident",
        word=view.severity.value,
        is_caused=is_caused,
    )


def began_at(view: IncidentView) -> datetime:
    """When the trouble began, as far as anybody knows."""
    return _earliest(view.impact_started_at, view.detected_at, view.opened_at)


def _earliest(*known: datetime | None) -> datetime:
    return min(at for at in known if at is not None)


def _scene(view: IncidentView, near: Mapping[int, rating.Near]) -> Scene:
    return Scene(began_at=began_at(view), environment=view.environment.value, near=near)


def _ways(services: Iterable[Collection[int]]) -> rating.Ways:
    """The dependencies, read only where any incident has a service."""
    return rating.ways(catalog_queries.dependency_edges() if any(services) else ())


def _candidates(
    views: Sequence[IncidentView], scenes: Mapping[int, Scene]
) -> dict[int, list[ChangeView]]:
    """What changed near each incident in time; one statement."""
    asked = [
        (view.id, Before(service, scene.began_at + rating.GRACE))
        for view in views
        for scene in [scenes[view.id]]
        for service in [*scene.near, None]
    ]
    within = rating.MAX_AGE + rating.GRACE
    moments = [moment for _, moment in asked]
    found: dict[int, list[ChangeView]] = {}
    for (incident_id, _), changes in zip(
        asked, changes_queries.changes_before(moments, within=within, each=_EACH), strict=True
    ):
        found.setdefault(incident_id, []).extend(changes)
    return found


def _ranked(
    scene: Scene, candidates: Sequence[ChangeView], names: Mapping[int, str]
) -> list[Suspect]:
    rated = [(one, rating.score(_candidate(one), scene)) for one in candidates]
    found = [_suspect(one, scored, names) for one, scored in rated if scored is not None]
    return sorted(found, key=lambda one: (-one.score, -one.change.at.timestamp(), -one.change.id))


def _candidate(change: ChangeView | Trace) -> Candidate:
    kind = ChangeKind(change.kind)
    is_deploy = kind is ChangeKind.DEPLOY
    return Candidate(
        kind=kind.value,
        service_id=change.service_id,
        environment=change.environment,
        at=change.at,
        reported_late=is_deploy and change.finished_at in {None, change.at},
    )


def _suspect(change: ChangeView, scored: Scored, names: Mapping[int, str]) -> Suspect:
    service = names.get(change.service_id or 0, "")
    return Suspect(change=change, service=service, score=scored.value, parts=scored.parts)


def _judged(suspect: Suspect, row: SuspectVerdict | None, names: Mapping[str, str]) -> Suspect:
    if row is None:
        return suspect
    verdict = Verdict(
        is_confirmed=row.is_confirmed,
        at=row.decided_at,
        who=names.get(row.decided_by, row.decided_by),
    )
    return Suspect(
        change=suspect.change,
        service=suspect.service,
        score=suspect.score,
        parts=suspect.parts,
        verdict=verdict,
    )
