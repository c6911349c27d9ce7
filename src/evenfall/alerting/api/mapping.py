"""The mapping of an integration that takes plain JSON, and its versions."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions.books import LONGEST_NOTE
from evenfall.alerting.api.versions import VersionOut
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.clock import utc_now

router = Router()


class MappingIn(Schema):
    mapping: dict[str, str]
    """Our field -> path in the body; `labels.NAME` for a label, `severity:WORD` and `status:WORD`
    for what a word means."""
    note: str = Field(default="", max_length=LONGEST_NOTE)
    version: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The version it was made from, 0 for none: 409 when there is a newer one."""


class MappingVersionOut(VersionOut):
    mapping: dict[str, str]


class MappingOut(Schema):
    """`versions` are the newest fifty, newest first; the first one is in force."""

    mapping: dict[str, str]
    version: int
    versions: list[MappingVersionOut]


class MappingTrialIn(Schema):
    mapping: dict[str, str]
    body: dict[str, Any] | list[dict[str, Any]] | None = None
    """A body to try it on; null tries it on the last ones that came."""


class MappedAlertOut(Schema):
    """`action`: trigger, resolve or acknowledge. A severity that is null counts as an error."""

    action: str
    title: str
    severity: str | None
    dedup_key: str
    source: str
    environment: str | None
    url: str
    labels: dict[str, str]


class TriedSampleOut(Schema):
    """`signal_id` is 0 for a body of the request."""

    signal_id: int
    at: datetime
    alerts: list[MappedAlertOut]
    problems: list[str]


class MappingTrialOut(Schema):
    items: list[TriedSampleOut]


def _managed(request: HttpRequest, integration_id: int) -> Viewer:
    view, viewer = queries.integration(integration_id), viewer_of(request)
    queries.check_managed(viewer, team_id=view.team_id, service_id=view.service_id)
    return viewer


@router.get(
    "/integrations/{int:integration_id}/mapping",
    response=MappingOut,
    auth=api_auth(Permission.VIEW),
)
def get_mapping(request: HttpRequest, integration_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The mapping in force, and its versions."""
    view = queries.integration(integration_id)
    versions = queries.mapping_versions(integration_id)
    return {
        "mapping": view.mapping,
        "version": versions[0].about.version if versions else 0,
        "versions": [_version(one) for one in versions],
    }


def _version(one: queries.MappingAt) -> dict[str, Any]:
    about = one.about
    names = ("version", "at", "by", "what", "note")
    return {**{name: getattr(about, name) for name in names}, "mapping": one.mapping}


@router.put(
    "/integrations/{int:integration_id}/mapping",
    response=MappingOut,
    auth=api_auth(Permission.MANAGE),
)
def change_mapping(request: HttpRequest, integration_id: int, body: MappingIn) -> dict[str, Any]:
    viewer = _managed(request, integration_id)
    actions.change_mapping(
        integration_id=integration_id,
        mapping=body.mapping,
        now=utc_now(),
        actor=viewer.actor,
        note=body.note,
        seen=body.version,
    )
    return get_mapping(request, integration_id)


@router.post(
    "/integrations/{int:integration_id}/mapping/try",
    response=MappingTrialOut,
    auth=api_auth(Permission.MANAGE),
)
def try_mapping(request: HttpRequest, integration_id: int, body: MappingTrialIn) -> dict[str, Any]:
    """The alerts that a mapping makes of bodies; changes nothing."""
    _managed(request, integration_id)
    now = utc_now()
    samples = (
        queries.last_samples(integration_id, now=now)
        if body.body is None
        else [queries.sample_of(json.dumps(body.body).encode(), at=now)]
    )
    return {"items": [_tried(one) for one in queries.read_samples(samples, body.mapping)]}


def _tried(one: queries.Read) -> dict[str, Any]:
    return {
        "signal_id": one.sample.id,
        "at": one.sample.received_at,
        "problems": one.problems,
        "alerts": [
            {
                "action": update.action,
                "title": update.summary,
                "severity": update.severity,
                "dedup_key": update.dedup_key,
                "source": update.source,
                "environment": update.environment,
                "url": update.url,
                "labels": update.labels,
            }
            for update in one.updates
        ],
    }


@router.post(
    "/integrations/{int:integration_id}/mapping/versions/{int:mapping_version}/restore",
    response=MappingOut,
    auth=api_auth(Permission.MANAGE),
)
def restore_mapping(
    request: HttpRequest, integration_id: int, mapping_version: int
) -> dict[str, Any]:
    """Make the mapping what it was in a version, as a new version."""
    viewer = _managed(request, integration_id)
    actions.restore_mapping(
        integration_id=integration_id,
        version=mapping_version,
        now=utc_now(),
        actor=viewer.actor,
    )
    return get_mapping(request, integration_id)
