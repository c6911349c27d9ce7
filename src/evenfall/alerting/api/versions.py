"""Versions of the routing rules."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Router, Schema
from pydantic import Field

from evenfall.alerting import actions, queries
from evenfall.alerting.actions.books import LONGEST_NOTE
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router()


class VersionOut(Schema):
    """`what` says in a line what changed, `note` why."""

    version: int
    at: datetime
    by: str
    what: str
    note: str


class VersionsOut(Schema):
    items: list[VersionOut]
    next: str | None


class RulesVersionOut(VersionOut):
    """A version with its rules in their order; the last one is the catch-all."""

    rules: list[dict[str, Any]]


class FieldChangeOut(Schema):
    field: str
    before: Any = None
    after: Any = None


class RuleDifferenceOut(Schema):
    """`what`: added, removed, changed or moved. `moved_from` is its place before, if others moved
    round it. The rule 0 is the catch-all.
    """

    what: str
    rule_id: int
    name: str
    position: int
    moved_from: int | None
    fields: list[FieldChangeOut]


class RulesDiffOut(Schema):
    before: VersionOut
    after: VersionOut
    rules: list[RuleDifferenceOut]
    inhibitions: list[RuleDifferenceOut]


class RestoreIn(Schema):
    note: str = Field(default="", max_length=LONGEST_NOTE)
    version: int | None = Field(default=None, ge=0, le=2**63 - 1)
    """The newest version that you know of: 409 when there is a newer one."""


class RestoredOut(Schema):
    version: int
    lost: list[str]
    """Rules that came back without a service or a runbook that is gone by now."""


@router.get("/rules/versions", response=VersionsOut, auth=api_auth(Permission.VIEW))
def list_rule_versions(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    cursor: str | None = None,
) -> dict[str, Any]:
    """Versions of the rules, newest first: each change makes one."""
    page = queries.rule_versions(cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.get(
    "/rules/versions/{int:rules_version}",
    response=RulesVersionOut,
    auth=api_auth(Permission.VIEW),
)
def get_rules_version(request: HttpRequest, rules_version: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The rules as they were in a version."""
    return queries.exported_rules(rules_version)


@router.get(
    "/rules/versions/{int:rules_version}/diff",
    response=RulesDiffOut,
    auth=api_auth(Permission.VIEW),
)
def diff_rules_versions(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    rules_version: int,
    since: int | None = None,
) -> dict[str, Any]:
    """What leads to a version from the one before it, or from `since`."""
    before = queries.version_before(rules_version) if since is None else since
    return asdict(queries.rules_diff(rules_version if before is None else before, rules_version))


@router.post(
    "/rules/versions/{int:rules_version}/restore",
    response=RestoredOut,
    auth=api_auth(Permission.MANAGE),
)
def restore_rules_version(
    request: HttpRequest, rules_version: int, body: RestoreIn
) -> actions.Restored:
    """Make the rules what they were, as a new version. Inhibition rules stay as they are."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    return actions.restore_rules(
        version=rules_version,
        now=utc_now(),
        actor=viewer.actor,
        note=body.note,
        seen=body.version,
    )
