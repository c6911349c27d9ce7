"""Versions of the rules and of mappings: who changed what, when and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from msgspec import Struct

from evenfall.alerting.errors import VersionNotFound
from evenfall.alerting.logic.rule_changes import RuleChange, changes
from evenfall.alerting.models import MappingVersion, RuleBookVersion
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.paging import queries as paging_queries
from evenfall.platform import pages
from evenfall.runbooks import queries as runbooks_queries

_SYSTEM = "Evenfall"


class VersionView(Struct, frozen=True, kw_only=True):
    """`by` is the name of whoever saved it; `note` their reason, mostly empty."""

    version: int
    at: datetime
    by: str
    actor: str
    what: str
    note: str


class RulesVersion(Struct, frozen=True, kw_only=True):
    """One version with its rules, as the book keeps them: in order, the catch-all last."""

    about: VersionView
    rules: tuple[Mapping[str, Any], ...]
    inhibitions: tuple[Mapping[str, Any], ...]


class RulesDiff(Struct, frozen=True, kw_only=True):
    """What leads from one version to the other."""

    before: VersionView
    after: VersionView
    rules: tuple[RuleChange, ...]
    inhibitions: tuple[RuleChange, ...]


class MappingAt(Struct, frozen=True, kw_only=True):
    about: VersionView
    mapping: Mapping[str, str]


def rules_version() -> int:
    """The version in force; 0 as long as nobody changed a rule."""
    newest = RuleBookVersion.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def rule_versions(*, cursor: str | None = None, size: int = 50) -> pages.Page[VersionView]:
    """Versions of the rules, newest first."""
    rows = RuleBookVersion.objects.defer("rules", "inhibitions")
    page = pages.keyset(rows, order=("-id",), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def rules_at(version: int) -> RulesVersion:
    """Raise VersionNotFound when there is none."""
    (found,) = _books([version])
    return found


def exported_rules(version: int) -> dict[str, Any]:
    """A version as a file and the API give it; raises VersionNotFound."""
    kept = rules_at(version)
    return {
        "version": kept.about.version,
        "at": kept.about.at.isoformat(),
        "by": kept.about.by,
        "what": kept.about.what,
        "note": kept.about.note,
        "rules": list(kept.rules),
    }


def rules_diff(before: int, after: int) -> RulesDiff:
    """Raise VersionNotFound when one of them is not there."""
    one, other = _books([before, after])
    return RulesDiff(
        before=one.about,
        after=other.about,
        rules=tuple(changes(one.rules, other.rules)),
        inhibitions=tuple(changes(one.inhibitions, other.inhibitions)),
    )


def version_before(version: int) -> int | None:
    """The version that a change was made to; None for the first."""
    older = RuleBookVersion.objects.filter(id__lt=version).order_by("-id")
    return older.values_list("id", flat=True).first()


class Standing(Struct, frozen=True):
    """The version in force, 0 for none, and the newest one whose rules are not the same."""

    version: int
    undo_to: int | None


_STANDING = """
SELECT newest.id, (
           SELECT older.id FROM alerting_rule_book AS older
            WHERE older.rules <> newest.rules ORDER BY older.id DESC LIMIT 1)
  FROM (SELECT id, rules FROM alerting_rule_book ORDER BY id DESC LIMIT 1) AS newest
"""


def rules_standing() -> Standing:
    """Where the rules stand, and what the last change can be undone to; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        row = cursor.fetchone()
    return Standing(0, None) if row is None else Standing(*row)


def names_in_rules() -> dict[str, dict[int, str]]:
    """What the numbers in rules stand for, by field."""
    return {
        "service_id": {one.id: one.name for one in catalog_queries.services().values()},
        "policy_id": paging_queries.policy_names(),
        "runbook_id": runbooks_queries.runnable_runbooks(),
    }


def mapping_versions(integration_id: int, *, limit: int = 50) -> list[MappingAt]:
    """The newest versions of a mapping, newest first."""
    rows = MappingVersion.objects.filter(integration_id=integration_id).order_by("-id")[:limit]
    kept = list(rows)
    return [
        MappingAt(about=about, mapping=row.mapping)
        for about, row in zip(_views(kept), kept, strict=True)
    ]


def _books(versions: Sequence[int]) -> list[RulesVersion]:
    found = {row.pk: row for row in RuleBookVersion.objects.filter(id__in=versions)}
    for version in versions:
        if version not in found:
            raise VersionNotFound(version=version)
    rows = [found[version] for version in versions]
    return [
        RulesVersion(about=about, rules=tuple(row.rules), inhibitions=tuple(row.inhibitions))
        for about, row in zip(_views(rows), rows, strict=True)
    ]


def _views(rows: Iterable[RuleBookVersion | MappingVersion]) -> list[VersionView]:
    kept = list(rows)
    names = identity_queries.actor_names({row.created_by for row in kept})
    return [
        VersionView(
            version=row.pk,
            at=row.created_at,
            by=names.get(row.created_by, _SYSTEM),
            actor=row.created_by,
            what=row.what or "Changed",
            note=row.note,
        )
        for row in kept
    ]
