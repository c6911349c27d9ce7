"""What was done to managed things by other hands since they were applied."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.manifests.logic.ending import is_over
from evenfall.manifests.logic.planning import FieldChange, Live, differences, filled
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.logic.specs import KINDS, Spec
from evenfall.manifests.models import Managed
from evenfall.manifests.queries.live import live
from evenfall.manifests.queries.names import managed_things, names
from evenfall.platform import journal

_SUBJECTS: Final[Mapping[str, str]] = {
    "teams": "team",
    "services": "service",
    "dependencies": "service",
    "rotas": "rota",
    "policies": "policy",
    "integrations": "integration",
    "rules": "rules",
    "inhibitions": "inhibition",
    "silences": "silence",
    "maintenance": "maintenance",
    "recurring_maintenance": "recurring_maintenance",
}
_MOST_FACTS: Final = 5


class Hand(Struct, frozen=True, kw_only=True):
    """Who did something to a thing, and when; `actor` is as in the journal, `name` for people."""

    actor: str
    name: str
    at: datetime
    what: str


class Drift(Struct, frozen=True, kw_only=True):
    """How a managed thing differs from what was applied; `is_gone` when it is not there at all."""

    bundle: str
    thing: Thing
    own_id: int
    applied_at: datetime
    is_gone: bool
    fields: tuple[FieldChange, ...]
    hands: tuple[Hand, ...] = ()


def drift(*, bundle: str | None = None, now: datetime) -> list[Drift]:
    """Everything that is not as it was applied, by kind and key; of one bundle or of all.

    What ended by itself has not drifted. The number of queries is the same however much drifted.
    """
    managed = managed_things()
    if not managed:
        return []
    there = live(names(managed), now=now, kinds={thing.kind for thing in managed})
    rows = {t: row for t, row in sorted(managed.items()) if bundle in {None, row.bundle.name}}
    found = [_compared(thing, row, there.get(thing), now) for thing, row in rows.items()]
    drifted = [one for one in found if one is not None]
    hands = _hands({_subject(one): one.applied_at for one in drifted})
    return [replace(one, hands=hands.get(_subject(one), ())) for one in drifted]


def _compared(thing: Thing, row: Managed, there: Live | None, now: datetime) -> Drift | None:
    applied: Spec = msgspec.convert(row.spec, KINDS[thing.kind])
    if there is None and is_over(applied, now=now):
        return None
    if there is not None and there.own_id != row.own_id:
        there = None
    wanted = filled(applied, there.spec if there else None, now=now)
    if there is not None and wanted == there.spec:
        return None
    return Drift(
        bundle=row.bundle.name,
        thing=thing,
        own_id=row.own_id,
        applied_at=row.written_at,
        is_gone=there is None,
        fields=tuple(differences(wanted, there.spec)) if there else (),
    )


def _subject(one: Drift) -> str:
    noun = _SUBJECTS[one.thing.kind]
    return f"{noun}:{one.own_id}" if one.own_id else noun


def _hands(since: Mapping[str, datetime]) -> dict[str, tuple[Hand, ...]]:
    facts = journal.newest_about(since, limit=_MOST_FACTS)
    actors = {fact.actor for found in facts.values() for fact in found}
    called = identity_queries.actor_names(actors) if actors else {}
    return {
        subject: tuple(
            Hand(actor=one.actor, name=called.get(one.actor, one.actor), at=one.at, what=one.kind)
            for one in found
        )
        for subject, found in facts.items()
    }
