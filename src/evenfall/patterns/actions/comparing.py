"""Incidents that are due are read and compared with what came before; pairs and patterns follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Min, Q

from evenfall.patterns import queries
from evenfall.patterns.actions import loading
from evenfall.patterns.actions.raising import drop_small, raise_patterns
from evenfall.patterns.logic.score import ENOUGH, Part, PartScore, Score, compare
from evenfall.patterns.logic.states import Verdict
from evenfall.patterns.models import Feature, IncidentTraits, Member, Neighbour, Pair
from evenfall.patterns.queries.candidates import feature_keys, near, traits_of, weigh_words
from evenfall.patterns.queries.facts import Facts
from evenfall.patterns.queries.texts import read_of

BATCH: Final = 20
MOST_PAIRS: Final = 20
MOST_SHARED: Final = 12
_TRAITS: Final = ("title", "words", *(part.value for part in Part if part is not Part.TEXT))


@transaction.atomic
def compare_due(*, now: datetime) -> int:
    """Compare one batch of incidents that are new or changed; return how many.

    Claimed with SKIP LOCKED; the pairs, the patterns and what people are told are one transaction.
    """
    due = IncidentTraits.objects.select_for_update(skip_locked=True)
    rows = list(due.filter(due_at__lte=now).order_by("due_at", "incident_id")[:BATCH])
    if not rows:
        return 0
    loading.one_at_a_time()
    known = queries.facts([row.incident_id for row in rows])
    _save_traits(rows, known, now=now)
    counted = [row for row in rows if row.counts]
    for row in counted:
        _find_pairs(row, now=now)
    raise_patterns(incident_ids=[row.incident_id for row in counted], now=now)
    return len(rows)


def next_comparison_due() -> datetime | None:
    rows = IncidentTraits.objects.filter(due_at__isnull=False)
    found: datetime | None = rows.aggregate(at=Min("due_at"))["at"]
    return found


def _save_traits(rows: list[IncidentTraits], known: Mapping[int, Facts], *, now: datetime) -> None:
    for row in rows:
        traits = known[row.incident_id].traits
        row.counts, row.due_at, row.read_at = traits is not None, None, now
        row.heading = traits.heading if traits else ""
        for name in _TRAITS:
            setattr(row, name, sorted(getattr(traits, name, ())))
    names = [*_TRAITS, "heading", "counts", "due_at", "read_at"]
    IncidentTraits.objects.bulk_update(rows, names)
    Feature.objects.filter(traits__in=rows).delete()
    Feature.objects.bulk_create(
        Feature(traits=row, key=key, opened_at=row.opened_at)
        for row in rows
        if row.counts
        for key in feature_keys(traits_of(row))
    )
    gone = [row.incident_id for row in rows if not row.counts]
    if gone:
        private = [number for number in gone if known[number].view.is_private]
        Member.objects.filter(incident_id__in=private).delete()
        Member.objects.filter(incident_id__in=gone, is_confirmed=False).delete()
        Pair.objects.filter(Q(one_id__in=private) | Q(other_id__in=private)).delete()
        Neighbour.objects.filter(Q(one_id__in=gone) | Q(other_id__in=gone)).delete()
        for number in gone:
            _forget_others(number, [])
        drop_small(now=now)


def _find_pairs(row: IncidentTraits, *, now: datetime) -> None:
    """Keep the pairs of this incident that are alike enough; forget those that nobody judged."""
    mine = traits_of(row)
    read = read_of(row.incident_id)
    others = near(row.incident_id, mine, weigh_words(mine.words), besides=read)
    # all words of both sides are weighed, so that the score is the same whoever is first
    weigh = weigh_words(mine.words.union(*(other.words for other in others.values())))
    scores = {
        number: compare(mine, other, weigh=weigh, read=read.get(number))
        for number, other in others.items()
    }
    alike = sorted(
        (-score.value, -number) for number, score in scores.items() if score.value >= ENOUGH
    )
    best = [-number for _, number in alike[:MOST_PAIRS]]
    _forget_others(row.incident_id, best)
    Pair.objects.bulk_create(
        [_pair(row.incident_id, number, scores[number], now) for number in best],
        update_conflicts=True,
        unique_fields=["one", "other"],
        update_fields=["score", "parts"],
    )


def _forget_others(incident_id: int, kept: list[int]) -> None:
    undecided = Pair.objects.filter(verdict=Verdict.OPEN.value)
    undecided.filter(one_id=incident_id).exclude(other_id__in=kept).delete()
    undecided.filter(other_id=incident_id).exclude(one_id__in=kept).delete()


def _pair(incident_id: int, number: int, score: Score, now: datetime) -> Pair:
    return Pair(
        one_id=min(incident_id, number),
        other_id=max(incident_id, number),
        score=score.value,
        parts=parts_of(score),
        found_at=now,
    )


def parts_of(score: Score) -> list[dict[str, Any]]:
    """The parts as they are stored and shown."""
    return [_stored(part) for part in score.parts]


def _stored(part: PartScore) -> dict[str, Any]:
    told: dict[str, Any] = {
        "part": part.part.value,
        "value": part.value,
        "share": part.share,
        "shared": list(part.shared[:MOST_SHARED]),
    }
    if part.letters:
        told["letters"] = part.letters
    if part.read.cosine:
        told |= {"cosine": part.read.cosine, "telling": list(part.read.words)}
    return told
