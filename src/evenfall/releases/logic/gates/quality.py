"""Did the pipelines say that it is good, and recently?"""

from datetime import datetime, timedelta

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import Facts, ResultFact
from evenfall.releases.logic.rules import Expected

NAME = "quality"


def ask(facts: Facts, now: datetime) -> GateResult:
    """A result that is missing, or too old, is unknown; a bad one that is not expected counts."""
    expected = {one.name: one for one in facts.rules.quality}
    shown = [_evidence(name, facts.results.get(name)) for name in {**expected, **facts.results}]
    bad = sorted(name for name, result in facts.results.items() if not result.is_good)
    if bad:
        return fails(
            NAME,
            f"{', '.join(bad)} failed.",
            *shown,
            change=f"Push a good result of {', '.join(bad)}.",
        )
    missing = [name for name in expected if name not in facts.results]
    old = [
        name
        for name, one in expected.items()
        if name in facts.results and _is_old(one, facts.results[name], now)
    ]
    if missing or old:
        said = [f"{name} is missing" for name in missing] + [f"{name} is too old" for name in old]
        names = ", ".join([*missing, *old])
        return unknown(NAME, f"{', '.join(said)}.", *shown, change=f"Push a new result of {names}.")
    if not expected:
        return passes(NAME, "No result is expected, and none is bad.", *shown)
    return passes(NAME, "All expected results are good.", *shown)


def _is_old(expected: Expected, result: ResultFact, now: datetime) -> bool:
    """Zero hours: any age will do."""
    age = now - result.measured_at
    return expected.fresh_hours > 0 and age > timedelta(hours=expected.fresh_hours)


def _evidence(name: str, result: ResultFact | None) -> Evidence:
    if result is None:
        return Evidence(text=f"{name}: no result")
    word = "good" if result.is_good else "bad"
    more = f", {result.text}" if result.text else ""
    at = f"{result.measured_at:%Y-%m-%d %H:%M} UTC"
    return Evidence(text=f"{name}: {word}{more} ({at})", href=result.link)
