"""What the gates say: the same answer for a page, a pipeline and the API."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from evenfall.releases import errors
from evenfall.releases.logic.answers import GateResult, Signed, closed, overall, used
from evenfall.releases.logic.facts import Facts
from evenfall.releases.logic.gates import ask_all
from evenfall.releases.logic.words import Verdict
from evenfall.releases.models import Passage, ReleaseException
from evenfall.releases.queries.facts import facts_of


class Answer(Struct, frozen=True, kw_only=True):
    """All gates of one passage. `used` are the exceptions without which it would not pass."""

    passage_id: int
    verdict: Verdict
    results: tuple[GateResult, ...]
    used: tuple[int, ...]
    facts: Facts

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(closed(self.results))

    @property
    def is_final(self) -> bool:
        """Whether somebody said no: waiting does not help."""
        return any(one.is_final and not one.exception for one in self.results)


def answer(passage_id: int, *, now: datetime) -> Answer:
    """Raises PassageNotFound."""
    found = answers([passage_id], now=now)
    if passage_id not in found:
        raise errors.PassageNotFound(passage=passage_id)
    return found[passage_id]


def kept_answers(passage_id: int) -> list[dict[str, Any]]:
    """What the gates said when they were asked last, as the API shows it."""
    row = Passage.objects.filter(id=passage_id).only("answers").first()
    return list(row.answers) if row else []


def answers(passage_ids: Collection[int], *, now: datetime) -> dict[int, Answer]:
    """What the gates say of each of these that exists; the same few queries for all."""
    rows = Passage.objects.select_related("release").filter(id__in=passage_ids)
    return answers_of(list(rows.order_by("id")), now=now)


def answers_of(rows: Sequence[Passage], *, now: datetime) -> dict[int, Answer]:
    """As `answers`, of rows that were read with their releases."""
    facts, signed = facts_of(rows, now=now), _signed(rows)
    return {row.pk: _answer(row, facts[row.pk], signed, now) for row in rows}


def _answer(
    row: Passage, facts: Facts, signed: Mapping[int, Sequence[Signed]], now: datetime
) -> Answer:
    mine = signed.get(row.pk, ())
    results = ask_all(facts, mine, now=now)
    return Answer(
        passage_id=row.pk,
        verdict=overall(results),
        results=tuple(results),
        used=tuple(used(results, mine, now=now)),
        facts=facts,
    )


def _signed(rows: Sequence[Passage]) -> dict[int, list[Signed]]:
    found: dict[int, list[Signed]] = {}
    exceptions = ReleaseException.objects.filter(passage__in=rows, is_signed=True)
    for one in exceptions.select_related("decided_by").order_by("id"):
        by = one.decided_by.name if one.decided_by else ""
        fact = Signed(
            id=one.pk,
            gates=frozenset(one.gates),
            expires_at=one.expires_at,
            words=f"Exception signed by {by}: {one.reason}",
        )
        found.setdefault(one.passage_id, []).append(fact)
    return found
