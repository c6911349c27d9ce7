"""What a gate answers, and what all of them say together."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from evenfall.releases.logic.words import Verdict

NO_EXCEPTION: Final = frozenset({"stop"})
"""Gates that nobody is let through: the button is lifted, or it stays."""


class Evidence(Struct, frozen=True, kw_only=True):
    """Something that the answer rests on; `href` is where to look, "" for nowhere."""

    text: str
    href: str = ""


class GateResult(Struct, frozen=True, kw_only=True):
    """The answer of one gate.

    `change` says what would change it, "" for one that passes. `opens_at`: it passes then by
    itself. `is_final`: no waiting helps. `exception`: who let the release through it although it
    does not pass, "" for nobody.
    """

    name: str
    verdict: Verdict
    why: str
    evidence: tuple[Evidence, ...] = ()
    change: str = ""
    opens_at: datetime | None = None
    is_final: bool = False
    exception: str = ""

    @property
    def counts(self) -> Verdict:
        """What it counts for in the whole."""
        return Verdict.PASS if self.exception else self.verdict


class Signed(Struct, frozen=True, kw_only=True):
    """A signed exception: `words` name who signed and why."""

    id: int
    gates: frozenset[str]
    expires_at: datetime
    words: str


def overall(results: Collection[GateResult]) -> Verdict:
    """Fail beats unknown, unknown beats pass; no answer at all is unknown."""
    said = {result.counts for result in results}
    if Verdict.FAIL in said:
        return Verdict.FAIL
    return Verdict.PASS if said == {Verdict.PASS} else Verdict.UNKNOWN


def closed(results: Collection[GateResult]) -> list[str]:
    """The names of those that do not let it through."""
    return [result.name for result in results if result.counts is not Verdict.PASS]


def excepted(
    results: Sequence[GateResult], signed: Sequence[Signed], *, now: datetime
) -> list[GateResult]:
    """The same answers, where those that do not pass name the exception that counts for them."""
    return [_excepted(result, signed, now) for result in results]


def used(results: Sequence[GateResult], signed: Sequence[Signed], *, now: datetime) -> list[int]:
    """The exceptions without which a gate would have held the release."""
    names = {one.name for one in results if one.verdict is not Verdict.PASS}
    return [one.id for one in signed if one.expires_at > now and one.gates & names - NO_EXCEPTION]


def _excepted(result: GateResult, signed: Sequence[Signed], now: datetime) -> GateResult:
    if result.verdict is Verdict.PASS or result.name in NO_EXCEPTION:
        return result
    for one in signed:
        if result.name in one.gates and one.expires_at > now:
            return replace(result, exception=one.words)
    return result


def passes(name: str, why: str, *evidence: Evidence) -> GateResult:
    return GateResult(name=name, verdict=Verdict.PASS, why=why, evidence=evidence)


def fails(
    name: str,
    why: str,
    *evidence: Evidence,
    change: str,
    opens_at: datetime | None = None,
    is_final: bool = False,
) -> GateResult:
    return GateResult(
        name=name,
        verdict=Verdict.FAIL,
        why=why,
        evidence=evidence,
        change=change,
        opens_at=opens_at,
        is_final=is_final,
    )


def unknown(name: str, why: str, *evidence: Evidence, change: str) -> GateResult:
    return GateResult(name=name, verdict=Verdict.UNKNOWN, why=why, evidence=evidence, change=change)
