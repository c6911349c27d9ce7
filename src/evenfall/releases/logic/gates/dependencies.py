"""Does everything that it needs run there, in the version that it needs?"""

from collections.abc import Iterable
from datetime import datetime

from evenfall.releases.logic.answers import Evidence, GateResult, fails, passes, unknown
from evenfall.releases.logic.facts import Facts, NeedFact
from evenfall.releases.logic.versions import compare
from evenfall.releases.logic.words import Verdict

NAME = "dependencies"


def ask(facts: Facts, _now: datetime) -> GateResult:
    if not facts.needs:
        return passes(NAME, "It needs no other version and follows no other release.")
    judged = [(one, _judged(one)) for one in facts.needs]
    shown = [_evidence(one) for one in facts.needs]
    early = [one for one, verdict in judged if verdict is Verdict.FAIL]
    if early:
        return fails(
            NAME,
            f"{early[0].name} must go first.",
            *shown,
            change=_together(
                f"Deploy {one.name} {one.at_least} to {facts.stage}." for one in early
            ),
        )
    dark = [one for one, verdict in judged if verdict is Verdict.UNKNOWN]
    if dark:
        return unknown(
            NAME,
            f"Nobody can say whether {dark[0].name} is recent enough.",
            *shown,
            change=_together(f"Report which version of {one.name} runs there." for one in dark),
        )
    return passes(NAME, "What it needs runs there.", *shown)


def _together(sentences: Iterable[str]) -> str:
    """Each once: what is needed may go with the same train."""
    return " ".join(dict.fromkeys(sentences))


def _judged(need: NeedFact) -> Verdict:
    if not need.running:
        # a release of the same train that did not go yet is known to be missing
        return Verdict.FAIL if need.why == "train" else Verdict.UNKNOWN
    order = compare(need.running, need.at_least)
    if order is None:
        return Verdict.UNKNOWN
    return Verdict.PASS if order >= 0 else Verdict.FAIL


def _evidence(need: NeedFact) -> Evidence:
    running = f"{need.running} runs" if need.running else "nobody told what runs"
    because = ", before it in the train" if need.why == "train" else ""
    return Evidence(text=f"{need.name} {need.at_least}{because}: {running}", href=need.href)
