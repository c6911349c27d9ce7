"""What the registered lanes say, and whether anything may go forward now."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.platform.logs import get_logger
from evenfall.releases import queries as releases_queries
from evenfall.rollouts import ports
from evenfall.rollouts.actions.claiming import Errand
from evenfall.rollouts.logic.verdicts import Outcome, Verdict
from evenfall.rollouts.ports import About, Judge, Question

log = get_logger(__name__)


def look_around(errand: Errand, *, now: datetime) -> tuple[list[Verdict], str]:
    """The verdicts of the lanes, and why nothing may go forward ("" where it may)."""
    question = errand.question
    closed = _closed(errand.about, now)
    if question is None:
        return [], closed
    found = [verdict for judge in ports.judges() for verdict in _asked(judge, question, now)]
    return found, closed


def _closed(about: About, now: datetime) -> str:
    """A stop button of the releases, or what a brake says."""
    stop = releases_queries.stopped([about.service_id]).get(about.service_id)
    if stop is not None:
        return f"Everything is stopped: {stop.reason}"
    return next((said for brake in ports.brakes() if (said := brake(about, now=now))), "")


def _asked(judge: Judge, question: Question, now: datetime) -> Sequence[Verdict]:
    """A lane that fails inside has no data: it neither passes nor turns anything back."""
    try:
        return judge(question, now=now)
    except Exception:
        log.exception("a lane of the analysis failed", rollout=question.rollout_id)
        return [Verdict(outcome=Outcome.NO_DATA, reason="A lane failed inside.", lane="failed")]
