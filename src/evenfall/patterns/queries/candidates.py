"""Which earlier incidents a new one may be like: a bounded number, found by an index.

For each feature of the new one the index gives the newest incidents that have it too, at most
fifty; those whose whole texts the night found alike come with them. So to compare costs the same
after a hundred incidents and after a hundred thousand.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.db import connection

from evenfall.incidents.ports import Weigh
from evenfall.patterns.logic.score import Traits
from evenfall.patterns.logic.words import weigher
from evenfall.patterns.models import IncidentTraits, WordUse

NEWEST: Final = 50
MOST: Final = 100
_WEIGHTS: Final = {"s": 3.0, "f": 4.0, "a": 4.0, "r": 2.0}
_NEAR: Final = """
SELECT near.traits_id FROM unnest(%s::text[], %s::float8[]) AS wanted (key, weight)
 CROSS JOIN LATERAL (SELECT traits_id FROM patterns_feature
                      WHERE key = wanted.key AND traits_id <> %s
                      ORDER BY opened_at DESC, traits_id DESC LIMIT %s) AS near
 GROUP BY near.traits_id
 ORDER BY sum(wanted.weight) DESC, near.traits_id DESC LIMIT %s
"""


def feature_keys(traits: Traits) -> list[str]:
    """The keys of an incident in the index: a letter for the kind, and the trait."""
    kinds = {
        "w": traits.words,
        "s": traits.services,
        "f": traits.factors,
        "a": traits.alerts,
        "r": traits.releases,
    }
    found = {f"{kind}:{one}"[:120] for kind, all_of in kinds.items() for one in all_of}
    return sorted(found)


def traits_of(row: IncidentTraits) -> Traits:
    return Traits(
        heading=row.heading,
        title=frozenset(row.title),
        words=frozenset(row.words),
        services=frozenset(row.services),
        factors=frozenset(row.factors),
        alerts=frozenset(row.alerts),
        releases=frozenset(row.releases),
    )


def near(
    incident_id: int, traits: Traits, weigh: Weigh, *, besides: Iterable[int] = ()
) -> dict[int, Traits]:
    """The incidents that share most with this one, at most a hundred, and those named besides."""
    keys = feature_keys(traits)
    weights = [_WEIGHTS.get(key[0]) or weigh(key[2:]) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [keys, weights, incident_id, NEWEST, MOST])
        ids = [row[0] for row in cursor.fetchall()]
    rows = IncidentTraits.objects.filter(incident_id__in={*ids, *besides}, counts=True)
    return {row.incident_id: traits_of(row) for row in rows}


def weigh_words(words: Collection[str]) -> Weigh:
    """How much each of these words tells, by the count of the last night."""
    rows: Mapping[str, int] = dict(
        WordUse.objects.filter(word__in={"", *words}).values_list("word", "incidents")
    )
    return weigher(rows, incidents=rows.get("", 0))
