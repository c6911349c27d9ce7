"""What the registered lanes say, and whether anything may go forward now."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.platform.logs import get_logger
from evenfall.rollouts import ports
from evenfall.rollouts.actions.claiming import Errand
from evenfall.rollouts.logic.verdicts import Outcome, Verdict
from evenfall.rollouts.ports import Judge, Question

log = get_logger(__name__)


def look_around(errand: Errand, *, now: datetime) -> tuple[list[Verdict], str]:
    """The verdicts of the lanes, and why nothing may go forward ("" where it may)."""
    question = errand.question
    closed = next((said for brake in ports.brakes() if (said := brake(errand.about, now=now))), "")
    if question is None:
        return [], closed
    found = [verdict for judge in ports.judges() for verdict in _asked(judge, question, now)]
    return found, closed


def _asked(judge: Judge, question: Question, now: datetime) -> Sequence[Verdict]:
    """A lane that fails inside has no data: it neither passes nor turns anything back."""
    try:
        return judge(question, now=now)
    except Exception:
        log.exception("a lane of the analysis failed", rollout=question.rollout_id)
        return [Verdict(outcome=Outcome.NO_DATA, reason="A lane failed inside.", lane="failed")]
