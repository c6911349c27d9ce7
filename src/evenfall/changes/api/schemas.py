"""The ledger, as it goes over the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.catalog.ports import Environment
from evenfall.changes.actions import SourceWish
from evenfall.changes.ports import ChangeKind, Deploy, DeployState


class LinkSchema(Schema):
    href: str
    text: str = ""


class ChangeOut(Schema):
    """`at` is when it began to take effect, `finished_at` when a deploy arrived or failed."""

    id: int
    service_id: int | None
    environment: str
    kind: ChangeKind
    summary: str
    source: str
    external_id: str
    links: list[LinkSchema]
    details: dict[str, Any]
    actor: str
    at: datetime
    state: DeployState
    finished_at: datetime | None
    version: str
    previous_version: str
    commit: str
    first_commit_at: datetime | None
    pipeline_url: str
    is_unplanned: bool
    release: str
    harm_known_at: datetime | None
    undone_at: datetime | None


class ChangesOut(Schema):
    items: list[ChangeOut]
    next: str | None


class DeployIn(Schema):
    """How far it is, and what it brought; see the guide “Tell us what changed”."""

    state: DeployState = DeployState.FINISHED
    finished_at: AwareDatetime | None = None
    version: str = Field("", max_length=200)
    previous_version: str = Field("", max_length=200)
    commit: str = Field("", max_length=64)
    first_commit_at: AwareDatetime | None = None
    """Author time of the oldest commit that was not in production yet, without merge commits."""
    pipeline_url: str = Field("", max_length=1000)
    is_unplanned: bool = False
    """It was made because of an incident, or of a mistake that users met."""
    rolls_back: str = Field("", max_length=200)
    """The external id, of the same source, of the deploy that this one undoes."""

    def told(self) -> Deploy:
        return Deploy(**dict(self))


class ChangeIn(Schema):
    summary: str = Field(max_length=1024)
    service: str = ""
    """The slug; empty when the change is of no single service."""
    at: AwareDatetime | None = None
    """When it took effect; now when left out."""
    kind: ChangeKind = ChangeKind.OTHER
    environment: str = ""
    source: str = ""
    external_id: str = ""
    links: list[LinkSchema] = Field(default_factory=list)
    details: dict[str, Any] = Field(default_factory=dict)
    deploy: DeployIn | None = None


class ChangeIdOut(Schema):
    id: int


class ChangeSourceIn(Schema):
    """`mapping` leads from what the sender calls a thing to the slug of a service."""

    name: str = Field(max_length=120)
    kind: str = Field("json", max_length=40)
    service_id: int | None = None
    team_id: int | None = None
    environment: Environment | None = None
    mapping: dict[str, str] = Field(default_factory=dict)
    is_signed: bool = False

    def wish(self) -> SourceWish:
        told = dict(self) | {"environment": self.environment.value if self.environment else ""}
        return SourceWish(**told)


class ChangeSourceOut(Schema):
    """A source without its keys."""

    id: int
    name: str
    kind: str
    key_hint: str
    is_signed: bool
    service_id: int | None
    team_id: int | None
    environment: str
    mapping: Mapping[str, str]
    is_enabled: bool
    created_at: datetime
    last_seen_at: datetime | None
    last_error: str


class ChangeSourcesOut(Schema):
    items: list[ChangeSourceOut]
    next: str | None


class ChangeKeysOut(Schema):
    """`address` is where to send, with the key in it; it and the secret cannot be shown again."""

    id: int
    address: str
    secret: str


class ChangeSourceSwitchIn(Schema):
    is_on: bool


class RefusedReportOut(Schema):
    at: datetime
    reason: str


class RefusedReportsOut(Schema):
    items: list[RefusedReportOut]
