"""The part that touches other systems: no database here, a time limit, and no secret in what is
said.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from evenfall.platform.errors import DomainError
from evenfall.platform.http import OutgoingFailed, outgoing
from evenfall.platform.logs import get_logger
from evenfall.runbooks import ports
from evenfall.runbooks.logic.expecting import Compare, Expected, judge
from evenfall.runbooks.logic.moves import Do
from evenfall.runbooks.logic.scrubbing import scrubbed
from evenfall.runbooks.ports import StepKind, StepResult

GIVE_UP_AFTER_S: Final = 2.0
TEST_LIMIT_S: Final = 10.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a worker shall do outside of any transaction; everything that it needs to know.

    `attempt` is given back with the answer, so that one that comes too late is known as such.
    """

    step_run_id: int
    attempt: int
    do: Do
    kind: str
    settings: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    memory: Mapping[str, str] = field(repr=False)
    test_kind: str
    test: Mapping[str, str] = field(repr=False)
    time_limit_s: float
    is_dry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`result` is None where an undo has no way back, and where it was given up (`gave_up`)."""

    result: StepResult | None = field(repr=False)
    gave_up: bool = False


def perform(errand: Errand) -> Answer:
    """Do it; returns soon after the time limit, whatever the kind does. Never raises."""
    answers: list[StepResult | None] = []

    def work() -> None:
        answers.append(_caught(errand))

    # a thread of its own: one that never comes back must not keep the lane
    thread = threading.Thread(target=work, name=f"step {errand.step_run_id}", daemon=True)
    thread.start()
    thread.join(errand.time_limit_s + GIVE_UP_AFTER_S)
    if not answers:
        return Answer(result=None, gave_up=True)
    result = answers[0]
    return Answer(result=None if result is None else _clean(errand, result))


def _caught(errand: Errand) -> StepResult | None:
    try:
        return _done(errand)
    except DomainError as error:
        return StepResult(ok=False, log=error.message)
    except Exception as error:  # noqa: BLE001 - a kind is somebody else's code
        # only its name: the words of an error may hold what the settings hold
        log.error("a step failed inside", kind=errand.kind, error=type(error).__name__)  # noqa: TRY400 - see above
        return StepResult(ok=False, log=f"The step failed inside: {type(error).__name__}.")


def _done(errand: Errand) -> StepResult | None:
    if errand.do is Do.TEST and errand.test_kind == "http":
        return _ask(errand)
    kind = ports.step_kind(errand.kind)
    if kind is None:
        return StepResult(ok=False, log="This installation does not offer this kind of step.")
    return _acts(errand, kind)()


def _acts(errand: Errand, kind: StepKind) -> Callable[[], StepResult | None]:
    settings = {**errand.settings, **errand.secrets}
    limit = errand.time_limit_s
    if errand.do is Do.TEST:
        condition = errand.test.get("condition", "")
        return lambda: kind.test(condition, settings, errand.memory, time_limit_s=limit)
    if errand.do is Do.UNDO:
        return lambda: kind.undo(settings, errand.memory, time_limit_s=limit)
    if errand.is_dry:
        return lambda: kind.dry_run(settings, time_limit_s=limit)
    return lambda: kind.run(settings, time_limit_s=limit)


def _ask(errand: Errand) -> StepResult:
    """The success test over HTTP."""
    test, secret = errand.test, errand.secrets.get("test:authorization", "")
    headers = {"Authorization": secret} if secret else {}
    expected = Expected(
        status=test.get("status", ""),
        text=test.get("text", ""),
        path=test.get("path", ""),
        compare=Compare(test.get("compare") or Compare.IS),
        value=test.get("value", ""),
    )
    try:
        answer = asyncio.run(
            outgoing.get(test.get("url", ""), headers=headers, timeout_s=errand.time_limit_s)
        )
    except OutgoingFailed as error:
        return StepResult(ok=False, log=error.message)
    verdict = judge(expected, answer.status, answer.body)
    return StepResult(ok=verdict.holds, log=verdict.reason)


def _clean(errand: Errand, result: StepResult) -> StepResult:
    memory = {str(name): str(value) for name, value in result.memory.items()}
    if len(json.dumps(memory)) > 100_000:  # noqa: PLR2004 - what a row may hold
        memory = {}
    said = scrubbed(result.log, errand.secrets.values())
    return StepResult(ok=result.ok, log=said, memory=memory)
