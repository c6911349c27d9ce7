"""OpenSLO over the API: what a text would change, doing it, and our objectives as documents."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from msgspec.structs import asdict
from ninja import Schema
from pydantic import Field

from evenfall.catalog import queries as catalog_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.slo import queries
from evenfall.slo.actions import importing
from evenfall.slo.api.routing import router
from evenfall.slo.logic.openslo.documents import MOST_BYTES
from evenfall.slo.queries import exports

_MOST_NAMES = 1_000


class OpenSloIn(Schema):
    """`text` is YAML or JSON; `services` and `sources` map its names to our ids, where needed.

    With `dry_run` nothing is written.
    """

    text: str = Field(max_length=MOST_BYTES)
    services: dict[str, int] = Field(default_factory=dict, max_length=_MOST_NAMES)
    sources: dict[str, int] = Field(default_factory=dict, max_length=_MOST_NAMES)
    dry_run: bool = True


class OpenSloMatchOut(Schema):
    """A service or a metric source of the documents; `own_id` null waits for a choice."""

    name: str
    title: str
    own_id: int | None


class OpenSloStepOut(Schema):
    """`what` is indicator or objective, `kind` create, change, same or refused.

    `changes` names what differs, `why` is the reason of a refusal.
    """

    what: str
    slug: str
    name: str
    kind: str
    own_id: int | None
    changes: list[str]
    why: str


class OpenSloNoteOut(Schema):
    """`document` counts from 1 (0: the whole text), `severity` is error or warning."""

    document: int
    path: str
    severity: str
    text: str
    todo: str
    about: str


class OpenSloPlanOut(Schema):
    services: list[OpenSloMatchOut]
    sources: list[OpenSloMatchOut]
    steps: list[OpenSloStepOut]
    notes: list[OpenSloNoteOut]


@router.post("/objectives/openslo", response=OpenSloPlanOut, auth=api_auth(Permission.MANAGE))
def import_openslo(request: HttpRequest, body: OpenSloIn) -> dict[str, Any]:
    """Import OpenSLO v1 documents; the same again changes nothing. Look first with `dry_run`.

    What is refused is left out, all the rest is written at once.
    """
    viewer = viewer_of(request)
    mapped = importing.Mapped(services=body.services, sources=body.sources)
    if body.dry_run:
        plan = importing.plan_import(text=body.text, mapped=mapped, viewer=viewer)
    else:
        plan = importing.import_objectives(
            text=body.text, mapped=mapped, viewer=viewer, now=utc_now()
        )
    return {
        "services": [_match(one) for one in plan.services],
        "sources": [_match(one) for one in plan.sources],
        "steps": [{**asdict(one), "kind": one.kind.value} for one in plan.steps],
        "notes": [{**asdict(one), "severity": one.severity.value} for one in plan.notes],
    }


@router.get("/objectives/openslo", auth=api_auth(Permission.VIEW))
def export_openslo(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    objective_id: int | None = None,
    service_id: int | None = None,
) -> HttpResponse:
    """One objective, those of a service, or all, as OpenSLO v1 (YAML)."""
    if objective_id is not None:
        found = [queries.objective(objective_id)]
    elif service_id is not None:
        found = queries.objectives_of([catalog_queries.service(service_id).id])
    else:
        found = queries.objectives_of(list(catalog_queries.services()))
    return HttpResponse(exports.openslo_text(found), content_type="application/yaml")


def _match(one: importing.Match) -> dict[str, Any]:
    return {"name": one.thing.name, "title": one.thing.title, "own_id": one.own_id}
